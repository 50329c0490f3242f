/** Trying it out: the text that stands ready, words for each box, and of each step what it is for. */
import { _ } from ".";
import type { Id, Snapshot } from "../api/types";
import type { Box } from "../state/suggested";

export const prepared = () => ({
  title: _("Quiet hours in the shared room"),
  driver: _("Around noon it is so loud that nobody can think, and some of us do their best work then."),
  body: _(
    "From 12 to 14 the shared room is quiet: no calls and no meetings. Whoever has to talk goes outside.\n\nWe shall know that it works when each of us has had two quiet noons a week.",
  ),
});

export function suggestion(box: Box, now = ""): string {
  if (box === "body") {
    const later = now.replaceAll(_("12 to 14"), _("13 to 15"));
    return later === now ? `${now}\n\n${_("It begins at 13, so that noon is free for calls.")}` : later;
  }
  return {
    answer: _("No calls at all. Typing and whispering are fine."),
    heard: _("At 12 you call your mother. It is the only time at which she can speak, and you have no other room."),
    to: _("Quiet begins at 13 now, so that noon stays yours."),
    note: _("An hour later"),
  }[box];
}

export const STEPS = 9;

export interface Step {
  n: number;
  what: string;
  why: string;
}

/** Where the visitor is in the story, what to do there, and why it is asked. */
export function stepOf(s: Snapshot, me: Id): Step {
  const again = s.revision > 1;
  const mine = Boolean(s.participants[me]?.waiting);
  const wait = _("Ana, Ben and Cleo are at it. Each takes a few seconds.");
  const step = (n: number, what: string, why: string, always = false): Step => ({
    n,
    what: mine || always ? what : wait,
    why,
  });
  switch (s.phase) {
    case "clarifying":
      return again
        ? step(6, wait, _("A new version is a new proposal: all three rounds begin again."))
        : step(
            1,
            _("Answer Ana’s question. An answer stands ready; write your own if you like."),
            _("Questions come first, so that nobody reacts to what they have misunderstood."),
          );
    case "reaction":
      return again
        ? step(6, _("Say that you have nothing to add."), _("The others passed already; you, as author, come last."))
        : step(
            2,
            _("Say how it lands with you, or that you have nothing to add."),
            _("Everyone is heard once and nobody replies, so that quiet voices count as much as loud ones."),
          );
    case "tuning":
      return again
        ? step(7, _("Ask for consent to the new version."), _("No version is adopted on the answers to another one."))
        : step(
            3,
            _("Ask for consent to this text."),
            _("You have heard the reactions: the author alone decides whether to ask now or to change the text first."),
          );
    case "consent":
      return again
        ? step(8, _("Say whether you can live with it."), _("Each of you answers anew, Cleo too."))
        : step(
            4,
            _("Say whether you can live with your own proposal."),
            _("Nobody has to love it. The question is whether anyone sees harm in it; silence is no consent."),
          );
    case "revising":
      return revising(s, step);
    case "adopted":
      return step(
        STEPS,
        _("This is an agreement. Its record holds every step and can be checked."),
        _("Cleo’s objection made it better, and nobody was outnumbered."),
        true,
      );
    default:
      return step(
        STEPS,
        _("It was withdrawn. Begin again whenever you like."),
        _("An author may always do that."),
        true,
      );
  }
}

function revising(s: Snapshot, step: (n: number, what: string, why: string, always?: boolean) => Step): Step {
  const standing = Object.values(s.objections).filter((objection) => objection.status === "standing");
  if (standing.some((objection) => objection.restatement == null))
    return step(
      5,
      _("Cleo objects. Say what you heard, before you answer."),
      _("Who feels heard can hear you too. Cleo says whether you got it right."),
      true,
    );
  if (standing.some((objection) => objection.confirmed == null))
    return step(5, _("Cleo reads what you heard."), _("Only Cleo can say whether it is right."), true);
  return step(
    5,
    _("Cleo feels heard. Offer version 2: begin at 13 instead of 12."),
    _("One reasoned objection brings a proposal back, and a better one comes of it."),
    true,
  );
}
