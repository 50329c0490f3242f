/** A meeting in plain words: its steps, whose turn it is, and what became of each item. */
import type { AgendaItem, Id, Meeting, MeetingPhase, Minutes, RoundKind, Wanted } from "../api/types";
import { serverTime } from "../state/clock";
import { awaitedIn, changesIn, itemsOf, nameIn } from "../state/meeting";
import { _, day, hour, names, ngettext, when } from ".";
import { roundName } from "./phrases";

export const meetingSteps = (): { phases: MeetingPhase[]; name: string }[] => [
  { phases: ["check_in"], name: _("Check-in") },
  { phases: ["agenda"], name: _("Agenda") },
  { phases: ["items"], name: _("Decisions") },
  { phases: ["check_out"], name: _("Check-out") },
];

export function meetingPhaseName(phase: MeetingPhase): string {
  const known: Record<MeetingPhase, string> = {
    planned: _("Planned"),
    check_in: _("Check-in"),
    agenda: _("Consent to the agenda"),
    items: _("Under way"),
    check_out: _("Check-out"),
    ended: _("Ended"),
    called_off: _("Called off"),
  };
  return known[phase];
}

export function wantedName(wanted: Wanted): string {
  return { understand: _("Understand"), explore: _("Explore"), decide: _("Decide") }[wanted];
}

export const wantedChoices = (): { value: Wanted; means: string }[] => [
  { value: "understand", means: _("Questions answered") },
  { value: "explore", means: _("Reactions heard") },
  { value: "decide", means: _("Consent asked") },
];

export function stageWords(item: AgendaItem): string {
  if (item.stage === "done") return _("done");
  if (item.stage === "put_off") return _("put off");
  if (item.stage === "current") return _("now");
  return "";
}

export interface MeetingTurn {
  text: string;
  more: string;
  mine: boolean;
}

const others = (text: string, more = ""): MeetingTurn => ({ text, more, mine: false });
const mine = (text: string, more = ""): MeetingTurn => ({ text, more, mine: true });

/** The one line that says what is asked now, and of whom. */
export function meetingTurn(m: Meeting, me: Id): MeetingTurn {
  const chair = m.facilitator === me;
  const lines: Record<MeetingPhase, () => MeetingTurn> = {
    planned: () =>
      chair
        ? mine(_("Your turn: open the meeting when people are there."), _("It begins with a check-in round."))
        : others(_("{name} opens the meeting.", { name: nameIn(m, m.facilitator) }), when(m.starts_at)),
    check_in: () => spokenTurn(m, me, _("Everyone has checked in."), _("the agenda")),
    agenda: () => agendaTurn(m, me),
    items: () => itemTurn(m, me),
    check_out: () => spokenTurn(m, me, _("Everyone has checked out."), _("the end")),
    ended: () => others(_("The meeting has ended."), _("The minutes have written themselves.")),
    called_off: () => others(_("The meeting was called off.")),
  };
  return lines[m.phase]();
}

function spokenTurn(m: Meeting, me: Id, done: string, next: string): MeetingTurn {
  const chair = m.facilitator === me;
  if (!m.speaker) {
    if (m.order.length === 0) return others(_("Nobody is in the meeting yet."));
    return chair
      ? mine(done, _("Go on to {next}.", { next }))
      : others(done, _("{name} goes on to {next}.", { name: nameIn(m, m.facilitator), next }));
  }
  const queue = m.order.filter((who) => m.people[who]?.awaited);
  const after = queue[1];
  if (m.speaker === me)
    return mine(
      m.phase === "check_in" ? _("Your turn: how are you here today?") : _("Your turn: how do you leave?"),
      _("Say it aloud. It is kept nowhere."),
    );
  const next2 =
    after === undefined ? "" : after === me ? _("Next: you.") : _("Next: {name}.", { name: nameIn(m, after) });
  return others(_("{name} is speaking.", { name: nameIn(m, m.speaker) }), next2);
}

