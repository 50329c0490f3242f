/** What a component needs to know of a decision that somebody looks at: pages give it, tests can make it up. */
import type { Entry, Id, Snapshot } from "../api/types";
import type { Commands } from "./commands";

export interface Looked {
  readonly s: Snapshot | null;
  readonly commands: Commands;
  /** Who is connected now: decoration. */
  readonly online: ReadonlySet<Id>;
  /** Entries that came while it was looked at, newest last. */
  readonly news: readonly Entry[];
}
