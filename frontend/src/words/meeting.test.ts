import { describe, expect, it } from "vitest";
import type { Meeting } from "../api/types";
import { meetingTurn, outcomeLines, whereAndWhen } from "./meeting";
import { tellTimesIn } from "./zone";

const person = (name: string, more = {}) => ({
  name,
  voice: true,
  present: true,
  heard: false,
  awaited: false,
  may: [],
  ...more,
});

function meeting(more: Partial<Meeting>): Meeting {
  return {
    id: "m1",
    team: "harbour",
    team_name: "Harbour",
    title: "Monday",
    phase: "check_in",
    moment: "check_in",
    seq: 5,
    facilitator: "fay",
    starts_at: "2026-11-30T09:00:00Z",
    minutes: 60,
    place: "",
    version: 1,
    mailed: false,
    order: ["fay", "pia", "max"],
    places: [],
    agenda: {},
    people: { fay: person("Fay"), pia: person("Pia"), max: person("Max") },
    ...more,
  };
}

const awaited = { awaited: true };

describe("the one line of a meeting", () => {
  it("says whose turn it is, and who is next", () => {
    const m = meeting({
      speaker: "pia",
      people: { fay: person("Fay", { heard: true }), pia: person("Pia", awaited), max: person("Max", awaited) },
    });
    expect(meetingTurn(m, "fay")).toEqual({ text: "Pia is speaking.", more: "Next: Max.", mine: false });
    expect(meetingTurn(m, "max").more).toBe("Next: you.");
    expect(meetingTurn(m, "pia").mine).toBe(true);
  });

  it("tells the others who goes on when everyone is heard", () => {
    const m = meeting({});
    expect(meetingTurn(m, "max").more).toBe("Fay goes on to the agenda.");
    expect(meetingTurn(m, "fay").mine).toBe(true);
  });

  it("asks for consent to the agenda, and says for whom it waits", () => {
    const people = {
      fay: person("Fay", awaited),
      pia: person("Pia", { answer: "agreed" }),
      max: person("Max", awaited),
    };
    const m = meeting({ phase: "agenda", people });
    expect(meetingTurn(m, "max").text).toBe("Can you live with this agenda?");
    expect(meetingTurn(m, "pia").text).toBe("Waiting for Fay and Max.");
  });

  it("names who asks for a change, and who answers it", () => {
    const people = {
      fay: person("Fay"),
      pia: person("Pia", { answer: "change", change: "Less." }),
      max: person("Max"),
    };
    const m = meeting({ phase: "agenda", people });
    expect(meetingTurn(m, "max")).toEqual({
      text: "Pia asks for a change.",
      more: "Fay answers with a changed agenda.",
      mine: false,
    });
    expect(meetingTurn(m, "pia").text).toBe("You ask for a change.");
    expect(meetingTurn(m, "fay").mine).toBe(true);
  });

  it("leaves going to a decision to who facilitates it", () => {
    const item = {
      proposal: "p1",
      number: 1,
      title: "Trunk",
      phase: "reaction",
      facilitator: "pia",
      wanted: "decide" as const,
      minutes: 10,
      stage: "waiting" as const,
    };
    const m = meeting({ phase: "items", places: ["i1"], agenda: { i1: item } });
    expect(meetingTurn(m, "pia").mine).toBe(true);
    expect(meetingTurn(m, "fay").text).toBe("Pia goes to the next decision.");
  });
});

describe("when a meeting is", () => {
  const now = new Date("2026-11-28T12:00:00Z");
  const plan = { starts_at: "2026-11-30T09:00:00Z", minutes: 60 };

  it("is told as it is planned, since when it is running, and then as it was held", () => {
    tellTimesIn("UTC");
    expect(whereAndWhen(plan, now)).toBe("Mon 30 Nov, 09:00 · 60 minutes");
    const opened = { ...plan, opened_at: "2026-11-27T10:05:00Z" };
    expect(whereAndWhen(opened, now)).toBe("Running since Fri 27 Nov, 10:05 · 60 minutes planned");
    expect(whereAndWhen({ ...opened, ended_at: "2026-11-27T10:50:00Z" }, now)).toBe("Fri 27 Nov, 10:05–10:50");
    expect(whereAndWhen({ ...plan, ended_at: "2026-11-27T10:50:00Z" }, now)).toBe("Fri 27 Nov");
    tellTimesIn(null);
  });
});

describe("what became of an item", () => {
  const outcome = {
    phase_before: "consent",
    phase: "revising",
    revision: 1,
    rounds: [{ kind: "consent", revision: 1, outcome: "returned" }],
    objections: 1,
    sent_back: 1,
    revisions: [],
    adopted: null,
    goes_on: null,
  };

  it("is told without names", () => {
    expect(outcomeLines(outcome)).toEqual([
      "Sent back to its author: an objection to version 1 stands.",
      "One objection was raised.",
      "It is with its author.",
    ]);
  });
});