function agendaTurn(m: Meeting, me: Id): MeetingTurn {
  const asked = changesIn(m);
  if (asked.length) {
    const who = names(asked.map(([one]) => (one === me ? _("You") : nameIn(m, one))));
    const words =
      asked.some(([one]) => one === me) && asked.length === 1
        ? _("You ask for a change.")
        : _("{who} ask for a change.", { who });
    const text = asked.length === 1 && asked[0]?.[0] !== me ? _("{who} asks for a change.", { who }) : words;
    return m.facilitator === me
      ? mine(text, _("Answer it with a changed agenda."))
      : others(text, _("{name} answers with a changed agenda.", { name: nameIn(m, m.facilitator) }));
  }
  if (m.people[me]?.awaited) return mine(_("Can you live with this agenda?"));
  const waits = awaitedIn(m, me);
  return others(waits.length ? _("Waiting for {names}.", { names: names(waits) }) : _("Waiting for somebody to join."));
}

function itemTurn(m: Meeting, me: Id): MeetingTurn {
  const items = itemsOf(m);
  const at = items.findIndex(([, item]) => item.stage === "current");
  if (at >= 0) return others(_("Item {n} of {all}", { n: at + 1, all: items.length }), items[at]?.[1].title ?? "");
  const next = items.find(([, item]) => item.stage === "waiting")?.[1];
  if (!next)
    return m.facilitator === me
      ? mine(_("Everything on the agenda is done."), _("Go on to the check-out round."))
      : others(
          _("Everything on the agenda is done."),
          _("{name} goes on to the check-out.", { name: nameIn(m, m.facilitator) }),
        );
  if (next.facilitator === me) return mine(_("Go to the next decision."), next.title);
  return others(_("{name} goes to the next decision.", { name: nameIn(m, next.facilitator) }), next.title);
}

interface Times {
  starts_at: string;
  minutes: number;
  opened_at?: string | null;
  ended_at?: string | null;
}

/** When, in one line: as it is planned, since when it is running, and then as it was held. */
export function whereAndWhen(m: Times, now = serverTime()): string {
  if (m.ended_at) return m.opened_at ? `${when(m.opened_at, now)}–${hour(m.ended_at)}` : day(m.ended_at, now);
  if (!m.opened_at) return _("{when} · {n} minutes", { when: when(m.starts_at, now), n: m.minutes });
  return _("Running since {when} · {n} minutes planned", { when: when(m.opened_at, now), n: m.minutes });
}

type Outcome = NonNullable<Minutes["items"][number]["outcome"]>;

/** What became of a decision while the meeting was at it: a sentence each. */
export function outcomeLines(outcome: Outcome): string[] {
  const lines = outcome.rounds.map((round) => roundLine(round.kind as RoundKind, round.revision, round.outcome));
  if (outcome.objections > 0)
    lines.push(ngettext("One objection was raised.", "{n} objections were raised.", outcome.objections));
  for (const text of outcome.revisions)
    lines.push(
      text.note
        ? _("Version {n} was offered: {note}", { n: text.number, note: text.note })
        : _("Version {n} was offered.", { n: text.number }),
    );
  if (outcome.goes_on)
    lines.push(
      _("{round} go on, each in their own time, until {when}.", {
        round: roundName(outcome.goes_on.kind as RoundKind),
        when: when(outcome.goes_on.due_at),
      }),
    );
  else if (outcome.phase === "tuning" || outcome.phase === "revising") lines.push(_("It is with its author."));
  return lines;
}

function roundLine(kind: RoundKind, n: number, outcome: string): string {
  if (outcome === "adopted") return _("Adopted: everyone can live with version {n}.", { n });
  if (outcome === "returned") return _("Sent back to its author: an objection to version {n} stands.", { n });
  if (outcome === "withdrawn") return _("Withdrawn by its author. No decision was made.");
  return kind === "clarifying"
    ? _("Questions on version {n}: everyone was heard.", { n })
    : _("Reactions to version {n}: everyone was heard.", { n });
}
