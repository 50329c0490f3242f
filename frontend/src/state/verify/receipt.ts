/** Receipts as people paste them, and whether one stands in a journal. */
import type { Checked, Entry } from "./journal";

export interface Receipt {
  /** Null in the short form, and where only a number and a hash were noted. */
  proposal: string | null;
  seq: bigint | null;
  beginning: string;
}

const LONG = /rondo:([0-9a-z]+):([0-9]{1,9}):([0-9a-f]{8,64})/;
const NUMBERED = /(?:^|\s)([0-9]{1,9}):\s*([0-9a-f]{8,64})(?:\s|$)/;
const SHORT = /(?:^|[^0-9a-f])([0-9a-f]{4})-([0-9a-f]{4})(?:[^0-9a-f-]|$)/;

/** The receipt in a text, in its long form before its short one; null where there is none. */
export function receiptIn(text: string): Receipt | null {
  const given = text.toLowerCase();
  const long = LONG.exec(given);
  if (long) return { proposal: long[1] ?? "", seq: BigInt(long[2] ?? 0), beginning: long[3] ?? "" };
  const numbered = NUMBERED.exec(given);
  if (numbered) return { proposal: null, seq: BigInt(numbered[1] ?? 0), beginning: numbered[2] ?? "" };
  const short = SHORT.exec(given);
  return short ? { proposal: null, seq: null, beginning: `${short[1]}${short[2]}` } : null;
}

/** The short form, to read aloud: 7f3a-91c2. */
export function shortForm(receipt: string): string {
  const hash = receipt.slice(receipt.lastIndexOf(":") + 1);
  return `${hash.slice(0, 4)}-${hash.slice(4, 8)}`;
}

export type Standing =
  | { kind: "stands"; entry: Entry }
  | { kind: "other-proposal" }
  | { kind: "no-entry" }
  | { kind: "other-hash"; entry: Entry };

/** Whether a journal holds the entry of a receipt, as what it holds now really is and not as it says it is. */
export function standingOf(receipt: Receipt, journal: Checked): Standing {
  if (receipt.proposal !== null && receipt.proposal !== journal.proposal) return { kind: "other-proposal" };
  const fits = (entry: Entry) => entry.actual.startsWith(receipt.beginning);
  const candidates = journal.entries.filter((entry) => receipt.seq === null || entry.seq === receipt.seq);
  const entry = candidates.find(fits);
  if (entry && (receipt.seq === null || candidates.every(fits))) return { kind: "stands", entry };
  const other = candidates[0];
  return other && receipt.seq !== null ? { kind: "other-hash", entry: other } : { kind: "no-entry" };
}
