import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noteDate, noteEntry, ServerClock } from "./clock";

const HERE = Date.parse("2026-11-21T14:00:00.000Z");
const second = (n: number) => new Date(HERE + n * 1000).toUTCString();

beforeEach(() => void vi.useFakeTimers({ now: HERE }));
afterEach(() => void vi.useRealTimers());

describe("the server's clock", () => {
  it("is this browser's while nothing is known", () => {
    expect(new ServerClock().now()).toBe(HERE);
  });

  it("is told by an answer's date, though this clock is minutes off", () => {
    const clock = new ServerClock();
    noteDate(second(120), HERE - 200, HERE, clock);
    expect(Math.abs(clock.offset - 120_500)).toBeLessThanOrEqual(600);
  });

  it("is known the better the more is heard", () => {
    const clock = new ServerClock();
    const off = 90_300;
    for (const at of [0, 400, 1700, 2650, 3100]) {
      const server = HERE + at + off;
      noteDate(new Date(server).toUTCString(), HERE + at - 20, HERE + at + 20, clock);
    }
    expect(Math.abs(clock.offset - off)).toBeLessThan(400);
  });

  it("is never thought earlier than an entry that has come", () => {
    const clock = new ServerClock();
    noteEntry(new Date(HERE + 5_000).toISOString(), HERE, clock);
    expect(clock.now()).toBeGreaterThanOrEqual(HERE + 5_000);
  });

  it("is learnt anew when this browser's clock was set", () => {
    const clock = new ServerClock();
    noteDate(second(120), HERE, HERE, clock);
    noteDate(second(-600), HERE, HERE, clock);
    expect(Math.abs(clock.offset + 599_500)).toBeLessThanOrEqual(500);
  });

  it("is not misled by an answer without a date", () => {
    const clock = new ServerClock();
    noteDate(null, HERE, HERE, clock);
    noteEntry("", HERE, clock);
    expect(clock.offset).toBe(0);
  });
});
