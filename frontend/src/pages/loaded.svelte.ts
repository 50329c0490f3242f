/** What a page has fetched: nothing yet, the thing itself, or why it could not be had. */
import { untrack } from "svelte";
import { Problem, call } from "../api/client";
import type { Page, ProblemBody } from "../api/types";
import type { Here } from "./context";

export class Loaded<T> {
  value: T | undefined = $state.raw();
  problem: ProblemBody | null = $state.raw(null);
  #latest = 0;

  /** Fetches, or fetches again: an answer that a later one has overtaken is dropped. */
  async from(get: () => Promise<T>): Promise<void> {
    const mine = ++this.#latest;
    try {
      const value = await get();
      if (mine !== this.#latest) return;
      this.value = value;
      this.problem = null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (mine === this.#latest) this.problem = error.body;
    }
  }
}

/** A list of which more can be fetched. */
export class Listing<T> extends Loaded<Page<T>> {
  fetchingMore = $state(false);

  get rows(): T[] {
    return this.value?.results ?? [];
  }

  async of(path: string): Promise<void> {
    await this.from(() => call<Page<T>>("GET", path));
  }

  async more(): Promise<void> {
    const known = this.value;
    if (!known?.next || this.fetchingMore) return;
    this.fetchingMore = true;
    const path = known.next.slice(known.next.indexOf("/api/v1/") + "/api/v1/".length);
    await this.from(async () => {
      const page = await call<Page<T>>("GET", path);
      return { ...page, results: [...known.results, ...page.results] };
    });
    this.fetchingMore = false;
  }
}

// Who is told of nothing by the server, an observer for one, sees what is new no later than this.
const FRESH = 60_000;

/** At once, and again whenever something has moved: the server tells anew what waits, also after a lost connection;
 * and whenever somebody comes back to the page. */
export function whenever(here: Here, load: () => void): void {
  let begun = false;
  let known: Here["waiting"] = null;
  $effect(() => {
    const { waiting } = here;
    // The first list of what waits comes along with the page: there is nothing newer to fetch.
    if (!begun || (known !== null && waiting !== known)) untrack(load);
    begun = true;
    known = waiting;
  });
  $effect(() => {
    const look = () => document.visibilityState === "visible" && load();
    const beat = setInterval(look, FRESH);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(beat);
      document.removeEventListener("visibilitychange", look);
    };
  });
}

/** At once, and again with all news of meetings; whoever begins to listen may have missed some. */
export function withMeetings(here: Here, load: () => void): void {
  $effect(() => {
    void here.meetings;
    untrack(load);
  });
}
