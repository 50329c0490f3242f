/** One act of a person: being recorded, recorded, or refused, said next to the button that was pressed. */
import type { ProblemBody } from "../api/types";

/** What an act needs of an answer: the entries that it made. Those of a meeting have no receipt. */
interface Answered {
  entries: { at: string; hash?: string }[];
}

interface Refused {
  body: ProblemBody;
}

const isRefused = (error: unknown): error is Refused =>
  typeof error === "object" && error !== null && "body" in error && typeof (error as Refused).body === "object";

export class Act {
  busy = $state(false);
  retrying = $state(false);
  problem: ProblemBody | null = $state.raw(null);
  /** When it was recorded, and the hash of its entry. */
  recorded: { at: string; hash: string } | null = $state.raw(null);

  /** Does it once: pressed again while it is being recorded, nothing more happens. */
  async run(what: (onRetry: () => void) => Promise<Answered | undefined>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      const done = await what(() => (this.retrying = true));
      const entry = done?.entries[0];
      if (entry?.hash) this.recorded = { at: entry.at, hash: entry.hash };
      return true;
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.problem = error.body;
      return false;
    } finally {
      this.busy = false;
      this.retrying = false;
    }
  }
}
