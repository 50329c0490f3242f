/** What somebody is writing, kept in this browser until it is recorded: no push, reload or lost connection takes it. */

const PREFIX = "rondo:text:";

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
    this.#key = PREFIX + key;
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
  const prefix = `${PREFIX}${proposal}:`;
  const keys = storage ? Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "") : [];
  return keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => [key.slice(prefix.length), storage?.getItem(key) ?? ""]);
}
