import { describe, expect, it } from "vitest";
import { differences as between, type Change } from "./differences";

const old = (changes: Change[]) =>
  changes
    .filter((one) => !one.added)
    .map((one) => one.value)
    .join("");
const now = (changes: Change[]) =>
  changes
    .filter((one) => !one.removed)
    .map((one) => one.value)
    .join("");

describe("differences", () => {
  it("puts a rewritten sentence together, not interleaved word for word", () => {
    const changes = between(
      "What comes up waits for the next planning.",
      "Whoever is on call decides what is such a fault.",
    );
    expect(changes.filter((one) => one.added || one.removed)).toHaveLength(2);
  });

  it("leaves a single inserted sentence as the only change", () => {
    const changes = between("We merge daily. Pia keeps a list.", "We merge daily. Payments waits. Pia keeps a list.");
    expect(changes.filter((one) => one.added).map((one) => one.value.trim())).toEqual(["Payments waits."]);
    expect(changes.some((one) => one.removed)).toBe(false);
  });

  it("never changes either text", () => {
    const texts = [
      ["", "a"],
      ["a b c d e f", "a x c y e z"],
      ["one\n\ntwo three", "one\n\nTwo three four"],
      ["alpha beta gamma", "gamma beta alpha"],
      ["日本語 の 文", "日本語 と 文"],
    ] as const;
    for (const [before, after] of texts) {
      expect(old(between(before, after))).toBe(before);
      expect(now(between(before, after))).toBe(after);
    }
  });

  it("compares whole words and numbers in any script", () => {
    const told = (changes: Change[]) => changes.map((one) => [one.added ? "+" : one.removed ? "-" : "", one.value]);
    expect(told(between("من الساعة ١٢ إلى الساعة", "من الساعة ١٣ إلى الساعة"))).toEqual([
      ["", "من الساعة "],
      ["-", "١٢"],
      ["+", "١٣"],
      ["", " إلى الساعة"],
    ]);
    expect(told(between("Мы решаем вместе всё это", "Мы решали вместе всё это"))).toEqual([
      ["", "Мы "],
      ["-", "решаем"],
      ["+", "решали"],
      ["", " вместе всё это"],
    ]);
  });

  it("keeps paragraphs apart", () => {
    const changes = between("old one\n\nold two", "new one\n\nnew two");
    expect(changes.some((one) => !one.added && !one.removed && one.value.includes("\n"))).toBe(true);
  });
});
