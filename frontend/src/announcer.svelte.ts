/** The one polite voice of the page: at most one message in five seconds, and none while its hearer is typing.
 *
 * What comes meanwhile is gathered into one message. News of the same subject takes the place of what it makes old. */
const PAUSE = 5000;
// What one act brings about comes in a moment, and is one message.
const GATHER = 200;
const TYPING = 2000;
const MOST = 4;

export class Announcer {
  words = $state("");
  #waiting: { words: string; about: string }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #spoke = -Infinity;
  #typed = -Infinity;

  /** Says it, or keeps it for the next message. `about`: of what it is the latest news. */
  say(words: string, about = words): void {
    this.#waiting = [...this.#waiting.filter((other) => other.about !== about), { words, about }];
    this.#soon();
  }

  /** Somebody has just pressed a key in a box. */
  typed(): void {
    this.#typed = Date.now();
    if (this.#waiting.length > 0) this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    const wait = Math.max(this.#spoke + PAUSE, this.#typed + TYPING) - Date.now();
    this.#timer = setTimeout(() => this.#speak(), Math.max(wait, GATHER));
  }

  #speak(): void {
    // The oldest fall away: what matters now was said last.
    const words = this.#waiting.slice(-MOST).map((one) => one.words);
    this.#waiting = [];
    this.#spoke = Date.now();
    this.words = words.join(" ");
  }
}
