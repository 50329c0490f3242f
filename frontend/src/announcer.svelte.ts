/** The one polite voice of the page: at most one message in five seconds, the newest news first. */
const PAUSE = 5000;

export class Announcer {
  words = $state("");
  #next: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(words: string): void {
    if (this.#timer !== undefined) {
      this.#next = words;
      return;
    }
    this.words = words;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const next = this.#next;
      this.#next = null;
      if (next !== null && next !== this.words) this.say(next);
    }, PAUSE);
  }
}
