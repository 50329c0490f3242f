import { describe, expect, it } from "vitest";
import { calm, duration, minutes, overWords } from "./clock";

describe("the time of a turn", () => {
  it("changes at most once in five seconds while there is plenty", () => {
    const shown = Array.from({ length: 110 }, (_one, i) => calm(120 - i));
    expect(new Set(shown.slice(0, 110)).size).toBeLessThanOrEqual(23);
    expect(calm(84)).toBe(85);
    expect(calm(85)).toBe(85);
  });

  it("counts each of the last ten seconds", () => {
    expect([10, 9.4, 8.9, 1, 0.2, 0].map(calm)).toEqual([10, 10, 9, 1, 1, 0]);
  });

  it("says in words, and calmly, how long what is over", () => {
    expect([-1, -4, -7, -63].map((left) => overWords(-calm(left), "turn"))).toEqual([
      "The time of this turn is over.",
      "The time of this turn is over.",
      "5 seconds over the time of this turn.",
      "1 minute over the time of this turn.",
    ]);
    expect([-1, -63].map((left) => overWords(-calm(left), "item"))).toEqual([
      "The time planned for this item is over.",
      "1 minute over the time planned for this item.",
    ]);
  });

  it("reads as a clock, or as words", () => {
    expect(minutes(85)).toBe("1:25");
    expect(minutes(5)).toBe("0:05");
    expect(duration(80)).toBe("1 minute 20 seconds");
    expect(duration(120)).toBe("2 minutes");
  });
});
