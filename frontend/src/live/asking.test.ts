import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Ask, Told } from "./asking";
import { Connection, type Message } from "./connection";

/** A proxy lets none through, unless `through`. */
class Socket {
  static all: Socket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    Socket.all.push(this);
    if (!Socket.through) setTimeout(() => this.onclose?.({ code: 1006 }));
  }

  static through = false;
  send = vi.fn();
  close = vi.fn();

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
}

const TOPIC = "proposal:1";
const subscribed = (seq: number): Message => ({ type: "subscribed", topic: TOPIC, seq, epoch: "first" });
const event = (seq: number): Message => ({ type: "event", topic: TOPIC, seq, changes: { seq } });
const refusal = (status: number, rest = 0): Told => ({ status, rest });
const told = (...messages: Message[]): Told => ({ messages });

let hidden = false;
let known = 7;
const hear = vi.fn<(message: Message) => void>();
const signedOut = vi.fn();
const ask = vi.fn<Ask>();
let connection: Connection;

function goes(visible: boolean): void {
  hidden = !visible;
  document.dispatchEvent(new Event("visibilitychange"));
}

function follow(topic = TOPIC): void {
  connection.subscribe(topic, { after: () => (topic === "me" ? undefined : known), hear });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => (hidden ? "hidden" : "visible"));
  Socket.all = [];
  Socket.through = hidden = false;
  known = 7;
  ask.mockReset().mockImplementation(() => Promise.resolve(told(subscribed(known))));
  hear.mockReset().mockImplementation((message) => {
    if (message.type === "event") known = Number(message.seq);
  });
  signedOut.mockReset();
  connection = new Connection(() => "ws://here/ws/v1/", signedOut, ask);
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a page without a socket", () => {
  it("asks every five seconds for what came after the last entry it knows, as it is told by a socket", async () => {
    follow();
    connection.start("first");
    ask.mockResolvedValueOnce(told(subscribed(9), event(8), event(9)));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(ask.mock.calls).toEqual([[TOPIC, 7, "first"]]);
    expect(hear.mock.calls.map(([message]) => message.seq)).toEqual([9, 8, 9]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(ask).toHaveBeenLastCalledWith(TOPIC, 9, "first");
    expect(ask.mock.calls.length).toBeGreaterThanOrEqual(5);
    expect(ask.mock.calls.length).toBeLessThanOrEqual(9);
  });

  it("has whatever is recorded within ten seconds, wherever it is in its turn", async () => {
    follow();
    connection.start();
    const asked: number[] = [];
    ask.mockImplementation(() => {
      asked.push(Date.now());
      return Promise.resolve(told(subscribed(known)));
    });
    const began = Date.now();
    await vi.advanceTimersByTimeAsync(120_000);
    const pauses = asked.map((at, i) => at - (asked[i - 1] ?? began));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(6_001);
  });

  it("does not ask while a socket that was cut may be back at once", async () => {
    Socket.through = true;
    follow();
    connection.start();
    Socket.all[0]?.open();
    Socket.all[0]?.onclose?.({ code: 1012 });
    await vi.advanceTimersByTimeAsync(1_001);
    Socket.all.at(-1)?.open();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(ask).not.toHaveBeenCalled();
  });

  it("stops at once when the socket opens, and leaves what it was still asking to the socket", async () => {
    follow();
    connection.start();
    await vi.advanceTimersByTimeAsync(4_000);
    let answer: (told: Told) => void = () => undefined;
    ask.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    await vi.advanceTimersByTimeAsync(6_000);
    expect(ask).toHaveBeenCalledTimes(2);
    hear.mockClear();
    Socket.through = true;
    connection.now();
    Socket.all.at(-1)?.open();
    answer(told(subscribed(8), event(8)));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(hear).not.toHaveBeenCalled();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("asks nothing while it is hidden, and soon when somebody is back at it", async () => {
    follow();
    connection.start();
    goes(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).not.toHaveBeenCalled();
    goes(true);
    await vi.advanceTimersByTimeAsync(400);
    expect(ask).toHaveBeenCalledOnce();
  });

  it("asks soon where something was missed, and once however often that is said", async () => {
    follow();
    connection.start();
    await vi.advanceTimersByTimeAsync(4_000);
    for (let i = 0; i < 5; i++) connection.again(TOPIC);
    await vi.advanceTimersByTimeAsync(400);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("does not ask at one moment with all others who lost theirs at one moment", async () => {
    const moments = new Set<number>();
    const began = Date.now();
    ask.mockImplementation(() => {
      moments.add(Math.floor((Date.now() - began) / 100));
      return Promise.resolve(told());
    });
    const crowd = Array.from({ length: 100 }, () => new Connection(() => "ws://here/ws/v1/", signedOut, ask));
    for (const one of crowd) {
      one.subscribe(TOPIC, { after: () => 7, hear });
      one.start();
    }
    await vi.advanceTimersByTimeAsync(3_700);
    expect(ask).toHaveBeenCalledTimes(100);
    expect(moments.size).toBeGreaterThanOrEqual(8);
    for (const one of crowd) one.stop();
  });

  it.each([429, 503])("leaves a server alone for as long as it says with a %i", async (status) => {
    follow();
    connection.start();
    const moments: number[] = [];
    ask.mockImplementation(() => {
      moments.push(Date.now());
      return Promise.resolve(moments.length === 1 ? refusal(status, 60) : told());
    });
    for (let second = 0; second < 70; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      if (second < 60) connection.again(TOPIC);
    }
    const [first = 0, second = 0] = moments;
    expect(second - first).toBeGreaterThanOrEqual(60_000);
    expect(second - first).toBeLessThanOrEqual(65_001);
  });

  it("goes on asking a server that cannot be reached", async () => {
    follow();
    connection.start();
    ask.mockResolvedValue(refusal(0));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(ask.mock.calls.length).toBeGreaterThanOrEqual(5);
  });

  it("hears once that there is nothing here for it, and asks about it no more", async () => {
    follow();
    follow("me");
    connection.start();
    ask.mockImplementation((topic) => (topic === "me" ? Promise.resolve(told()) : Promise.resolve(refusal(404))));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(hear.mock.calls).toEqual([[{ type: "error", topic: TOPIC, code: "not_found" }]]);
    expect(ask.mock.calls.filter(([topic]) => topic === TOPIC)).toHaveLength(1);
    expect(ask.mock.calls.filter(([topic]) => topic === "me").length).toBeGreaterThan(3);
  });

  it("says that nobody is signed in any more, and then neither asks nor connects", async () => {
    follow();
    connection.start();
    ask.mockResolvedValueOnce(refusal(401));
    await vi.advanceTimersByTimeAsync(4_000);
    const sockets = Socket.all.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(signedOut).toHaveBeenCalledOnce();
    expect(ask).toHaveBeenCalledOnce();
    expect(Socket.all).toHaveLength(sockets);
  });

  it("goes over to the epoch that it is told", async () => {
    follow();
    connection.start("first");
    ask.mockResolvedValueOnce(told({ type: "resync", topic: TOPIC, epoch: "second" }));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(hear.mock.calls[0]?.[0].type).toBe("resync");
    await vi.advanceTimersByTimeAsync(6_000);
    expect(ask).toHaveBeenLastCalledWith(TOPIC, 7, "second");
  });

  it("takes what waits for news only where it is another than before", async () => {
    follow("me");
    connection.start();
    const waits = (...proposals: string[]): Told => told({ type: "waiting", proposals, rooms: {} });
    for (const one of [waits("1"), waits("1"), waits("1", "2")]) ask.mockResolvedValueOnce(one);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(hear.mock.calls.map(([message]) => message.proposals)).toEqual([["1"], ["1", "2"]]);
  });

  it("tells whether it is answered, until the socket is open", async () => {
    const heard: boolean[] = [];
    connection.watch((_state, _at, asked) => heard.at(-1) !== asked && heard.push(asked));
    follow();
    connection.start();
    await vi.advanceTimersByTimeAsync(4_000);
    ask.mockResolvedValueOnce(refusal(0));
    await vi.advanceTimersByTimeAsync(12_500);
    expect(heard).toEqual([false, true, false, true]);
    Socket.through = true;
    connection.now();
    Socket.all.at(-1)?.open();
    expect(heard).toEqual([false, true, false, true, false]);
  });
});
