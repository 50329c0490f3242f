/**
 * JSON read as strictly as the verifier in Python reads it: whole numbers of any size, no name twice in one object,
 * every half of a character kept. `JSON.parse` would round, forget and guess.
 */
import { _ } from "../../words/said";

export type Value = null | boolean | bigint | string | Value[] | Fields;
export type Fields = Map<string, Value>;

/** What was given is not JSON as journals are written. */
export class NotJson extends Error {}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y; // eslint-disable-line no-control-regex
const WORDS: [string, Value][] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
const LONGEST_NUMBER = 4300;

class Reader {
  #at = 0;

  constructor(private readonly text: string) {}

  document(): Value {
    const value = this.#value();
    this.#space();
    if (this.#at < this.text.length) throw new NotJson(_("something stands after its end"));
    return value;
  }

  #value(): Value {
    this.#space();
    switch (this.text[this.#at]) {
      case "{":
        return this.#object();
      case "[":
        return this.#list();
      case '"':
        return this.#string();
    }
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const number = this.#match(NUMBER);
    if (number === null || number.length > LONGEST_NUMBER) throw this.#unexpected();
    return BigInt(number);
  }

  #object(): Fields {
    const fields: Fields = new Map();
    this.#each("}", () => {
      this.#space();
      const name = this.#string();
      if (fields.has(name)) throw new NotJson(_("a name stands twice in one object"));
      this.#take(":");
      fields.set(name, this.#value());
    });
    return fields;
  }

  #list(): Value[] {
    const items: Value[] = [];
    this.#each("]", () => items.push(this.#value()));
    return items;
  }

  /** What stands between brackets, with commas between. */
  #each(end: string, one: () => void): void {
    this.#at++;
    this.#space();
    if (this.text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      one();
      this.#space();
      const next = this.text[this.#at++];
      if (next === end) return;
      if (next !== ",") throw this.#unexpected();
    }
  }

  #string(): string {
    const found = this.#match(STRING);
    if (found === null) throw this.#unexpected();
    return JSON.parse(found) as string;
  }

  #take(sign: string): void {
    this.#space();
    if (this.text[this.#at++] !== sign) throw this.#unexpected();
  }

  #space(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #unexpected(): NotJson {
    return new NotJson(_("it cannot be read from character {n} on", { n: this.#at + 1 }));
  }
}

export function read(text: string): Value {
  try {
    return new Reader(text).document();
  } catch (error) {
    // Nested deeper than anything that Rondo writes.
    if (error instanceof RangeError) throw new NotJson(_("it is nested too deeply"));
    throw error;
  }
}

export const byCodePoint = (a: string, b: string): number => {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
};

// eslint-disable-next-line no-control-regex
const ESCAPED = /["\\\u0000-\u001f]/g;
const quoted = (text: string) => `"${text.replace(ESCAPED, (sign) => JSON.stringify(sign).slice(1, -1))}"`;

/** Keys sorted by code point, no spaces, no escapes that are not needed: the same value, the same text. */
export function canonical(value: Value): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!(value instanceof Map)) return String(value);
  const fields = [...value].sort(([a], [b]) => byCodePoint(a, b));
  return `{${fields.map(([name, field]) => `${quoted(name)}:${canonical(field)}`).join(",")}}`;
}

/** UTF-8, in which half a character has its three bytes too, as Python writes it. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  const halves = /[\ud800-\udfff]/u;
  if (!halves.test(text)) return new TextEncoder().encode(text);
  const parts = Array.from(text, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    if (!halves.test(sign)) return [...new TextEncoder().encode(sign)];
    return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  });
  return new Uint8Array(parts.flat());
}
