import { describe, expect, it } from "vitest";
import { actsInTheRoom, missed, type Line } from "./away";
import { snapshot } from "./snapshot.fixture";

let seq = 0;
const line = (event: string, by: string | null, data: Record<string, unknown> = {}): Line => ({
  seq: ++seq,
  event,
  at: "2026-11-21T14:02:00.000Z",
  by,
  via: null,
  data,
  hash: "",
});
const room = { present: ["max"], order: ["max"], speaker: "max", paused: false };
const s = (changes: object = {}) => snapshot({ room, facilitator: "max", ...changes } as never);
const taken = line("facilitator_changed", "max", { how: "taken", before: "fay", facilitator: "max" });
const ledOut = line("led_out", "max", { participant: "fay" });

describe("who comes back", () => {
  it("is told who took the chair meanwhile, and what has happened since", () => {
    const later = line("reacted", "max");
    expect(missed([line("joined", "fay"), taken, later], s(), "fay")).toEqual({
      what: "chair",
      by: "max",
      at: taken.at,
      since: [later],
    });
  });

  it("is told that they were led out", () => {
    expect(missed([line("joined", "fay"), ledOut], s(), "fay")?.what).toBe("led_out");
  });

  it("is told no more once they have acted, came back in, or have the chair again", () => {
    expect(missed([taken, line("reacted", "fay")], s(), "fay")).toBeNull();
    expect(missed([taken], s({ facilitator: "fay" }), "fay")).toBeNull();
    expect(missed([ledOut], s({ room: { ...room, present: ["fay", "max"] } }), "fay")).toBeNull();
    expect(missed([taken], s({ room: null }), "fay")).toBeNull();
  });

  it("is told nothing of what happened to others, nor of a chair that they handed over themselves", () => {
    expect(missed([taken, ledOut], s(), "pia")).toBeNull();
    const handed = line("facilitator_changed", "fay", { how: "handed", before: "fay", facilitator: "max" });
    expect(missed([handed], s(), "fay")).toBeNull();
  });
});

describe("what was done in the room", () => {
  it("begins with its opening, and leaves out what was said", () => {
    const lines = [line("joined", "pia"), line("room_opened", "fay"), line("joined", "max"), line("reacted", "max")];
    expect(actsInTheRoom(lines).map((one) => one.event)).toEqual(["joined", "room_opened"]);
  });
});
