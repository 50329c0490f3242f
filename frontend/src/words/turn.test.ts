import { describe, expect, it } from "vitest";
import type { Objection, Participant, Phase } from "../api/types";
import { snapshot } from "../state/snapshot.fixture";
import { when } from ".";
import { placeOf, turnLine } from "./turn";

const objection = (changes: Partial<Objection> = {}): Objection => ({
  response: "x1",
  by: "max",
  revision: 1,
  reason: "Payments has no fast suite.",
  suggestion: null,
  at: "2026-11-21T14:00:00.000Z",
  status: "standing",
  restatement: null,
  confirmed: null,
  correction: null,
  answer: null,
  answered_in: null,
  ...changes,
});

const phases: Phase[] = ["draft", "clarifying", "reaction", "tuning", "consent", "revising", "adopted", "withdrawn"];
const readers = ["pia", "fay", "max", "obi"];

describe("the turn line", () => {
  it.each(phases.flatMap((phase) => readers.map((who) => [phase, who] as const)))(
    "says in %s to %s what is asked, in at most 14 words",
    (phase, who) => {
      const s = snapshot({ phase, adopted_at: "2026-11-21T14:00:00.000Z", objections: { o1: objection() } });
      const line = turnLine(s, who);
      expect(line.text.split(/\s+/).length).toBeLessThanOrEqual(14);
      expect(line.text).not.toMatch(/[{}!]/);
    },
  );

  const away = (may: string[], reader: string) => {
    const s = snapshot({ phase: "tuning", round: null });
    const pia = { ...(s.participants.pia as Participant), absent: true };
    const own = { ...(s.participants[reader] as Participant), may };
    return snapshot({ phase: "tuning", round: null, participants: { ...s.participants, pia, [reader]: own } });
  };

  it.each([
    ["asks the facilitator to find who carries on for an absent author", ["author"], "fay", true, "carry on for Pia"],
    ["asks who was offered the authorship whether they take it", ["accept-author"], "max", true, "proposal of Pia"],
    ["says to the others whom it waits for", [], "max", false, "Waiting for Fay"],
  ] as const)("%s", (_rule, may, reader, own, words) => {
    const line = turnLine(away([...may], reader), reader);
    expect(line.mine).toBe(own);
    expect(line.text).toContain(words);
    expect(line.text.split(/\s+/).length).toBeLessThanOrEqual(14);
  });

  it("never calls away who is only late", () => {
    const late = snapshot({ phase: "revising", round: null, overdue: true });
    expect(turnLine(late, "max").text).toBe("Overdue. Waiting for Fay: to find another author.");
  });

  it("asks the author to go on, also while somebody is asked to carry on in their place", () => {
    const s = { ...away([], "max"), author_offered: "max" };
    expect(turnLine(s, "pia").mine).toBe(true);
    expect(turnLine(s, "fay").text).toContain("Waiting for Max");
  });

  it("offers the second look to who was absent at the adoption", () => {
    const s = snapshot({
      phase: "adopted",
      round: null,
      adopted_at: "2026-11-24T09:00:00.000Z",
      second_look: { until: "2026-12-01T09:00:00.000Z", people: ["max"] },
    });
    const max = { ...(s.participants.max as Participant), may: ["object"] };
    expect(turnLine({ ...s, participants: { ...s.participants, max } }, "max").mine).toBe(true);
    expect(turnLine(s, "fay").mine).toBe(false);
  });

  it("asks a member to ask or to be clear, and names who else is awaited", () => {
    expect(turnLine(snapshot(), "max")).toEqual({
      mine: true,
      text: "Your turn: ask a question, or say that you are clear.",
      more: "Also waiting for Fay.",
    });
  });

  it("names to the author whom the round waits for", () => {
    expect(turnLine(snapshot(), "pia").text).toBe("Waiting for Fay and Max.");
  });

  it("asks the author for answers while questions are open", () => {
    const question = { round: "r1", by: "max", text: "Who?", at: "2026-11-21T14:00:00.000Z" };
    expect(turnLine(snapshot({ questions: { q1: question } }), "pia").text).toContain("one question waits");
  });

  it("asks the objector whether they were heard", () => {
    const s = snapshot({ phase: "revising", objections: { o1: objection({ restatement: "Risk for customers." }) } });
    expect(turnLine(s, "max").text).toBe("Your turn: did Pia hear your objection?");
    expect(turnLine(s, "fay").text).toBe("Waiting for Pia: version 2.");
  });

  it("tells the last one that theirs is the last answer", () => {
    const s = snapshot({ phase: "consent" });
    s.participants.fay = { ...(s.participants.max as Participant), name: "Fay", awaited: false, waiting: false };
    expect(turnLine(s, "max").more).toBe("Yours is the last answer.");
  });

  it("asks the author in the room for answers, whoever speaks", () => {
    const question = { round: "r1", by: "max", text: "Who?", at: "2026-11-21T14:00:00.000Z" };
    const room = { present: ["fay", "max", "pia"], order: ["fay", "max", "pia"], speaker: "max", paused: false };
    const s = snapshot({ questions: { q1: question }, room } as never);
    expect(turnLine(s, "pia")).toEqual({
      mine: true,
      text: "Your turn: one question waits for your answer.",
      more: "Max is speaking.",
    });
    expect(turnLine(s, "fay").text).toBe("Max is speaking.");
  });

  it("tells who watches, and who is heard elsewhere, whose turn it is; who is awaited elsewhere is asked", () => {
    const room = { present: ["fay"], order: ["fay"], speaker: "fay", paused: false };
    const s = snapshot({ room } as never);
    expect(turnLine(s, "obi").text).toBe("Fay is speaking.");
    expect(turnLine(s, "pia").text).toBe("Fay is speaking.");
    expect(turnLine(s, "max").text).toBe("Your turn: ask a question, or say that you are clear.");
  });
});

