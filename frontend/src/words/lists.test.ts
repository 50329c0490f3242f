import { describe, expect, it } from "vitest";
import type { Listed } from "../api/types";
import { alsoWaitsFor, asked, daysToReview, reviewWords, until, waitsFor, waitsForPeople } from "./lists";

const row = (more: Partial<Listed> = {}): Listed => ({
  id: "d",
  number: 4,
  team: "harbour",
  team_name: "Harbour",
  title: "Quiet hours",
  phase: "consent",
  revision: 2,
  author: "pia",
  author_name: "Pia",
  facilitator: "fay",
  facilitator_name: "Fay",
  opened_at: null,
  adopted_at: null,
  withdrawn_at: null,
  updated_at: "2026-11-21T10:00:00.000Z",
  review_on: null,
  round: null,
  room: null,
  waiting_for: [],
  waiting_names: [],
  waiting_for_me: false,
  ...more,
});

describe("a row of a list", () => {
  it("names whom it waits for, the reader first", () => {
    const mine = row({ waiting_for: ["max", "me"], waiting_names: ["Max", "Noor"], waiting_for_me: true });
    expect(waitsFor(mine, "me")).toBe("Waiting for you and Max");
    expect(alsoWaitsFor(mine, "me")).toBe("Also waiting for Max");
    expect(waitsFor(row({ waiting_for: ["max"], waiting_names: ["Max"] }), "me")).toBe("Waiting for Max");
  });

  it("says one list of names, whoever is in it", () => {
    expect(waitsForPeople([], true)).toBe("Waiting for you");
    expect(waitsForPeople(["Max", "Jun"], true)).toBe("Waiting for you, Max and Jun");
    expect(waitsForPeople(["Max", "Jun", "Noor"], true)).toBe("Waiting for you, Max and 2 others");
    expect(waitsForPeople(["Max", "Jun", "Noor"], false)).toBe("Waiting for Max, Jun and Noor");
  });

  it("asks each role for its own next step", () => {
    expect(asked(row({ phase: "clarifying" }), "pia")).toBe("Answer the questions");
    expect(asked(row({ phase: "clarifying" }), "me")).toBe("Ask a question, or say that you are clear");
    expect(asked(row({ phase: "revising" }), "pia")).toBe("Answer the objection with a new version");
    expect(asked(row({ phase: "revising" }), "me")).toBe("Did Pia hear your objection?");
  });

  it("says after the due time that an answer still counts", () => {
    const due = row({ round: { id: "r", kind: "consent", sealed: false, due_at: "2026-11-21T10:00:00.000Z" } });
    expect(until(due, new Date("2026-11-20T10:00:00Z"))?.over).toBe(false);
    expect(until(due, new Date("2026-11-22T10:00:00Z"))?.text).toContain("an answer still counts");
    expect(until(row())).toBeNull();
  });

  it("counts the days to a review in the reader's own days", () => {
    const now = new Date(2026, 10, 21, 23, 30);
    expect(daysToReview(row({ review_on: "2026-11-22" }), now)).toBe(1);
    expect(daysToReview(row({ review_on: "2026-11-01" }), now)).toBe(-20);
    expect(reviewWords(row({ review_on: "2026-11-21" }), now)).toBe("Review today");
    expect(reviewWords(row(), now)).toBe("No review date");
  });
});
