import { describe, expect, it } from "vitest";
import type { Entry, Participant, Snapshot } from "../api/types";
import { snapshot } from "../state/snapshot.fixture";
import { spoken } from "./spoken";

const entry = (event: string, by: string | null, data: Record<string, unknown> = {}): Entry =>
  ({ seq: 1, event, at: "2026-11-21T14:00:00.000Z", by, via: null, data, changes: {}, hash: "" }) as Entry;

const ROUND = { ...snapshot().round, id: "r2", kind: "reaction" };

/** A round of reactions in the room: all three are present, and these have been heard. */
function reactions(speaker: string | null, ...heard: string[]): Snapshot {
  const s = snapshot({ phase: "reaction", round: ROUND } as Partial<Snapshot>);
  for (const [who, person] of Object.entries(s.participants)) {
    const done = heard.includes(who);
    s.participants[who] = { ...(person as Participant), heard: done, awaited: !done, waiting: !done };
  }
  const order = ["fay", "max", "pia"];
  s.room = { present: order, order, speaker, paused: false } as never;
  return s;
}

const heardBy = (me: string, steps: [Entry, Snapshot][], from: Snapshot): string[] => {
  let before = from;
  return steps.flatMap(([one, after]) => {
    const told = spoken([one], before, after, me).map((message) => message.words);
    before = after;
    return told;
  });
};

const WHOLE_ROUND: [Entry, Snapshot][] = [
  [entry("reacted", "fay"), reactions("max", "fay")],
  [entry("paused", "fay"), { ...reactions("max", "fay"), room: { ...reactions("max").room, paused: true } as never }],
  [entry("resumed", "fay"), reactions("max", "fay")],
  [entry("passed", "max"), reactions("pia", "fay", "max")],
  [entry("reacted", "pia"), reactions(null, "fay", "max", "pia")],
];

describe("what is spoken of a round", () => {
  it("tells each turn to whoever waits for theirs, and what others did", () => {
    expect(heardBy("pia", WHOLE_ROUND, reactions("fay"))).toEqual([
      "Fay reacted.",
      "Max is speaking. Next: you.",
      "Fay called a time-out.",
      "Time-out. What you write is kept; the round goes on after it.",
      "Fay ended the time-out.",
      "Max is speaking. Next: you.",
      "Max has nothing to add.",
      "Your turn: how does this land with you?",
    ]);
  });

  it("says nothing of one's own acts", () => {
    const told = heardBy("max", WHOLE_ROUND, reactions("fay"));
    expect(told.filter((words) => words.startsWith("Max"))).toEqual([]);
    expect(told).toContain("Your turn: how does this land with you? Next: Pia.");
    expect(told).toContain("Pia reacted.");
  });

  it("says the result of a consent round in words", () => {
    const before = snapshot({ phase: "consent", round: { ...ROUND, kind: "consent" } } as Partial<Snapshot>);
    const after = snapshot({ phase: "revising", round: null });
    for (const [who, person] of Object.entries(after.participants)) person.waiting = who === "pia";
    const answer = (by: string, kind: string) => ({ round: "r2", by, kind, at: "2026-11-21T14:00:00.000Z", seq: 9 });
    after.responses = {
      a: answer("fay", "consent"),
      b: answer("max", "objection"),
      c: answer("pia", "consent"),
    } as never;
    const told = spoken([entry("round_closed", "max"), entry("returned", "max")], before, after, "fay");
    expect(told.map((message) => message.words)).toEqual([
      "The answers: 2 consents and one objection.",
      "Waiting for Pia: version 2.",
    ]);
  });

  it("says in a sealed round that somebody has answered, and nothing of what", () => {
    const before = snapshot({ phase: "consent", round: { ...ROUND, kind: "consent", sealed: true } } as never);
    expect(heardBy("fay", [[entry("responded", "max"), before]], before)).toEqual(["Max has answered."]);
  });

  it("calls what is new of whose turn it is by one subject, so that only the latest is said", () => {
    const [turn] = spoken([entry("turn_given", "fay")], reactions("fay"), reactions("max"), "pia");
    expect(turn).toEqual({ words: "Max is speaking. Next: Fay, then you.", about: "turn" });
  });
});
