/**
 * Verifies an exported journal in the browser, with nothing but the file: what `tools/verify_journal.py` does, in the
 * same order, measured by the same examples (`tests/tools/vectors.json`).
 */
import { byCodePoint, bytes, canonical, NotJson, read, type Fields, type Value } from "./json";

export const FORMAT = "rondo-journal-1";
const START = "0".repeat(64);
const HASHED = ["seq", "event", "at", "by", "via", "data", "prev"];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SALT = /^[0-9a-f]{32}$/;

export interface Kept {
  path: string;
  text: string;
}

export interface Entry {
  seq: bigint;
  event: string;
  at: string;
  by: string | null;
  prev: string;
  /** The hash that stands beside the entry. */
  hash: string;
  /** The hash that its content has. */
  actual: string;
  /** The words that belong to it and are those that were recorded. */
  words: Kept[];
  /** How many recorded texts are not in the file: erased, or sealed. */
  hidden: number;
  faults: Fault[];
}

type Named = { seq: bigint; event: string };

/** What is wrong, with what is needed to say it. */
export type Fault =
  | { kind: "missing"; before: bigint; from: bigint; to: bigint }
  | { kind: "order"; seq: bigint; after: bigint }
  | ({ kind: "follows"; before: bigint } & Named)
  | ({ kind: "changed" } & Named)
  | ({ kind: "time"; at: string } & Named)
  | ({ kind: "beside"; names: string[] } & Named)
  | ({ kind: "text"; path: string } & Named)
  | ({ kind: "stray-text"; path: string } & Named)
  | { kind: "cut"; head: bigint; last: bigint }
  | { kind: "longer"; head: bigint; last: bigint }
  | { kind: "head"; last: bigint };

export interface Checked {
  proposal: string;
  head: { seq: bigint; hash: string };
  entries: Entry[];
  faults: Fault[];
  hidden: number;
}

/** The file is not an exported journal. */
export class Unreadable extends Error {}

async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads a document and says everything that is wrong with it. */
export async function check(text: string): Promise<Checked> {
  const document = readDocument(text);
  const entries: Entry[] = [];
  const faults = numbers(document.entries.map((entry) => entry.get("seq") as bigint));
  let prev = START;
  let before = 0n;
  for (const fields of document.entries) {
    const entry = await checkEntry(document.proposal, fields, prev, before);
    entries.push(entry);
    faults.push(...entry.faults);
    prev = entry.hash;
    before = entry.seq;
  }
  faults.push(...atTheHead(document.head, before, prev));
  const hidden = entries.reduce((sum, entry) => sum + entry.hidden, 0);
  return { proposal: document.proposal, head: document.head, entries, faults, hidden };
}

// -- reading ----------------------------------------------------------------------------------------------------

interface Document {
  proposal: string;
  head: { seq: bigint; hash: string };
  entries: Fields[];
}

function readDocument(text: string): Document {
  let document: Value;
  try {
    document = read(text);
  } catch (error) {
    if (error instanceof NotJson) throw new Unreadable(error.message);
    throw error;
  }
  if (!(document instanceof Map) || document.get("format") !== FORMAT) throw new Unreadable("format");
  const [proposal, head, entries] = [document.get("proposal"), document.get("head"), document.get("entries")];
  if (typeof proposal !== "string" || !Array.isArray(entries)) throw new Unreadable("entries");
  if (!(head instanceof Map)) throw new Unreadable("head");
  const [seq, hash] = [head.get("seq"), head.get("hash")];
  if (typeof seq !== "bigint" || typeof hash !== "string") throw new Unreadable("head");
  return { proposal, head: { seq, hash }, entries: entries.map(shaped) };
}

const isText = (value: Value | undefined) => typeof value === "string";
const SHAPE: [string, (value: Value | undefined) => boolean][] = [
  ["seq", (value) => typeof value === "bigint"],
  ["event", isText],
  ["at", isText],
  ["by", (value) => value === null || isText(value)],
  ["via", (value) => value === null || isText(value)],
  ["data", (value) => value instanceof Map],
  ["prev", isText],
  ["hash", isText],
  ["texts", (value) => value instanceof Map && [...value.values()].every(isSaltedText)],
];

