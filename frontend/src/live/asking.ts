/** Where no socket is open, what it would say is asked for: the same messages, every few seconds. */
import type { Message } from "./connection";

/** What came of a question: messages, or how it was refused, and for how many seconds the server wants to be left
 * alone. */
export type Told = { messages: Message[] } | { status: number; rest: number };
export type Ask = (topic: string, after?: number, epoch?: string) => Promise<Told>;

const EVERY = 5_000;
// A socket that was cut is back before this, mostly: then nothing is asked.
const FIRST = 3_000;
const SOON = 250;

/** A fifth more or less: those who were cut off in one moment do not ask in one. */
const spread = (pause: number) => pause * (0.8 + 0.4 * Math.random());

/** When to ask: from a while after the beginning until the end, and not while nobody looks. */
export class Asking {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #on = false;
  #busy = false;
  #pressing = false;
  #notBefore = 0;

  /** `round` asks about everything once, and tells for how many seconds the server then wants to be left alone. */
  constructor(private readonly round: () => Promise<number>) {}

  begin(): void {
    if (this.#on) return;
    this.#on = true;
    this.#in(FIRST);
  }

  end(): void {
    this.#on = this.#pressing = false;
    clearTimeout(this.#timer);
  }

  /** Something was missed, or somebody is back at the page: there is no use in waiting for the next turn. */
  soon(): void {
    if (!this.#on) return;
    if (this.#busy) this.#pressing = true;
    else this.#in(SOON);
  }

  #in(pause: number): void {
    clearTimeout(this.#timer);
    const wait = Math.max(spread(pause), this.#notBefore - Date.now());
    this.#timer = setTimeout(() => void this.#now(), wait);
  }

  async #now(): Promise<void> {
    // Who comes back to the page makes it ask soon.
    if (document.visibilityState === "hidden" || this.#busy) return;
    this.#busy = true;
    try {
      const rest = await this.round();
      // Those who were sent away together do not come back together either.
      if (rest > 0) this.#notBefore = Date.now() + rest * 1_000 + EVERY * Math.random();
    } finally {
      this.#busy = false;
      const pause = this.#pressing ? SOON : EVERY;
      this.#pressing = false;
      if (this.#on) this.#in(pause);
    }
  }
}
