import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { check, Unreadable, type Fault } from "../state/verify/journal";
import { receiptIn, shortForm, standingOf } from "../state/verify/receipt";
import { faultLine } from "./faults";

interface Vector {
  name: string;
  text: string;
  readable: boolean;
  faults: string[];
  hidden: number;
  hashes: string[];
  receipts: Record<string, boolean>;
}

const vectors = JSON.parse(readFileSync("../tests/tools/vectors.json", "utf-8")) as Vector[];
const ID = "7h2k9d4m7h2k9d4m";

beforeAll(() => {
  if (!globalThis.crypto?.subtle) vi.stubGlobal("crypto", webcrypto);
});

describe("what the Python verifier finds in a journal, this one finds too, in the same words", () => {
  it.each(vectors.filter((one) => one.readable))("$name", async (vector) => {
    const found = await check(vector.text);
    expect(found.faults.map((fault: Fault) => faultLine(fault))).toEqual(vector.faults);
    expect(found.entries.map((entry) => entry.actual)).toEqual(vector.hashes);
    expect(found.hidden).toBe(vector.hidden);
    for (const [noted, fits] of Object.entries(vector.receipts)) {
      const [seq = "", beginning = ""] = noted.split(":");
      const standing = standingOf({ proposal: null, seq: BigInt(seq), beginning }, found);
      expect(standing.kind === "stands", noted).toBe(fits);
    }
  });

  it.each(vectors.filter((one) => !one.readable))("is none: $name", async (vector) => {
    await expect(check(vector.text)).rejects.toBeInstanceOf(Unreadable);
  });

  it("is none: too deep", async () => {
    await expect(check("[".repeat(100_000))).rejects.toBeInstanceOf(Unreadable);
  });
});

describe("a receipt", () => {
  const sound = vectors.find((one) => one.name === "sound")?.text ?? "";

  it("is found in what somebody pasted, in each of its forms", () => {
    const hash = "7f3a91c2".repeat(4);
    const long = { proposal: ID, seq: 12n, beginning: hash };
    expect(receiptIn(`Recorded 14:02 · rondo:${ID.toUpperCase()}:12:${hash}.`)).toEqual(long);
    expect(receiptIn(`12:${hash}`)).toEqual({ ...long, proposal: null });
    expect(receiptIn("Recorded 14:02 · receipt 7f3a-91c2")).toEqual({
      proposal: null,
      seq: null,
      beginning: "7f3a91c2",
    });
    expect(receiptIn("14:02, nothing else")).toBeNull();
    expect(shortForm(`rondo:${ID}:12:${hash}`)).toBe("7f3a-91c2");
  });

  it("stands in its short form too, and shows the words that were recorded", async () => {
    const journal = await check(sound);
    const hash = journal.entries[3]?.hash ?? "";
    const standing = standingOf({ proposal: null, seq: null, beginning: hash.slice(0, 8) }, journal);
    expect(standing.kind).toBe("stands");
    expect(standing.kind === "stands" && standing.entry.words).toEqual([{ path: "reason", text: "It harms us" }]);
  });

  it("does not stand in an entry that only says it has this hash", async () => {
    const journal = await check(vectors.find((one) => one.name === "changed_kind")?.text ?? "");
    const beginning = journal.entries[3]?.hash.slice(0, 32) ?? "";
    expect(standingOf({ proposal: null, seq: 4n, beginning }, journal).kind).toBe("other-hash");
  });

  it("of another proposal does not stand here", async () => {
    const journal = await check(sound);
    const beginning = journal.entries[3]?.hash ?? "";
    expect(standingOf({ proposal: "other", seq: 4n, beginning }, journal).kind).toBe("other-proposal");
    expect(standingOf({ proposal: null, seq: 99n, beginning }, journal).kind).toBe("no-entry");
  });
});
