import { cleanup, render, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Participant, Room, Snapshot, Voice } from "../../api/types";
import type { Line } from "../../state/away";
import { commandsOn } from "../../state/commands";
import type { Looked } from "../../state/looked";
import { snapshot } from "../../state/snapshot.fixture";
import LiveRoom from "./LiveRoom.svelte";

const room: Room = {
  ...{ opened_at: "2026-11-21T13:00:00.000Z", present: ["fay", "max", "pia"], order: ["fay", "max", "pia"] },
  ...{ speaker: "fay", turn_since: null, paused: false, pauses: 0 },
};

function meeting(changes: Partial<Snapshot> = {}, may: Record<string, string[]> = {}): Snapshot {
  const s = snapshot({ room, ...changes });
  s.revisions = {
    1: { title: s.title, html: "", driver_html: "", body: "", note: "", by: "pia", at: room.opened_at, answers: {} },
  } as never;
  for (const [who, names] of Object.entries(may)) (s.participants[who] as Participant).may = names;
  return s;
}

function looked(s: Snapshot, lines: Line[] = [], voices: Voice[] = []): Looked {
  const commands = commandsOn(
    () => s,
    () => () => Promise.reject(new Error("Nothing is sent here.")),
  );
  return { s, commands, online: new Set(["max", "pia"]), news: [], lines, voices };
}

const line = (event: string, by: string, data: Record<string, unknown>): Line => ({
  ...{ seq: 9, event, by, data, at: "2026-11-21T14:02:00.000Z", via: null, hash: "" },
});

const show = (looking: Looked, me: string) => render(LiveRoom, { looking, me, announce: vi.fn() });
const buttons = () => screen.queryAllByRole("button").map((button) => button.textContent?.trim());

class Observer {
  observe = vi.fn();
  unobserve = vi.fn();
  disconnect = vi.fn();
}

const phone = () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() });

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", Observer);
  vi.stubGlobal("matchMedia", phone);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the room", () => {
  it("offers what the server says that its reader may do, and nothing else", () => {
    show(looked(meeting({}, { max: [] })), "max");
    expect(buttons()).toEqual([]);
    cleanup();
    show(looked(meeting({}, { max: ["leave", "time-out"] })), "max");
    expect(buttons()).toEqual(["Ask for a time-out", "Leave the room"]);
  });

  it("says who speaks and who is next, in words", () => {
    show(looked(meeting()), "pia");
    expect(screen.getByText("Fay is speaking.")).toBeTruthy();
    const circle = within(screen.getByRole("list", { name: "The circle, in speaking order" }));
    const seats = circle.getAllByRole("listitem").map((seat) => seat.textContent?.replace(/\s+/g, " ").trim());
    expect(seats[0]).toContain("Fay speaking · facilitates not connected");
    expect(seats[1]).toContain("Max next online");
  });

  it("says of nobody in a time-out that they speak, and of the reader not that they are away", () => {
    show(looked(meeting({ room: { ...room, paused: true } })), "fay");
    const circle = within(screen.getByRole("list", { name: "The circle, in speaking order" }));
    const seats = circle.getAllByRole("listitem").map((seat) => seat.textContent?.replace(/\s+/g, " ").trim());
    expect(seats[0]).toMatch(/You not yet · facilitates$/);
    expect(seats[1]).toContain("Max not yet online");
  });

  it("leaves to a meeting what the meeting offers, and tells the facilitator that it waits for them", () => {
    const looking = looked(meeting({}, { max: ["leave", "chair"], fay: [] }));
    render(LiveRoom, { looking, me: "max", announce: vi.fn(), elsewhere: new Set(["leave", "chair"]) });
    expect(buttons()).toEqual([]);
    cleanup();
    show(looking, "max");
    expect(screen.getByText("Fay is not connected.")).toBeTruthy();
    expect(buttons()).toContain("Take the chair");
    cleanup();
    show(looking, "fay");
    expect(screen.getByText("Waiting for you and Max")).toBeTruthy();
  });

  it("leads whoever goes on with the round to the bar", () => {
    const done = { ...room, speaker: null };
    const s = meeting({ room: done }, { fay: ["next"] });
    for (const person of Object.values(s.participants)) person.awaited = false;
    show(looked(s), "fay");
    screen.getByRole("button", { name: "Go to it" }).click();
    expect(document.activeElement?.textContent).toBe("On to reactions");
  });

  it("tells a former facilitator who took the chair meanwhile, and when", () => {
    const taken = line("facilitator_changed", "max", { how: "taken", before: "fay", facilitator: "max" });
    show(looked(meeting({ facilitator: "max" }), [taken]), "fay");
    expect(screen.getByText(/While you were away, Max took the chair at/)).toBeTruthy();
    expect(screen.queryByRole("region", { name: "The facilitator's bar" })).toBeNull();
  });

  it("tells who was led out, and offers the way back in", () => {
    const out = line("led_out", "fay", { participant: "max" });
    const s = meeting({ room: { ...room, present: ["fay", "pia"], order: ["fay", "pia"] } }, { max: ["join"] });
    show(looked(s, [out]), "max");
    expect(screen.getByText(/While you were away, Fay led you out of the room at/)).toBeTruthy();
    expect(buttons()).toContain("Come back in");
  });

  it("offers the chair to others where the facilitator is a party", () => {
    show(looked(meeting({ facilitator: "pia" }, { pia: ["facilitator", "pause"] })), "pia");
    expect(screen.getByText("You are part of this now.")).toBeTruthy();
    expect(buttons()).toContain("Hand over?");
  });

  it("marks in words the turn that is one's own, and asks for nothing by itself", () => {
    show(looked(meeting({}, { fay: ["ask", "clear", "leave"] })), "fay");
    expect(screen.getByText("Your turn: ask a question, or say that you are clear.")).toBeTruthy();
    expect(document.activeElement).toBe(document.body);
  });
});
