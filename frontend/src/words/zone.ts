/** In which time zone the page tells times: the reader's own choice, else the one of their browser. */
let chosen: string | undefined;
// Making one takes a browser longer than using it a hundred times.
let sortable: Intl.DateTimeFormat | undefined;

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The zone of this browser: `Europe/Berlin`. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What `Intl` is given; undefined leaves it to the browser. */
export const zone = (): string | undefined => chosen;

/** The name of the zone in which times are told. */
export const zoneName = (): string => chosen ?? browserZone();

/** From now on; null where the browser's is to count, as where a browser does not know the zone. */
export function tellTimesIn(name: string | null): void {
  sortable = undefined;
  try {
    chosen = name ? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone && name : undefined;
  } catch {
    chosen = undefined;
  }
}

/** A time as an `<input type="datetime-local">` takes it, in the reader's own zone. */
export function localInput(at: string): string {
  const time = new Date(at);
  if (!chosen) return new Date(time.getTime() - time.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
  const two = "2-digit";
  sortable ??= new Intl.DateTimeFormat("sv-SE", {
    timeZone: chosen,
    year: "numeric",
    month: two,
    day: two,
    hour: two,
    minute: two,
  });
  return sortable.format(time).replace(" ", "T");
}

/** How far the reader's clock is ahead of UTC then, in milliseconds; `moment` without seconds. */
const ahead = (moment: number) => Date.parse(`${localInput(new Date(moment).toISOString())}Z`) - moment;

/** The moments at which the reader's clock shows this (`shown`: as if it were UTC): one as a rule; two where clocks are
 * put back over it. Where they are put forward over it none does, and it is as if they had not been. */
function moments(shown: number): number[] {
  const possible = [shown - ahead(shown - DAY), shown - ahead(shown + DAY)];
  const real = possible.filter((moment) => moment + ahead(moment) === shown);
  return real.length ? real : [Math.max(...possible)];
}

/** The moment that such an input names, in UTC: of two the later one, so that nothing is early.
 *
 * `filled`: the moment that the input was filled with; it is meant as long as the input says it. */
export function fromLocalInput(text: string, filled?: string): string {
  if (filled && text === localInput(filled)) return filled;
  return new Date(Math.max(...moments(Date.parse(`${text}Z`)))).toISOString();
}

/** «UTC+01:00» where the reader's clock shows this time twice that night, else nothing. */
export function which(at: Date): string {
  const moment = Math.floor(at.getTime() / MINUTE) * MINUTE;
  if (ahead(moment - DAY) === ahead(moment + DAY)) return "";
  const off = ahead(moment);
  const [first, second] = moments(moment + off);
  if (second === undefined || first === second) return "";
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  const size = Math.abs(off) / MINUTE;
  return `UTC${off < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}
