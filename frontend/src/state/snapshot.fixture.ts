/** A decision in its questions round, for tests: Pia proposed, Fay facilitates, Max is a member. */
import type { Snapshot } from "../api/types";

const person = (name: string, awaited: boolean, may: string[]) => ({
  name,
  absent: false,
  left: false,
  suspended: false,
  markable: false,
  heard: !awaited,
  awaited,
  waiting: awaited,
  may,
});

export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    id: "d1",
    number: 1,
    team: "harbour",
    team_name: "Harbour",
    title: "Trunk-based development",
    driver: "Merges cost us eleven days.",
    phase: "clarifying",
    seq: 2,
    author: "pia",
    facilitator: "fay",
    revision: 1,
    policy: { sealed: "in_room", quorum_percent: 50, due_days: 3, objector_grace_days: 7, second_look_days: 7 },
    participants: {
      fay: person("Fay", true, ["ask", "clear"]),
      max: person("Max", true, ["ask", "clear"]),
      pia: person("Pia", false, ["withdraw"]),
    },
    observers: {},
    overdue: false,
    round: {
      id: "r1",
      kind: "clarifying",
      revision: 1,
      sealed: false,
      opened_at: "2026-11-21T13:00:00.000Z",
      due_at: "2026-11-24T13:00:00.000Z",
      due_passed: false,
      complete: false,
    },
    rounds: {},
    revisions: {},
    questions: {},
    reactions: {},
    responses: {},
    objections: {},
    screens: {},
    ...changes,
  } as Snapshot;
}
