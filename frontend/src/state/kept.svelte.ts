/** What somebody is writing, kept in this browser until it is recorded: no push, reload or lost connection takes it. */

let prefix = "rondo:text:";

/** From now on texts are kept for this account: nobody who signs in here after it finds them in their boxes. */
export function keepTextsOf(account: string): void {
  prefix = `rondo:text:${account}:`;
}

function stored(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

export class KeptText {
  #text = $state("");
  readonly #key: string;

  constructor(key: string, usual = "") {
    this.#key = prefix + key;
    this.#text = stored()?.getItem(this.#key) ?? usual;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    // A full storage is no reason to lose a keystroke: the text stays in the page.
    try {
      if (text) stored()?.setItem(this.#key, text);
      else stored()?.removeItem(this.#key);
    } catch {
      return;
    }
  }

  /** It is recorded, or thrown away. */
  clear(): void {
    this.text = "";
  }
}

/** The texts that are kept for a proposal: what they were for, and what they say. */
export function keptFor(proposal: string): [string, string][] {
  const storage = stored();
  const start = `${prefix}${proposal}:`;
  const keys = storage ? Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "") : [];
  return keys
    .filter((key) => key.startsWith(start))
    .map((key) => [key.slice(start.length), storage?.getItem(key) ?? ""]);
}
