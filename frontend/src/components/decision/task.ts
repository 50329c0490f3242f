/** What every task of a decision is given. */
import type { Id, Snapshot } from "../../api/types";
import type { Commands } from "../../state/commands";
import type { KeptText } from "../../state/kept.svelte";

export interface TaskProps {
  s: Snapshot;
  me: Id;
  commands: Commands;
  /** Whether nothing else is asked of the reader before this. */
  first?: boolean;
}

export interface SayingProps extends TaskProps {
  /** What the reader noted for themselves while others spoke. */
  note?: KeptText | null;
}
