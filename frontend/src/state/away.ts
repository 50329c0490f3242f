/** What happened to somebody in a room while they were gone: told when they are back, until they act themselves. */
import type { Entry, Id, Snapshot } from "../api/types";

export type Line = Omit<Entry, "changes">;

export interface Missed {
  what: "chair" | "led_out";
  /** Who did it, when. */
  by: Id | null;
  at: string;
  /** What was done after it, oldest first. */
  since: readonly Line[];
}

/** Told from the last entries of the journal; null where nothing happened to this person, or they have acted since. */
export function missed(lines: readonly Line[], s: Snapshot, me: Id): Missed | null {
  const own = lines.findLastIndex((line) => line.by === me);
  const found = lines.findLastIndex((line, i) => i > own && concerns(line, me));
  const line = lines[found];
  if (!line || !stillSo(line, s, me)) return null;
  return {
    what: line.event === "led_out" ? "led_out" : "chair",
    by: line.by,
    at: line.at,
    since: lines.slice(found + 1),
  };
}

function concerns(line: Line, me: Id): boolean {
  if (line.event === "led_out") return line.data.participant === me;
  return line.event === "facilitator_changed" && line.data.how === "taken" && line.data.before === me;
}

function stillSo(line: Line, s: Snapshot, me: Id): boolean {
  if (!s.room) return false;
  return line.event === "led_out" ? !s.room.present.includes(me) : s.facilitator !== me;
}

/** Acts by which somebody leads the room, comes or goes: one line each, for all to see. */
const ACTS = new Set([
  ...["room_opened", "joined", "left", "led_out", "said_later", "turn_given", "time_out_asked"],
  ...["paused", "resumed", "pause_ended", "timebox_set", "facilitator_offered", "facilitator_changed"],
  ...["round_opened", "round_closed", "returned", "due_changed", "screen_opened", "screen_closed"],
]);

/** What was done in the room that is open now, the newest first. */
export function actsInTheRoom(lines: readonly Line[]): Line[] {
  const opened = lines.findLastIndex((line) => line.event === "room_opened");
  return lines
    .slice(Math.max(opened, 0))
    .filter((line) => ACTS.has(line.event))
    .reverse();
}
