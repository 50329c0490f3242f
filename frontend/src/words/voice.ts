/** Equal voice in words: who was heard, and how long turns took; of the circle as a whole, and of nobody by name. */
import type { Id, Snapshot, Voice } from "../api/types";
import { nameOf } from "../state/decision";
import { _, names, ngettext } from ".";
import { minutes } from "./clock";

/** In the order of the alphabet: no place in it says anything of a person. */
export function namesOf(s: Snapshot, people: readonly Id[]): string {
  const all = people.map((who) => nameOf(s, who)).sort((a, b) => a.localeCompare(b));
  return names(all, all.length);
}

/** «Turns took from 0:20 to 2:10, half of them up to 1:05; 2 went over the timebox of 2:00.» */
export function turnsWords(voice: Voice): string {
  const { turns, over, timebox } = voice;
  const [first, last] = [turns[0], turns.at(-1)];
  if (first === undefined || last === undefined) return "";
  const middle = turns[Math.ceil(turns.length / 2) - 1] ?? last;
  const spread =
    first === last
      ? _("Each turn took {time}", { time: minutes(first) })
      : _("Turns took from {first} to {last}, half of them up to {middle}", {
          first: minutes(first),
          last: minutes(last),
          middle: minutes(middle),
        });
  if (!over) return `${spread}.`;
  const late = ngettext("one went over the timebox", "{n} went over the timebox", over);
  return timebox ? `${spread}; ${late} (${minutes(timebox)}).` : `${spread}; ${late}.`;
}

/** The rounds by turns that are over, the newest first. */
export const roundsByTurns = (voices: readonly Voice[]): Voice[] =>
  voices.filter((one) => one.by_turns && one.closed).reverse();
