import { describe, expect, it, vi } from "vitest";
import type { Entry } from "../api/types";
import { apply, completesTheRound, given, heardOf, may, waitingFor } from "./decision";
import { Followed } from "./followed.svelte";
import { snapshot } from "./snapshot.fixture";

const entry = (seq: number, changes: Record<string, unknown> = {}): Entry => ({
  seq,
  event: "reacted",
  at: "2026-11-21T14:02:00.000Z",
  by: "max",
  via: null,
  data: {},
  changes: { seq, ...changes },
  hash: "7f3a91c2",
});

describe("an entry", () => {
  it("with the next number is applied", () => {
    const applied = apply(snapshot({ seq: 4 }), entry(5, { title: "Better" }));
    expect(applied).toMatchObject({ kind: "applied", snapshot: { seq: 5, title: "Better" } });
  });

  it("that is known already changes nothing", () => {
    expect(apply(snapshot({ seq: 5 }), entry(5)).kind).toBe("known");
  });

  it("that comes too early shows a gap", () => {
    expect(apply(snapshot({ seq: 5 }), entry(7)).kind).toBe("gap");
  });
});

describe("a decision that is looked at", () => {
  it("takes the same entries from the answer and from the socket once", () => {
    const decision = new Followed(snapshot({ seq: 4 }));
    decision.take([entry(5, { title: "A" })]);
    decision.take([entry(5, { title: "B" }), entry(6)]);
    expect(decision.snapshot).toMatchObject({ seq: 6, title: "A" });
    expect(decision.news).toHaveLength(2);
  });

  it("asks again where something was missed, and applies nothing beyond the gap", () => {
    const missed = vi.fn();
    const decision = new Followed(snapshot({ seq: 4 }), missed);
    decision.take([entry(5), entry(7)]);
    expect(missed).toHaveBeenCalledOnce();
    expect(decision.snapshot.seq).toBe(5);
  });

  it("never goes back to an older snapshot", () => {
    const decision = new Followed(snapshot({ seq: 4 }));
    decision.replace(snapshot({ seq: 3, title: "old" }));
    expect(decision.snapshot.seq).toBe(4);
  });

  it("goes back where the server did, and forgets what is not there any more", () => {
    const decision = new Followed(snapshot({ seq: 4 }));
    decision.take([entry(5), entry(6)]);
    decision.startFrom(snapshot({ seq: 5, title: "restored" }));
    expect(decision.snapshot).toMatchObject({ seq: 5, title: "restored" });
    expect(decision.news.map((one) => one.seq)).toEqual([5]);
    decision.take([entry(6, { title: "another" })]);
    expect(decision.snapshot.title).toBe("another");
  });
});

describe("what the snapshot says", () => {
  it("tells what a participant or a facilitator without a voice may do, and nobody else anything", () => {
    const s = snapshot({ observers: { obi: { name: "Obi", waiting: false, may: ["due"] } } });
    expect(may(s, "max")).toEqual(new Set(["ask", "clear"]));
    expect(may(s, "obi")).toEqual(new Set(["due"]));
    expect(may(s, "eve").size).toBe(0);
  });

  it("names whom the process waits for, the reader aside", () => {
    expect(waitingFor(snapshot(), "max")).toEqual(["Fay"]);
  });

  it("knows who would be the last of the round", () => {
    const s = snapshot();
    expect(completesTheRound(s, "max")).toBe(false);
    const later = apply(s, entry(s.seq + 1, { participants: { fay: { awaited: false } } }));
    expect(later.kind === "applied" && completesTheRound(later.snapshot, "max")).toBe(true);
  });

  it("tells what a command recorded from what followed", () => {
    const entry = (seq: number, event: string) => ({ seq, event, at: `2026-11-21T14:0${seq}:00Z` }) as Entry;
    const done = { proposal: "p", seq: 3, entries: [entry(2, "pause_ended"), entry(3, "consented")] };
    const own = { seq: 3, event: "consented", at: "2026-11-21T14:03:00Z", receipt: "rondo:p:3:7f3a91c2" };
    expect(given({ ...done, receipt: own.receipt })).toEqual(own);
    expect(given({ ...done, entries: [], receipt: null })).toBeNull();
  });
});

describe("how many were heard", () => {
  it("leaves out the author of a questions round, who is asked nothing", () => {
    expect(heardOf(snapshot())).toEqual({ heard: 0, all: 2 });
  });

  it("leaves out who is absent, until they answer all the same", () => {
    const s = snapshot();
    const away = { ...s.participants.max, absent: true, awaited: false };
    const without = { ...s, participants: { ...s.participants, max: away } } as typeof s;
    expect(heardOf(without)).toEqual({ heard: 0, all: 1 });
    const answered = { ...away, heard: true };
    expect(heardOf({ ...s, participants: { ...s.participants, max: answered } } as typeof s).all).toBe(2);
  });
});
