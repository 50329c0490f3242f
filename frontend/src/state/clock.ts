/** The server's time, as nearly as it can be known here: this browser's clock may be minutes off.
 *
 * Each thing that the server said bounds how far the two clocks are apart; what all of it allows is narrowed down. */
export class ServerClock {
  #least = -Infinity;
  #most = Infinity;

  /** The server's time was somewhere from `earliest` to `latest` between two moments of this browser. */
  note(earliest: number, latest: number, sent: number, received: number): void {
    const least = earliest - received;
    const most = latest - sent;
    // Nothing fits both: one of the clocks was set anew, and what is newer counts.
    if (least > this.#most || most < this.#least) {
      this.#least = least;
      this.#most = most;
      return;
    }
    this.#least = Math.max(this.#least, least);
    this.#most = Math.min(this.#most, most);
  }

  /** What this browser's clock lacks, in milliseconds. */
  get offset(): number {
    const known = [this.#least, this.#most].filter(Number.isFinite);
    if (known.length === 2) return (this.#least + this.#most) / 2;
    return known[0] ?? 0;
  }

  now(): number {
    return Date.now() + this.offset;
  }
}

/** The one of this tab. */
export const serverClock = new ServerClock();

export const serverTime = (): Date => new Date(serverClock.now());

/** The header `Date` of an answer tells whole seconds. */
export function noteDate(header: string | null, sent: number, received: number, clock = serverClock): void {
  const at = Date.parse(header ?? "");
  if (Number.isFinite(at)) clock.note(at, at + 1000, sent, received);
}

/** An entry that was just pushed was made before it came. */
export function noteEntry(at: string, received: number, clock = serverClock): void {
  const made = Date.parse(at);
  if (Number.isFinite(made)) clock.note(made, Infinity, received, received);
}
