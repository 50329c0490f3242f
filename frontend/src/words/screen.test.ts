import { describe, expect, it } from "vitest";
import type { Snapshot } from "../api/types";
import { snapshot } from "../state/snapshot.fixture";
import { alsoAwaited, countedAnswers, screenLine } from "./screen";

const meeting = (changes: Partial<Snapshot["room"]> = {}): Snapshot => {
  const room = { present: ["fay", "max"], order: ["max", "fay"], speaker: "max", paused: false, ...changes };
  return snapshot({ room: room as NonNullable<Snapshot["room"]> });
};

const answered = (...kinds: string[]): Snapshot => {
  const given = kinds.map((kind, i) => [
    `a${i}`,
    { round: "c1", by: `p${i}`, at: `2026-11-21T14:0${i}:00.000Z`, kind },
  ]);
  return snapshot({ responses: Object.fromEntries(given) as Snapshot["responses"] });
};

describe("the line of a screen", () => {
  it("names the speaker and who comes next, and says you to nobody", () => {
    expect(screenLine(meeting())).toEqual({ text: "Max is speaking.", more: "Next: Fay." });
  });

  it("names whom the round waits for where nobody meets", () => {
    expect(screenLine(snapshot()).text).toMatch(/^Waiting for /);
  });

  it("says until when there is a time-out, before anything else", () => {
    const line = screenLine(meeting({ paused: true, paused_until: "2026-11-21T14:20:00.000Z" }));
    expect(line.text).toBe("Time-out.");
    expect(line.more).toContain("The round goes on at");
  });

  it("says that everyone is heard, and who goes on", () => {
    const s = meeting({ speaker: null });
    const heard = Object.fromEntries(Object.entries(s.participants).map(([who, p]) => [who, { ...p, awaited: false }]));
    expect(screenLine({ ...s, participants: heard })).toEqual({
      text: "Everyone is heard.",
      more: "Fay goes on next.",
    });
  });

  it("adds those who are awaited elsewhere, and none that it has named", () => {
    expect(alsoAwaited(meeting())).toBe("");
    expect(alsoAwaited(meeting({ present: ["max"], order: ["max"] }))).toBe("Also awaited: Fay.");
    expect(alsoAwaited(snapshot())).toBe("");
  });
});

describe("the result of a consent round", () => {
  it("is said in words", () => {
    expect(countedAnswers(answered("consent", "consent", "objection"), "c1")).toBe("2 consents, 1 objection");
    expect(countedAnswers(answered("consent", "concern"), "c1")).toBe("1 consent, 1 consent with a concern");
  });

  it("leaves out what nobody said", () => {
    expect(countedAnswers(answered("objection", "objection"), "c1")).toBe("2 objections");
    expect(countedAnswers(answered(), "c1")).toBe("");
  });
});
