/** The facilitator's cards: a line for each step, and when to restrain, redirect, recuse. */
import type { Phase } from "../api/types";
import { _ } from ".";

/** What to say now comes first; it is empty where the process is over. */
export function cardsFor(phase: Phase): [string, ...string[]] {
  const say: Partial<Record<Phase, string>> = {
    clarifying: _("Ask each in turn: what do you need to understand? Only questions; no opinions yet."),
    reaction: _("One round, a sentence or two each: how does it land? No replies to each other."),
    tuning: _("Ask the author: shall we ask for consent to this text, or will you change it first?"),
    consent: _("Ask each: can you live with this? Welcome an objection: it makes the proposal better."),
    revising: _("Let the author say what they heard, and the objector whether it is right. Then ask what would work."),
  };
  return [
    say[phase] ?? "",
    _("Restrain: is this mine to say? Speak last."),
    _("Redirect: let us hear those who have not spoken. Is that a reaction or an objection?"),
    _("Recuse: when you are part of it, hand over."),
  ];
}
