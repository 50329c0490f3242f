import { writable } from "svelte/store";

/** How many parts of the page that is shown are still on their way. */
export const partsAwaited = writable(0);

/** A part of a page that is fetched when it is needed. Where the line is cut it is asked for again until it is there:
 * whoever comes back from a tunnel finds a whole page. */
const FIRST = 500;
const LONGEST = 10_000;

export async function part<T>(load: () => Promise<T>): Promise<T> {
  await null; // never in the midst of drawing, which may change nothing
  partsAwaited.update((n) => n + 1);
  try {
    return await untilThere(load);
  } finally {
    partsAwaited.update((n) => n - 1);
  }
}

async function untilThere<T>(load: () => Promise<T>): Promise<T> {
  for (let pause = FIRST; ; pause = Math.min(pause * 2, LONGEST)) {
    try {
      return await load();
    } catch (error) {
      // What a browser says of a file that it could not fetch; anything else is wrong in the file itself.
      if (!(error instanceof TypeError)) throw error;
      await new Promise((then) => setTimeout(then, pause));
    }
  }
}
