/** Every visible text goes through here, so that it can be gathered and translated. */

// The day before the month, and the clock to twenty-four, where the page says no more than "English".
const language = { en: "en-GB" }[document.documentElement.lang] ?? (document.documentElement.lang || "en-GB");

// A name from right to left keeps its direction to itself, so that the sentence around it keeps its order.
const [ISOLATE, END] = ["\u2068", "\u2069"];
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
const isolated = (text: string) =>
  RIGHT_TO_LEFT.test(text) && !text.includes(ISOLATE) ? `${ISOLATE}${text}${END}` : text;

/** A text with `{places}` filled in. */
export function _(text: string, places: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => isolated(String(places[name] ?? whole)));
}

export function ngettext(one: string, many: string, n: number, places: Record<string, string | number> = {}): string {
  return _(n === 1 ? one : many, { n, ...places });
}

/** «Max», «Max and Jun», «Max, Jun and 3 others». */
export function names(people: string[], most = 3): string {
  const shown = people.length > most ? people.slice(0, most - 1) : people;
  const rest = people.length - shown.length;
  const named = shown.map(isolated);
  const parts = rest > 0 ? [...named, _("{n} others", { n: rest })] : named;
  return new Intl.ListFormat(language, { type: "conjunction" }).format(parts);
}

// Making one of these takes a browser longer than using it a hundred times.
const formats = new Map<string, Intl.DateTimeFormat>();
function shown(time: Date, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(language, options)));
  return format.format(time);
}

const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString();

/** «14:02», in the reader's own zone. */
export function hour(at: string): string {
  return shown(new Date(at), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** «14:02» today, «Tue 24 Nov, 14:02» else; in the reader's own zone. */
export function when(at: string, now = new Date()): string {
  if (sameDay(new Date(at), now)) return hour(at);
  return `${day(at, now)}, ${hour(at)}`;
}

/** «Tue 24 Nov», with the year where it is not this one. */
export function day(at: string, now = new Date()): string {
  const time = new Date(at.length === 10 ? `${at}T00:00:00` : at);
  const year = time.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  const weekday = Math.abs(time.getTime() - now.getTime()) < 300 * 86_400_000 ? { weekday: "short" as const } : {};
  return shown(time, { ...weekday, day: "numeric", month: "short", ...year });
}

/** «21 November 2026» */
export function longDay(at: string): string {
  const time = new Date(at.length === 10 ? `${at}T00:00:00` : at);
  return shown(time, { day: "numeric", month: "long", year: "numeric" });
}

/** A time as an `<input type="datetime-local">` takes it, in the reader's own zone. */
export function localInput(at: string): string {
  const time = new Date(at);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
