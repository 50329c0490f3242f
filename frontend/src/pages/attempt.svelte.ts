/** One thing at a time that a person tries on a page: under way, done, or refused in words. */
import { Problem } from "../api/client";

export class Attempt {
  /** What is under way. */
  busy = $state("");
  /** What was done last. */
  done = $state("");
  #refused: { what: string; problem: Problem } | null = $state.raw(null);

  /** Whether it went well. Pressed again meanwhile, nothing more happens. */
  async at(what: string, doing: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = what;
    this.done = "";
    this.#refused = null;
    try {
      await doing();
      this.done = what;
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#refused = { what, problem: error };
      return false;
    } finally {
      this.busy = "";
    }
  }

  /** What is amiss with this field. */
  fault(what: string, field: string): string | undefined {
    return this.#refused?.what === what ? this.#refused.problem.field(field) : undefined;
  }

  /** What was refused and belongs to none of these fields. */
  refusal(what: string, ...fields: string[]): string {
    if (this.#refused?.what !== what) return "";
    const { problem } = this.#refused;
    return fields.some((field) => problem.field(field)) ? "" : problem.message;
  }
}
