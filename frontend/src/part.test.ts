import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { get } from "svelte/store";
import { part, partsAwaited } from "./part";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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

  it("that is wrong in itself says so", async () => {
    await expect(part(() => Promise.reject(new RangeError("wrong")))).rejects.toThrow("wrong");
    expect(get(partsAwaited)).toBe(0);
  });
});
