/** Lets whoever hears a page of a decision follow it: what is new goes to the one polite voice. */
import type { Id, Snapshot } from "../api/types";
import type { Looked } from "../state/looked";
import { spoken } from "./spoken";

/** Called while a component is made; it speaks as long as the component lives. */
export function speakOf(looking: () => Looked, me: Id, announce: (words: string, about?: string) => void): void {
  let before: Snapshot | null = null;
  let known = 0;
  $effect(() => {
    const { s, news } = looking();
    if (s === null) return;
    const fresh = news.slice(known);
    if (before !== null) for (const { words, about } of spoken(fresh, before, s, me)) announce(words, about);
    before = s;
    known = news.length;
  });
}
