/** What a screen for all says: like the turn line, and to nobody in particular. */
import type { Id, Snapshot } from "../api/types";
import { awaited, nameOf, responsesOf, toSpeak } from "../state/decision";
import { _, names, ngettext, when } from ".";
import { turnLine } from "./turn";

export interface ScreenLine {
  text: string;
  /** Who comes next, or when it goes on. */
  more?: string;
}

export function screenLine(s: Snapshot): ScreenLine {
  const room = s.room;
  if (room?.paused) {
    const until = room.paused_until;
    return until
      ? { text: _("Time-out."), more: _("The round goes on at {time}.", { time: when(until) }) }
      : { text: _("Time-out.") };
  }
  if (room?.speaker) return speaking(s, room.speaker);
  if (room && s.round && !s.round.sealed && awaited(s, "").length === 0) {
    return { text: _("Everyone is heard."), more: _("{name} goes on next.", { name: nameOf(s, s.facilitator) }) };
  }
  return { text: turnLine(s, "").text };
}

function nextToSpeak(s: Snapshot): Id[] {
  return toSpeak(s)
    .filter((who) => who !== s.room?.speaker)
    .slice(0, 2);
}

function speaking(s: Snapshot, speaker: Id): ScreenLine {
  const next = nextToSpeak(s).map((who) => nameOf(s, who));
  const text = _("{name} is speaking.", { name: nameOf(s, speaker) });
  return next.length ? { text, more: _("Next: {names}.", { names: next.join(_(", then ")) }) } : { text };
}

/** What the round asks of everybody. */
export function asks(s: Snapshot): string {
  switch (s.phase) {
    case "clarifying":
      return _("What do you need to understand?");
    case "reaction":
      return _("How does this land with you?");
    case "consent":
      return _("Can you live with this? Is it within your range of tolerance?");
    default:
      return "";
  }
}

/** «Also awaited: Jun and Ada.» Those whom the speaker's line does not name. */
export function alsoAwaited(s: Snapshot): string {
  if (!s.room?.speaker) return "";
  const named = [s.room.speaker, ...nextToSpeak(s)];
  const others = Object.keys(s.participants).filter((who) => s.participants[who]?.awaited && !named.includes(who));
  const people = others.map((who) => nameOf(s, who));
  return people.length ? _("Also awaited: {names}.", { names: names(people, 6) }) : "";
}

/** «6 consents, 1 objection», as somebody would say it. */
export function countedAnswers(s: Snapshot, round: Id | undefined): string {
  const count = (kind: string) => responsesOf(s, round).filter(([, given]) => given.kind === kind).length;
  const [consents, concerns, objections] = [count("consent"), count("concern"), count("objection")];
  const parts = [
    consents > 0 && ngettext("{n} consent", "{n} consents", consents),
    concerns > 0 && ngettext("{n} consent with a concern", "{n} consents with a concern", concerns),
    objections > 0 && ngettext("{n} objection", "{n} objections", objections),
  ];
  return parts.filter(Boolean).join(_(", "));
}

/** The consent round whose answers are the latest that everybody may see. */
export function lastConsent(s: Snapshot): Id | undefined {
  return Object.entries(s.rounds).find(([, round]) => round.kind === "consent" && round.revision === s.revision)?.[0];
}
