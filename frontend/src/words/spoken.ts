/** What whoever hears a meeting rather than sees it is told of it: what others did, and whose turn it is now. */
import type { Entry, Id, Snapshot } from "../api/types";
import { responsesOf } from "../state/decision";
import { _, names, ngettext } from ".";
import { eventLine } from "./phrases";
import { turnLine } from "./turn";

export interface Spoken {
  words: string;
  /** News of the same subject makes this old. */
  about?: string;
}

/** Acts of others that are told one by one; of what is said in a round, that it was said. */
const TOLD = new Set([
  ...["room_opened", "room_closed", "joined", "left", "led_out", "said_later"],
  ...["time_out_asked", "paused", "resumed", "pause_ended", "facilitator_changed", "facilitator_offered"],
  ...["screen_opened", "screen_closed"],
  ...["marked_absent", "returned_from_absence", "authorship_offered", "author_changed"],
  ...["question_asked", "question_answered", "reacted", "passed", "cleared"],
  ...["consented", "concern_raised", "objection_raised", "responded"],
  ...["objection_restated", "restatement_confirmed", "restatement_corrected", "revised"],
]);

/** The messages that these entries, which led from one snapshot to the other, are worth to this person. */
export function spoken(entries: readonly Entry[], before: Snapshot, after: Snapshot, me: Id): Spoken[] {
  const told: Spoken[] = entries
    .filter((entry) => TOLD.has(entry.event) && entry.by !== me)
    .map((entry) => ({ words: sentence(eventLine(entry, after)) }));
  const result = revealed(before, after);
  if (result) told.push({ words: result });
  const turn = turnLine(after, me);
  const own = entries.at(-1)?.by === me && !turn.mine && after.round?.id === before.round?.id;
  if (turns(before, after, me) && !own) {
    told.push({ words: [turn.text, turn.more].filter(Boolean).join(" "), about: "turn" });
  }
  return told;
}

/** Whether somebody else is to act now, or something else is asked. */
function turns(before: Snapshot, after: Snapshot, me: Id): boolean {
  const now = (s: Snapshot) => [s.phase, s.round?.id, s.room?.speaker, s.room?.paused ?? false].join("/");
  return now(before) !== now(after) && turnLine(before, me).text !== turnLine(after, me).text;
}

/** «6 consents, 1 objection.», where a consent round has just closed. */
function revealed(before: Snapshot, after: Snapshot): string | null {
  const id = before.round?.id;
  if (!id || before.round?.kind !== "consent" || after.round?.id === id) return null;
  return resultWords(after, id);
}

/** What came out of a consent round, counted in words: whoever reads on finds each answer in full. */
export function resultWords(s: Snapshot, round: Id): string {
  const answers = responsesOf(s, round).map(([, one]) => one.kind);
  const count = (kind: string) => answers.filter((one) => one === kind).length;
  const [consents, concerns, objections] = [count("consent"), count("concern"), count("objection")];
  const parts = [
    consents && ngettext("one consent", "{n} consents", consents),
    concerns && ngettext("one consent with a concern", "{n} consents with a concern", concerns),
    objections && ngettext("one objection", "{n} objections", objections),
  ].filter((part): part is string => Boolean(part));
  return parts.length ? sentence(_("The answers: {answers}", { answers: names(parts) })) : "";
}

const sentence = (words: string) => (/[.?…]$/.test(words) ? words : `${words}.`);