function isSaltedText(value: Value): boolean {
  return value instanceof Map && isText(value.get("salt")) && isText(value.get("text"));
}

function shaped(entry: Value, index: number): Fields {
  if (!(entry instanceof Map)) throw new Unreadable(`entry ${index + 1}`);
  const missing = SHAPE.find(([name, fits]) => !fits(entry.get(name)));
  if (missing) throw new Unreadable(`entry ${index + 1}: ${missing[0]}`);
  return entry;
}

// -- checking ---------------------------------------------------------------------------------------------------

/** The numbers run 1, 2, 3 … without a gap, a repeat or a jump back. */
function numbers(seen: bigint[]): Fault[] {
  const found: Fault[] = [];
  let last = 0n;
  for (const seq of seen) {
    if (seq > last + 1n) found.push({ kind: "missing", before: seq, from: last + 1n, to: seq - 1n });
    else if (seq <= last) found.push({ kind: "order", seq, after: last });
    if (seq > last) last = seq;
  }
  return found;
}

async function checkEntry(proposal: string, fields: Fields, prev: string, before: bigint): Promise<Entry> {
  const content: Fields = new Map(HASHED.map((name) => [name, fields.get(name) as Value]));
  const actual = await sha256(bytes(canonical(content.set("proposal", proposal))));
  const entry: Entry = {
    seq: fields.get("seq") as bigint,
    event: fields.get("event") as string,
    at: fields.get("at") as string,
    by: fields.get("by") as string | null,
    prev: fields.get("prev") as string,
    hash: fields.get("hash") as string,
    actual,
    words: [],
    hidden: 0,
    faults: [],
  };
  const named = { seq: entry.seq, event: entry.event };
  if (entry.prev !== prev) entry.faults.push({ kind: "follows", before, ...named });
  if (entry.hash !== actual) entry.faults.push({ kind: "changed", ...named });
  if (!TIME.test(entry.at)) entry.faults.push({ kind: "time", at: entry.at, ...named });
  const beside = [...fields.keys()].filter((name) => ![...HASHED, "hash", "texts"].includes(name)).sort(byCodePoint);
  if (beside.length) entry.faults.push({ kind: "beside", names: beside, ...named });
  await checkTexts(entry, fields);
  return entry;
}

async function checkTexts(entry: Entry, fields: Fields): Promise<void> {
  const committed = new Map(commitments(fields.get("data") as Fields));
  const texts = fields.get("texts") as Map<string, Fields>;
  const named = { seq: entry.seq, event: entry.event };
  for (const path of [...texts.keys()].sort(byCodePoint)) {
    const kept = texts.get(path) as Fields;
    const expected = committed.get(path);
    if (expected === undefined) entry.faults.push({ kind: "stray-text", path, ...named });
    else if ((await commitment(kept)) !== expected) entry.faults.push({ kind: "text", path, ...named });
    else entry.words.push({ path, text: kept.get("text") as string });
  }
  entry.hidden = [...committed.keys()].filter((path) => !texts.has(path)).length;
}

/** Every salted commitment in an entry's data: its dotted path and what it commits to. */
function commitments(data: Value, path: string[] = []): [string, string][] {
  if (data instanceof Map) {
    const sole = data.size === 1 ? data.get("sha256") : undefined;
    if (typeof sole === "string") return [[path.join("."), sole]];
    return [...data].flatMap(([name, value]) => commitments(value, [...path, name]));
  }
  if (Array.isArray(data)) return data.flatMap((value, i) => commitments(value, [...path, String(i)]));
  return [];
}

/** What stands in the chain for a text; nothing where the salt is none. */
async function commitment(kept: Fields): Promise<string> {
  const salt = kept.get("salt") as string;
  if (!SALT.test(salt)) return "";
  const salted = Uint8Array.from(salt.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const words = bytes(kept.get("text") as string);
  const whole = new Uint8Array(salted.length + words.length);
  whole.set(salted);
  whole.set(words, salted.length);
  return sha256(whole);
}

function atTheHead(head: Document["head"], last: bigint, hash: string): Fault[] {
  if (head.seq > last) return [{ kind: "cut", head: head.seq, last }];
  if (head.seq < last) return [{ kind: "longer", head: head.seq, last }];
  return head.hash === hash ? [] : [{ kind: "head", last }];
}
