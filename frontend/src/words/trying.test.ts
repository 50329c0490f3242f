import { describe, expect, it } from "vitest";
import { snapshot } from "../state/snapshot.fixture";
import { forgetTried, keepTried, tried } from "../state/tried";
import { prepared, STEPS, stepOf, suggestion } from "./trying";

describe("words that stand ready", () => {
  it("move the prepared text by an hour, and add to any other", () => {
    expect(suggestion("body", prepared().body)).toMatch(/^From 13 to 15 the shared room/);
    expect(suggestion("body", "We sing at noon.")).toMatch(/^We sing at noon\.\n\n./);
  });

  it("stand in every other box", () => {
    for (const box of ["answer", "heard", "note", "to"] as const) expect(suggestion(box)).not.toBe("");
  });
});

describe("the guide", () => {
  it("says of every phase where one is, what to do and why", () => {
    const phases = ["clarifying", "reaction", "tuning", "consent", "revising", "adopted", "withdrawn"] as const;
    for (const revision of [1, 2]) {
      const steps = phases.map((phase) => stepOf({ ...snapshot(), phase, revision }, "me"));
      for (const step of steps) expect(step.what && step.why).toBeTruthy();
      expect(steps.every((step) => step.n >= 1 && step.n <= STEPS)).toBe(true);
    }
  });
});

describe("what somebody tried", () => {
  it("is kept for a team of their own until it is used", () => {
    expect(tried()).toBeNull();
    keepTried(prepared());
    expect(tried()).toEqual(prepared());
    forgetTried();
    expect(tried()).toBeNull();
  });

  it("is nothing where something else stands in its place", () => {
    localStorage.setItem("rondo:tried", '{"title": 1}');
    expect(tried()).toBeNull();
  });
});
