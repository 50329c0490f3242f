import { beforeEach, describe, expect, it } from "vitest";
import { afterBreath, neverAgain, offersBreath } from "./breath";

const at = "2026-11-26T10:00:00Z";
const minutes = (n: number) => Date.parse(at) + n * 60_000;

describe("a breath before the answer", () => {
  beforeEach(() => localStorage.clear());

  it("is offered within two minutes of the objection, and not after", () => {
    expect(offersBreath(at, minutes(1))).toBe(true);
    expect(offersBreath(at, minutes(2))).toBe(false);
  });

  it("is never offered again to whoever does not want it", () => {
    neverAgain();
    expect(offersBreath(at, minutes(1))).toBe(false);
  });

  it("lasts ten minutes", () => {
    expect(afterBreath(minutes(0))).toBe(minutes(10));
  });
});
