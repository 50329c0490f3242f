import { describe, expect, it } from "vitest";
import type { Voice } from "../api/types";
import { snapshot } from "../state/snapshot.fixture";
import { namesOf, roundsByTurns, turnsWords } from "./voice";

const voice = (changes: Partial<Voice> = {}): Voice => ({
  round: "r1",
  kind: "reaction",
  revision: 1,
  sealed: false,
  closed: true,
  by_turns: true,
  turns: [20, 50, 65, 130],
  over: 0,
  timebox: null,
  heard_in_room: ["pia", "fay"],
  heard_elsewhere: ["max"],
  ...changes,
});

describe("equal voice", () => {
  it("tells how long turns took, and names nobody", () => {
    expect(turnsWords(voice())).toBe("Turns took from 0:20 to 2:10, half of them up to 0:50.");
    expect(turnsWords(voice({ over: 1, timebox: 120 }))).toBe(
      "Turns took from 0:20 to 2:10, half of them up to 0:50; one went over the timebox (2:00).",
    );
    expect(turnsWords(voice({ turns: [30, 30, 30] }))).toBe("Each turn took 0:30.");
  });

  it("says of half of the turns what is true of at least half", () => {
    for (const turns of [
      [1, 2, 3],
      [1, 2, 3, 4],
      [1, 5, 5, 5],
      [1, 2, 3, 4, 5],
    ]) {
      const middle = Number(/up to 0:0(\d)/.exec(turnsWords(voice({ turns })))?.[1]);
      expect(turns.filter((one) => one <= middle).length).toBeGreaterThanOrEqual(turns.length / 2);
    }
  });

  it("says nothing of lengths where there were too few turns", () => {
    expect(turnsWords(voice({ turns: [] }))).toBe("");
  });

  it("names those who were heard in the order of the alphabet", () => {
    expect(namesOf(snapshot(), ["pia", "max", "fay"])).toBe("Fay, Max and Pia");
  });

  it("tells of rounds by turns that are over alone", () => {
    const all = [
      voice(),
      voice({ round: "r2", by_turns: false }),
      voice({ round: "r3", closed: false }),
      voice({ round: "r4" }),
    ];
    expect(roundsByTurns(all).map((one) => one.round)).toEqual(["r4", "r1"]);
  });
});
