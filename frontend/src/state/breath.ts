/** A breath before the answer: offered once after each objection, only while it is fresh, and never again if unwanted. */

const FRESH = 2 * 60_000;
const LATER = 10 * 60_000;
const NEVER = "rondo:no-breath";

function stored(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

/** Whether to offer a breath to an author who looks at an objection that was recorded at `at`. */
export const offersBreath = (at: string, now: number): boolean =>
  now - new Date(at).getTime() < FRESH && stored()?.getItem(NEVER) !== "1";

/** When a breath that begins now is over. */
export const afterBreath = (now: number): number => now + LATER;

export function neverAgain(): void {
  try {
    stored()?.setItem(NEVER, "1");
  } catch {
    return;
  }
}
