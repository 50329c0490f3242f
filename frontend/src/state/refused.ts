/** What a refusal tells besides its words. */
import type { Id, ProblemBody } from "../api/types";

/** The version that came while its reader was at an earlier one. */
export function newerVersion({ code, proposal, revision }: ProblemBody): { proposal: Id; revision: number } | null {
  if (code !== "revision_replaced" || typeof proposal !== "string" || typeof revision !== "number") return null;
  return revision > 1 ? { proposal, revision } : null;
}
