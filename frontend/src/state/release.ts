/** Which pages this document was made with, and whether the server has newer ones by now. */
import { writable } from "svelte/store";

/** Whether there is a new version. During an update some processes are still of the old one: once known, it stays so. */
export const renewed = writable(false);

const parts = (pages: string): [made: number, hash: string] => {
  const [made = "", hash = ""] = pages.split(".");
  return [Number(made), hash];
};

/** Whether the second are other pages than the first, and made no earlier: `seconds.hash`. */
export function isNewer(mine: string, theirs: string): boolean {
  const [[made, hash], [later, other]] = [parts(mine), parts(theirs)];
  return hash !== other && later >= made;
}

/** What the server says of its pages, with each answer and when a socket is opened. */
export function notePages(theirs: unknown): void {
  const mine = document.querySelector<HTMLMetaElement>('meta[name="pages"]')?.content;
  if (mine && typeof theirs === "string" && theirs && isNewer(mine, theirs)) renewed.set(true);
}
