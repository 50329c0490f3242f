import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import Outcome from "./Outcome.svelte";

const refused = (more: object) => ({
  ...{ busy: false, retrying: false, recorded: null },
  problem: {
    title: "Conflict",
    status: 409,
    code: "revision_replaced",
    detail: "There is a newer version now.",
    ...more,
  },
});

afterEach(cleanup);

describe("a refusal because there is a newer version", () => {
  it("leads to that version, and to what changed in it", () => {
    render(Outcome, { act: refused({ proposal: "d1", revision: 3 }) });
    expect(screen.getByRole("link", { name: "Read version 3" }).getAttribute("href")).toBe("/d/d1/v/2..3");
  });

  it("leads nowhere where the server does not say to which", () => {
    render(Outcome, { act: refused({}) });
    expect(screen.getByText(/There is a newer version now/)).toBeTruthy();
    expect(screen.queryByRole("link")).toBeNull();
  });
});
