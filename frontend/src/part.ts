import { writable } from "svelte/store";
import { askForPages } from "./api/client";

/** How many parts of the page that is shown are still on their way. */
export const partsAwaited = writable(0);

/** A part of a page that is fetched when it is needed. Where the line is cut it is asked for again until it is there:
 * whoever comes back from a tunnel finds a whole page. After an update it may be gone for good: the server is asked
 * whether there was one, and the page says so. */
const FIRST = 500;
const LONGEST = 10_000;

export async function part<T>(load: () => Promise<T>, missed = () => {}): Promise<T> {
  await null; // never in the midst of drawing, which may change nothing
  partsAwaited.update((n) => n + 1);
  try {
    return await untilThere(load, missed);
  } finally {
    partsAwaited.update((n) => n - 1);
  }
}

/** When no part is on its way any more. */
export async function partsThere(): Promise<void> {
  await null; // those that were only just asked for are counted by then
  let stop = () => {};
  await new Promise<void>((there) => (stop = partsAwaited.subscribe((n) => n === 0 && there())));
  stop();
}

async function untilThere<T>(load: () => Promise<T>, missed: () => void): Promise<T> {
  for (let pause = FIRST; ; pause = Math.min(pause * 2, LONGEST)) {
    try {
      return await load();
    } catch (error) {
      // What a browser says of a file that it could not fetch; anything else is wrong in the file itself.
      if (!(error instanceof TypeError)) throw error;
      missed();
      void askForPages();
      await new Promise((then) => setTimeout(then, pause));
    }
  }
}
