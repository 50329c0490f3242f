/** The text of a decision that somebody tried out, kept in this browser until they use it with their team. */

export interface Tried {
  title: string;
  driver: string;
  body: string;
}

const KEY = "rondo:tried";

function stored(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

export function keepTried(text: Tried): void {
  try {
    stored()?.setItem(KEY, JSON.stringify(text));
  } catch {
    return;
  }
}

export function tried(): Tried | null {
  try {
    const found = JSON.parse(stored()?.getItem(KEY) ?? "null") as Partial<Tried> | null;
    const whole = [found?.title, found?.driver, found?.body].every((part) => typeof part === "string");
    return whole ? (found as Tried) : null;
  } catch {
    return null;
  }
}

export function forgetTried(): void {
  stored()?.removeItem(KEY);
}
