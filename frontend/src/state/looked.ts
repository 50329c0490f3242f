/** What a component needs to know of a decision that somebody looks at: pages give it, tests can make it up. */
import type { Entry, Id, Snapshot, Voice } from "../api/types";
import type { Line } from "./away";
import type { Commands } from "./commands";

export interface Looked {
  readonly s: Snapshot | null;
  readonly commands: Commands;
  /** Who is connected now: decoration. */
  readonly online: ReadonlySet<Id>;
  /** Entries that came while it was looked at, newest last. */
  readonly news: readonly Entry[];
  /** The last lines of the journal, newest last; where it is looked at as a room. */
  readonly lines: readonly Line[];
  /** Who was heard in each round, and how long turns took; where it is looked at as a room. */
  readonly voices: readonly Voice[];
}
