/** The time of a turn as it is shown: calm while there is plenty, each second of the last ten, and then in words. */
import { _, ngettext } from ".";

const STEP = 5;
const LAST = 10;

/** The seconds that are shown for what is left; the same for five seconds, so that nothing flickers. */
export function calm(left: number): number {
  if (left > LAST) return Math.ceil(left / STEP) * STEP;
  if (left >= 0) return Math.ceil(left);
  return -Math.floor(-left / STEP) * STEP;
}

/** «1:25», as a clock. */
export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;
}

/** «1 minute 20 seconds over the time of this turn.» Nobody is cut off. */
export function overWords(seconds: number, of: "turn" | "item"): string {
  const time = duration(seconds);
  if (of === "item")
    return seconds < STEP
      ? _("The time planned for this item is over.")
      : _("{time} over the time planned for this item.", { time });
  return seconds < STEP ? _("The time of this turn is over.") : _("{time} over the time of this turn.", { time });
}

/** «20 seconds», «1 minute 20 seconds» */
export function duration(seconds: number): string {
  const [m, s] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
  const parts = [m && ngettext("{n} minute", "{n} minutes", m), s && ngettext("{n} second", "{n} seconds", s)];
  return parts.filter(Boolean).join(" ") || _("no time");
}
