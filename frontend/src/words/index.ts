/** Every visible text goes through here; and what is written otherwise from language to language: lists, days, hours. */
import { serverTime } from "../state/clock";
import { _, called, isolated, locale } from "./said";
import { localInput, which, zone } from "./zone";

export { _, called, language, ngettext } from "./said";
export { fromLocalInput, localInput, zoneName } from "./zone";

/** «Max», «Max and Jun», «Max, Jun and 3 others». */
export function names(people: string[], most = 3): string {
  const shown = people.length > most ? people.slice(0, most - 1) : people;
  const rest = people.length - shown.length;
  const named = shown.map((name) => isolated(called(name)));
  const parts = rest > 0 ? [...named, _("{n} others", { n: rest })] : named;
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(parts);
}

// Making one of these takes a browser longer than using it a hundred times.
const formats = new Map<string, Intl.DateTimeFormat>();
function shown(time: Date, options: Intl.DateTimeFormatOptions, timeZone = zone()): string {
  const key = JSON.stringify([options, timeZone, locale()]);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(locale(), { ...options, timeZone })));
  return format.format(time);
}

// What the browser's own zone answers without one of those formats is not asked of them: each costs a slow phone the
// time of a picture.
const dateIn = (time: Date) =>
  zone() ? shown(time, { year: "numeric", month: "2-digit", day: "2-digit" }) : time.toDateString();
const sameDay = (a: Date, b: Date) => dateIn(a) === dateIn(b);
const twoDigits = (n: number) => String(n).padStart(2, "0");

/** «14:02», in the reader's own zone; «02:30 UTC+01:00» in the hour that comes twice when clocks are put back. */
export function hour(at: string): string {
  const time = new Date(at);
  const told = zone()
    ? shown(time, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    : `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`;
  return [told, which(time)].filter(Boolean).join(" ");
}

/** «14:02» today, «Tue 24 Nov, 14:02» else; in the reader's own zone. */
export function when(at: string, now = serverTime()): string {
  if (sameDay(new Date(at), now)) return hour(at);
  return `${day(at, now)}, ${hour(at)}`;
}

/** A day without an hour is the same everywhere. */
const read = (at: string): [Date, string | undefined] =>
  at.length === 10 ? [new Date(`${at}T12:00:00Z`), "UTC"] : [new Date(at), zone()];

const yearOf = (at: string) =>
  at.length > 10 && !zone() ? new Date(at).getFullYear() : Number((at.length === 10 ? at : localInput(at)).slice(0, 4));

/** «Tue 24 Nov», with the year where it is not this one. */
export function day(at: string, now = serverTime()): string {
  const [time, timeZone] = read(at);
  const year = yearOf(at) === yearOf(now.toISOString()) ? {} : { year: "numeric" as const };
  const weekday = Math.abs(time.getTime() - now.getTime()) < 300 * 86_400_000 ? { weekday: "short" as const } : {};
  return shown(time, { ...weekday, day: "numeric", month: "short", ...year }, timeZone);
}

/** Makes what days are told with. A browser takes its time over the first of these: it has some while it waits. */
export function readyForDays(): void {
  day(new Date().toISOString());
}

/** «21 November 2026» */
export function longDay(at: string): string {
  const [time, timeZone] = read(at);
  return shown(time, { day: "numeric", month: "long", year: "numeric" }, timeZone);
}
