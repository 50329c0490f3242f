/** In which time zone the page tells times: the reader's own choice, else the one of their browser. */
let chosen: string | undefined;

/** The zone of this browser: `Europe/Berlin`. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What `Intl` is given; undefined leaves it to the browser. */
export const zone = (): string | undefined => chosen;

/** The name of the zone in which times are told. */
export const zoneName = (): string => chosen ?? browserZone();

/** From now on; null where the browser's is to count, as where a browser does not know the zone. */
export function tellTimesIn(name: string | null): void {
  try {
    chosen = name ? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone && name : undefined;
  } catch {
    chosen = undefined;
  }
}

/** A time as an `<input type="datetime-local">` takes it, in the reader's own zone. */
export function localInput(at: string): string {
  const sortable = new Date(at).toLocaleString("sv-SE", { timeZone: zone() });
  return sortable.slice(0, 16).replace(" ", "T");
}

/** The moment that such an input names, in UTC. */
export function fromLocalInput(text: string): string {
  const named = Date.parse(`${text}Z`);
  const off = (moment: number) => Date.parse(`${localInput(new Date(moment).toISOString())}Z`) - moment;
  // The second look is for a night in which the clocks are changed.
  const near = named - off(named);
  return new Date(named - off(near)).toISOString();
}
