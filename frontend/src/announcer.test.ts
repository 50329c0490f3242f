import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Announcer } from "./announcer.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Everything that was said, each with when. */
function hearing(announcer: Announcer, seconds: number): [number, string][] {
  const heard: [number, string][] = [];
  let last = "";
  for (let tenth = 0; tenth <= seconds * 10; tenth++) {
    if (announcer.words !== last) heard.push([tenth / 10, (last = announcer.words)]);
    vi.advanceTimersByTime(100);
  }
  return heard;
}

describe("the polite voice", () => {
  it("speaks in a moment after a silence, and tells what one act brought about in one message", () => {
    const announcer = new Announcer();
    announcer.say("Fay reacted.");
    announcer.say("Max is speaking.");
    expect(hearing(announcer, 8)).toEqual([[0.2, "Fay reacted. Max is speaking."]]);
  });

  it("gathers what comes within five seconds into one message", () => {
    const announcer = new Announcer();
    announcer.say("Ana joined the room.");
    expect(hearing(announcer, 0.3)).toHaveLength(1);
    announcer.say("Ben joined the room.");
    announcer.say("Cleo joined the room.");
    const [, [at, words]] = hearing(announcer, 20) as [unknown, [number, string]];
    expect(words).toBe("Ben joined the room. Cleo joined the room.");
    expect(at).toBeGreaterThan(4.5);
  });

  it("says of one subject the latest alone", () => {
    const announcer = new Announcer();
    announcer.say("Fay is speaking.", "turn");
    vi.advanceTimersByTime(1000);
    announcer.say("Max is speaking.", "turn");
    announcer.say("Jun has nothing to add.");
    announcer.say("Pia is speaking.", "turn");
    expect(hearing(announcer, 20).map(([, words]) => words)).toEqual([
      "Fay is speaking.",
      "Jun has nothing to add. Pia is speaking.",
    ]);
  });

  it("is silent while somebody types, and speaks two seconds after", () => {
    const announcer = new Announcer();
    announcer.typed();
    announcer.say("Max is speaking.");
    for (let i = 0; i < 30; i++) {
      vi.advanceTimersByTime(300);
      announcer.typed();
      expect(announcer.words).toBe("");
    }
    expect(hearing(announcer, 5)).toEqual([[2, "Max is speaking."]]);
  });

  it("does not read out a whole meeting after a long text", () => {
    const announcer = new Announcer();
    announcer.typed();
    for (let n = 1; n <= 30; n++) announcer.say(`Number ${n} joined the room.`);
    const [, words] = hearing(announcer, 5)[0] ?? [0, ""];
    expect(words.match(/joined/g)).toHaveLength(4);
    expect(words).toContain("Number 30");
  });
});
