import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { call, csrf, Problem } from "./client";

/** An answer that never comes; the line is given up when it is aborted. */
const silent = (_: unknown, request?: RequestInit) =>
  new Promise<Response>((_, fail) => request?.signal?.addEventListener("abort", () => fail(new Error("aborted"))));

const keyOf = (request: RequestInit | undefined) => new Headers(request?.headers).get("Idempotency-Key");

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a call over a line that died without a word", () => {
  it("is sent again with the same key when its answer has not begun in twenty seconds, and says so", async () => {
    const sent = vi.fn<typeof fetch>(silent);
    vi.stubGlobal("fetch", sent);
    const onRetry = vi.fn();
    const answered = call<{ seq: number }>("POST", "rounds/1/clear/", { body: {}, onRetry });
    await vi.advanceTimersByTimeAsync(19_900);
    expect(onRetry).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(onRetry).toHaveBeenCalledOnce();
    sent.mockResolvedValue(new Response('{"seq": 7}', { status: 200 }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answered).toEqual({ seq: 7 });
    const [first, second] = sent.mock.calls.map(([, request]) => keyOf(request));
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
  });

  it("that only fetches says that the server could not be reached", async () => {
    vi.stubGlobal("fetch", vi.fn<typeof fetch>(silent));
    const failed = call("GET", "me/").catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(20_100);
    const problem = await failed;
    expect(problem).toBeInstanceOf(Problem);
    expect((problem as Problem).code).toBe("not_reached");
  });
});

it("takes its token from the cookie that nobody else can set, whatever stands beside it", () => {
  expect(csrf("csrftoken=old; __Host-csrftoken=new%3D")).toBe("new=");
  expect(csrf("__Host-csrftoken=new; csrftoken=old")).toBe("new");
  expect(csrf("language=de; csrftoken=local")).toBe("local");
  expect(csrf("")).toBe("");
});
