/** A decision that is looked at: the snapshot, kept up to date by entries from answers and from the socket alike. */
import type { Entry, Snapshot } from "../api/types";
import { apply } from "./decision";

export class Decision {
  snapshot: Snapshot = $state.raw() as Snapshot;
  /** Entries that came while this page was open, newest last. */
  news: Entry[] = $state.raw([]);

  constructor(
    snapshot: Snapshot,
    /** Called when something was missed: ask again for what follows the last known entry. */
    private readonly missed: () => void = () => undefined,
  ) {
    this.snapshot = snapshot;
  }

  take(entries: Entry[]): void {
    const taken: Entry[] = [];
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

  /** Another snapshot in its place, if it is not older. */
  replace(snapshot: Snapshot): void {
    if (snapshot.seq >= this.snapshot.seq) this.snapshot = snapshot;
  }
}
