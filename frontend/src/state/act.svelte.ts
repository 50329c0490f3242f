/** One act of a person: being recorded, recorded, or refused, said next to the button that was pressed. */
import type { Given, ProblemBody } from "../api/types";
import { given, type Answered } from "./decision";

interface Refused {
  body: ProblemBody;
}

const isRefused = (error: unknown): error is Refused =>
  typeof error === "object" && error !== null && "body" in error && typeof (error as Refused).body === "object";

export class Act {
  busy = $state(false);
  retrying = $state(false);
  problem: ProblemBody | null = $state.raw(null);
  /** What was recorded, and its receipt. */
  recorded: Given | null = $state.raw(null);

  /** Does it once: pressed again while it is being recorded, nothing more happens. */
  async run(what: (onRetry: () => void) => Promise<Answered | undefined>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      const done = await what(() => (this.retrying = true));
      this.recorded = done ? (given(done) ?? this.recorded) : this.recorded;
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
