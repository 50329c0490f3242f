import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { get } from "svelte/store";
import { part, partsAwaited, partsThere } from "./part";
import { renewed } from "./state/release";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("no net")));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a part of a page", () => {
  it("that could not be fetched is asked for again until it is there", async () => {
    const load = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new TypeError("Failed to fetch"))
      .mockRejectedValueOnce(new TypeError("Failed to fetch"))
      .mockResolvedValue("there");
    const asked = part(load);
    await vi.advanceTimersByTimeAsync(0);
    expect(get(partsAwaited)).toBe(1);
    await vi.advanceTimersByTimeAsync(500 + 1000);
    expect(await asked).toBe("there");
    expect(load).toHaveBeenCalledTimes(3);
    expect(get(partsAwaited)).toBe(0);
  });

  it("is waited for by whoever goes on when all are there", async () => {
    let come: (value: string) => void = () => {};
    void part(() => new Promise<string>((there) => (come = there)));
    const gone = vi.fn();
    void partsThere().then(gone);
    await vi.advanceTimersByTimeAsync(0);
    expect(gone).not.toHaveBeenCalled();
    come("there");
    await vi.advanceTimersByTimeAsync(0);
    expect(gone).toHaveBeenCalledOnce();
  });

  it("that is gone since an update makes the page find out that there is a new version", async () => {
    document.head.innerHTML = '<meta name="pages" content="1000.aaa">';
    const answer = new Response("alive", { headers: { "Rondo-Pages": "2000.bbb" } });
    vi.stubGlobal("fetch", vi.fn().mockResolvedValue(answer));
    const missed = vi.fn();
    void part(() => Promise.reject(new TypeError("Failed to fetch")), missed);
    await vi.advanceTimersByTimeAsync(0);
    expect(missed).toHaveBeenCalledOnce();
    expect(get(renewed)).toBe(true);
  });

  it("that is wrong in itself says so", async () => {
    await expect(part(() => Promise.reject(new RangeError("wrong")))).rejects.toThrow("wrong");
    expect(get(partsAwaited)).toBe(1); // the one above is awaited for ever
  });
});
