import { cleanup, render, screen } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Me, Team } from "../api/types";
import Shell from "./Shell.svelte";

const me = { id: "fay", name: "Fay", guest: false } as Me;
const teams = [{ slug: "harbour", name: "Harbour" }] as Team[];
const page = { path: "/d/1", team: null as string | null };

function shown(changes: Partial<typeof page>): string | null {
  render(Shell, {
    ...{ me, teams, live: "live", retryAt: null, renewed: false, waiting: 0, settled: true },
    ...{ retry: vi.fn(), speak: vi.fn(), children: createRawSnippet(() => ({ render: () => "<p></p>" })) },
    ...{ ...page, ...changes },
  });
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
