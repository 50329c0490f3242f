import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection } from "./connection";

class Socket {
  static all: Socket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    Socket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  drop(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const last = () => Socket.all.at(-1) as Socket;

beforeEach(() => {
  Socket.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the connection", () => {
  it("says in which epoch of the server it knows what it knows, and goes over to the one it is told", () => {
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.subscribe("proposal:1", { after: () => 7, hear: vi.fn() });
    connection.subscribe("me", { hear: vi.fn() });
    connection.start("old");
    last().open();
    last().say({ type: "resync", topic: "proposal:1", epoch: "new" });
    connection.again("proposal:1");
    expect(last().sent).toEqual([
      { type: "subscribe", topic: "proposal:1", after: 7, epoch: "old" },
      { type: "subscribe", topic: "me" },
      { type: "subscribe", topic: "proposal:1", after: 7, epoch: "new" },
    ]);
    connection.stop();
  });

  it("subscribes to every topic once it is open, with the last number that is known", () => {
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.subscribe("proposal:1", { after: () => 7, hear: vi.fn() });
    connection.start();
    last().open();
    expect(last().sent).toEqual([{ type: "subscribe", topic: "proposal:1", after: 7 }]);
    connection.stop();
  });

  it("comes back by itself and asks for what came after", () => {
    let known = 7;
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.subscribe("proposal:1", { after: () => known, hear: vi.fn() });
    connection.start();
    last().open();
    known = 12;
    last().drop();
    vi.advanceTimersByTime(1_001);
    expect(Socket.all).toHaveLength(2);
    last().open();
    expect(last().sent).toEqual([{ type: "subscribe", topic: "proposal:1", after: 12 }]);
    connection.stop();
  });

  it("waits longer after each try, up to ten seconds, and never the same for all", () => {
    const states: (number | null)[] = [];
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.watch((state, retryAt) => state === "offline" && states.push(retryAt && retryAt - Date.now()));
    connection.start();
    for (let i = 0; i < 10; i++) {
      last().drop();
      vi.advanceTimersByTime(10_001);
    }
    const pauses = states.filter((pause): pause is number => typeof pause === "number" && pause > 0);
    expect(pauses[0]).toBeLessThanOrEqual(1_000);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(10_000);
    connection.stop();
  });

  it("that ends together with all others does not come back together with them", () => {
    const chance = vi.spyOn(Math, "random");
    const crowd = Array.from({ length: 100 }, (_, i) => {
      chance.mockReturnValue(i / 100);
      const connection = new Connection(() => "ws://here/ws/v1/");
      connection.start();
      last().open();
      last().drop(1012);
      return connection;
    });
    const comings: number[] = [];
    for (let tenth = 0; tenth < 10; tenth++) {
      const before = Socket.all.length;
      vi.advanceTimersByTime(100);
      comings.push(Socket.all.length - before);
    }
    expect(comings.reduce((all, one) => all + one)).toBe(100);
    expect(Math.max(...comings)).toBeLessThanOrEqual(15);
    for (const connection of crowd) connection.stop();
    chance.mockRestore();
  });

  it("comes about twice a second at most, though each line is cut as soon as something was heard on it", () => {
    let drawn = 0;
    const chance = vi.spyOn(Math, "random").mockImplementation(() => (drawn++ % 10) / 10 + 0.05);
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.subscribe("proposal:1", { hear: vi.fn() });
    connection.start();
    for (let passed = 0; passed < 60_000; passed += 50) {
      if (last().readyState === 0) {
        last().open();
        last().say({ type: "subscribed", topic: "proposal:1", seq: 7 });
        last().drop();
      }
      vi.advanceTimersByTime(50);
    }
    expect(Socket.all.length).toBeGreaterThan(60);
    expect(Socket.all.length).toBeLessThanOrEqual(121);
    connection.stop();
    chance.mockRestore();
  });

  it("gives up a line that does not open after ten seconds, and not one that opened late and is silent as yet", () => {
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.subscribe("proposal:1", { hear: vi.fn() });
    connection.start();
    vi.advanceTimersByTime(11_001);
    expect(Socket.all).toHaveLength(2);
    vi.advanceTimersByTime(8_900);
    last().open();
    vi.advanceTimersByTime(30_000);
    expect(Socket.all).toHaveLength(2);
    connection.stop();
  });

  it("takes a connection that has gone silent for dead", () => {
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.subscribe("proposal:1", { hear: vi.fn() });
    connection.start();
    last().open();
    vi.advanceTimersByTime(36_000);
    expect(Socket.all.length).toBeGreaterThan(1);
    connection.stop();
  });

  it("gives each message to those who follow its topic, and what waits to those who follow themselves", () => {
    const decision = vi.fn();
    const mine = vi.fn();
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.subscribe("proposal:1", { hear: decision });
    connection.subscribe("me", { hear: mine });
    connection.start();
    last().open();
    last().say({ type: "head", topic: "proposal:1", seq: 3 });
    last().say({ type: "waiting", proposals: [] });
    last().say({ type: "something else" });
    expect(decision).toHaveBeenCalledOnce();
    expect(mine).toHaveBeenCalledOnce();
    connection.stop();
  });

  it("does not come back where nobody is signed in any more, and says so", () => {
    const signedOut = vi.fn();
    const connection = new Connection(() => "ws://here/ws/v1/", signedOut);
    connection.start();
    last().open();
    last().drop(4401);
    vi.advanceTimersByTime(60_000);
    expect(signedOut).toHaveBeenCalledOnce();
    expect(Socket.all).toHaveLength(1);
  });

  it("comes back at once with the net or the reader, however long the next try was put off", () => {
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.start();
    for (let i = 0; i < 8; i++) {
      last().drop();
      vi.advanceTimersByTime(10_001);
    }
    last().drop();
    const before = Socket.all.length;
    dispatchEvent(new Event("online"));
    expect(Socket.all).toHaveLength(before + 1);
    // … and if that fails, the next try does not wait long either.
    last().drop();
    vi.advanceTimersByTime(1_001);
    expect(Socket.all).toHaveLength(before + 2);
    connection.stop();
  });

  it("asks a connection that may have died asleep, and takes another if it does not answer in a second", () => {
    const connection = new Connection(() => "ws://here/ws/v1/");
    connection.subscribe("proposal:1", { after: () => 7, hear: vi.fn() });
    connection.start();
    last().open();
    dispatchEvent(new Event("online"));
    expect(last().sent).toHaveLength(2);
    last().say({ type: "subscribed", topic: "proposal:1", seq: 7 });
    vi.advanceTimersByTime(2_000);
    expect(Socket.all).toHaveLength(1);
    dispatchEvent(new Event("online"));
    vi.advanceTimersByTime(2_001);
    expect(Socket.all).toHaveLength(2);
    connection.stop();
  });
});
