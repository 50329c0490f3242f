/** What somebody looks at, a decision or a meeting: its snapshot, kept up to date by entries from answers and from the
 * socket alike. */
import type { Entry } from "../api/types";
import { apply } from "./decision";

type Step = Pick<Entry, "seq" | "changes">;

export class Followed<S extends { seq: number }, E extends Step = Entry> {
  snapshot: S = $state.raw() as S;
  /** Entries that came while this page was open, newest last. */
  news: E[] = $state.raw([]);

  constructor(
    snapshot: S,
    /** Called when something was missed: ask again for what follows the last known entry. */
    private readonly missed: () => void = () => undefined,
  ) {
    this.snapshot = snapshot;
  }

  take(entries: E[]): void {
    const taken: E[] = [];
    let now = this.snapshot;
    for (const entry of entries) {
      const applied = apply(now, entry);
      if (applied.kind === "gap") {
        this.missed();
        break;
      }
      if (applied.kind === "applied") {
        now = applied.snapshot;
        taken.push(entry);
      }
    }
    if (taken.length === 0) return;
    this.snapshot = now;
    this.news = [...this.news, ...taken];
  }

  /** What was known is not to be relied on: this is where it stands. */
  startFrom(snapshot: S): void {
    this.snapshot = snapshot;
    this.news = this.news.filter((entry) => entry.seq <= snapshot.seq);
  }

  /** Another snapshot in its place, if it is not older. */
  replace(snapshot: S): void {
    if (snapshot.seq >= this.snapshot.seq) this.snapshot = snapshot;
  }
}
