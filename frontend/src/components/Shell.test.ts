import { cleanup, render, screen } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Me, Team } from "../api/types";
import Shell from "./Shell.svelte";

const me = { id: "fay", name: "Fay", guest: false } as Me;
const teams = [{ slug: "harbour", name: "Harbour" }] as Team[];
const page = { path: "/d/1", team: null as string | null };

const rest = {
  ...{ me, teams, live: "live" as const, retryAt: null, asked: false, renewed: false, waiting: 0, settled: true },
  ...{ retry: vi.fn(), speak: vi.fn(), children: createRawSnippet(() => ({ render: () => "<p></p>" })) },
};

function shown(changes: Partial<typeof page>): string | null {
  render(Shell, { ...rest, ...page, ...changes });
  return screen.getByRole("link", { name: "Harbour" }).getAttribute("aria-current");
}

afterEach(cleanup);

describe("the menu", () => {
  it("marks the team whose page is open", () => {
    expect(shown({ path: "/t/harbour/meetings" })).toBe("page");
  });

  it("marks the team to which a decision belongs, and no other", () => {
    expect(shown({ team: "harbour" })).toBe("true");
    cleanup();
    expect(shown({ team: "boats" })).toBeNull();
    cleanup();
    expect(shown({})).toBeNull();
  });
});

describe("a lost connection", () => {
  it("is said after two seconds, however often it is tried again meanwhile", async () => {
    vi.useFakeTimers();
    const { rerender } = render(Shell, { ...rest, ...page, live: "live" as "live" | "connecting" | "offline" });
    for (const live of ["offline", "connecting", "offline", "connecting"] as const) {
      await rerender({ live });
      expect(screen.queryByText("Not connected.")).toBeNull();
      await vi.advanceTimersByTimeAsync(550);
    }
    expect(screen.getByText("Not connected.")).toBeTruthy();
    await rerender({ live: "live" });
    expect(screen.queryByText("Not connected.")).toBeNull();
    vi.useRealTimers();
  });

  it("says that the page asks, as long as it is answered, and counts no seconds to the next try meanwhile", async () => {
    vi.useFakeTimers();
    const offline = { ...rest, ...page, live: "offline" as const, retryAt: Date.now() + 60_000 };
    const { rerender } = render(Shell, { ...offline, asked: true });
    await vi.advanceTimersByTimeAsync(2_001);
    const strip = () => screen.getByRole("status").textContent;
    expect(strip()).toMatch(/^\s*Not live\. This page asks for what is new every few seconds\.\s*Try now$/);
    await rerender({ ...offline, asked: false });
    expect(strip()).toMatch(/^\s*Not connected\. What you write is kept here\. Trying again in \d+ s\.\s*Try now$/);
    vi.useRealTimers();
  });
});
