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
  asked: null,
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

  it("asks the reader for the step that it waits for from them, and for no other", () => {
    const words = (step: string) => asked(row({ phase: "tuning", asked: step }));
    expect(words("accept-author")).toBe("Take on the proposal of Pia?");
    expect(words("author")).toBe("Ask somebody to carry on for Pia");
    expect(words("next")).toBe("Everyone is heard: go on when it is time");
    expect(words("confirm")).toBe("Did Pia hear your objection?");
    expect(words("ask-for-consent")).toBe("Ask for consent, or offer another version");
    expect(words("something-newer")).toBe("Have a look");
  });

  it("does not speak of the reader as of somebody else where nobody is named", () => {
    expect(waitsFor(row({ facilitator: "me", facilitator_name: "Noor" }), "me")).toBe("Waiting for you");
    expect(waitsFor(row(), "me")).toBe("Waiting for Fay");
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