describe("the turn line of somebody absent", () => {
  it("says that nobody waits for them, and then whom the others wait for", () => {
    const s = snapshot({ phase: "consent" });
    const max = { ...(s.participants.max as Participant), absent: true, awaited: false, waiting: false };
    const away = { ...s, participants: { ...s.participants, max } };
    const text = "You are absent for now: nobody waits for you.";
    expect(turnLine(away, "max")).toEqual({ mine: false, text, more: "Waiting for Fay." });
    const answered = { ...s, participants: { ...s.participants, max: { ...max, heard: true } } };
    expect(turnLine(answered, "max").text).toBe("Waiting for Fay.");
  });
});

describe("the turn line in a time-out", () => {
  const people = { present: ["fay", "obi"], order: ["fay"], speaker: "fay" };
  const paused = { ...people, paused: true, paused_until: "2026-11-21T14:20:00.000Z", paused_by: "fay" };
  const time = when("2026-11-21T14:20:00.000Z");
  const called = `Fay called a time-out until ${time}.`;

  it("tells those in the room who called it, until when, and that what they write is kept", () => {
    for (const sealed of [false, true]) {
      const s = snapshot({ room: paused } as never);
      const round = { ...(s.round as NonNullable<typeof s.round>), sealed };
      const text = "Time-out. What you write is kept; the round goes on after it.";
      expect(turnLine({ ...s, round }, "fay")).toEqual({ mine: false, text, more: called });
    }
  });

  it("tells those elsewhere too, beside what they can do meanwhile", () => {
    const line = turnLine(snapshot({ room: paused } as never), "max");
    expect(line).toEqual({
      mine: true,
      text: "Your turn: ask a question, or say that you are clear.",
      more: `${called} Also waiting for Fay.`,
    });
  });

  it("says until when it is, where the server does not say who called it", () => {
    const { paused_by, ...room } = paused;
    expect(paused_by).toBe("fay");
    expect(turnLine(snapshot({ room } as never), "fay").more).toBe(`Until ${time}.`);
  });
});

describe("the clock of a turn", () => {
  const room = { present: ["fay", "pia"], order: ["fay"], speaker: "fay", paused: false };
  const asked = { round: "r1", by: "max", text: "Why?", at: "2026-11-21T13:30:00.000Z", answer: null };

  it("stands beside the line that names its speaker, and in nobody else's", () => {
    const s = snapshot({ room } as never);
    expect(turnLine(s, "fay").timed).toBe(true);
    expect(turnLine(s, "obi").timed).toBe(true);
    expect(turnLine(s, "max")).not.toHaveProperty("timed");
    expect(turnLine({ ...s, questions: { q1: asked } } as never, "pia")).not.toHaveProperty("timed");
  });
});

describe("what the turn line leads to", () => {
  const asked = { round: "r1", by: "max", text: "Why?", at: "2026-11-21T13:30:00.000Z", answer: null };

  it("is the question that waits for its author's answer", () => {
    const s = snapshot({ questions: { q1: asked } } as never);
    expect(turnLine(s, "pia").mine).toBe(true);
    expect(placeOf(s, "pia")).toBe("questions");
    expect(placeOf(s, "max")).toBe("task");
  });

  it("is the objection whose objector is asked whether it was heard", () => {
    const heard = objection({ restatement: "The payments suite is slow." });
    const s = snapshot({ phase: "revising", round: null, objections: { o1: heard } });
    expect(placeOf(s, "max")).toBe("objections");
    expect(placeOf(s, "pia")).toBe("task");
  });

  it("is the second look of who was absent, and the agreement for all others", () => {
    const s = snapshot({
      phase: "adopted",
      round: null,
      second_look: { until: "2026-12-01T09:00:00.000Z", people: ["max"] },
    });
    const max = { ...(s.participants.max as Participant), may: ["object"] };
    expect(placeOf({ ...s, participants: { ...s.participants, max } }, "max")).toBe("second-look");
    expect(placeOf(s, "fay")).toBe("task");
  });
});
