/** Codes of the process in plain words. */
import type { AnswerKind, Entry, Phase, Policy, Role, RoundKind, Snapshot } from "../api/types";
import { nameOf } from "../state/decision";
import { _, day, ngettext } from ".";

export const steps = (): { phases: Phase[]; name: string }[] => [
  { phases: ["clarifying"], name: _("Questions") },
  { phases: ["reaction"], name: _("Reactions") },
  { phases: ["tuning", "consent", "revising"], name: _("Consent") },
  { phases: ["adopted"], name: _("Agreement") },
];

export function phaseName(phase: Phase): string {
  const names: Record<Phase, string> = {
    draft: _("Draft"),
    clarifying: _("Questions"),
    reaction: _("Reactions"),
    tuning: _("With its author"),
    consent: _("Consent"),
    revising: _("Objection raised"),
    adopted: _("Agreement"),
    withdrawn: _("Withdrawn"),
  };
  return names[phase];
}

export function roundName(kind: RoundKind): string {
  return { clarifying: _("Questions"), reaction: _("Reactions"), consent: _("Consent") }[kind];
}

export function answerName(kind: AnswerKind | undefined): string {
  if (kind === undefined) return _("answered");
  return { consent: _("consent"), concern: _("consent, a concern"), objection: _("objection") }[kind];
}

/** How an answer looks; one that is sealed like none of them. */
export function answerLook(kind: AnswerKind | undefined): { tone: string; sign: string } {
  if (kind === undefined) return { tone: "", sign: "●" };
  return kind === "objection" ? { tone: "objection", sign: "◆" } : { tone: "consent", sign: "✓" };
}

export function roleName(role: Role): string {
  return { member: _("Member"), observer: _("Observer"), steward: _("Steward") }[role];
}

export function sealingName(sealed: Policy["sealed"]): string {
  return {
    in_room: _("Sealed in the room, open elsewhere"),
    always: _("Always sealed"),
    never: _("Always open"),
  }[sealed];
}

export function objectionStatus(status: string): string {
  const names: Record<string, string> = {
    standing: _("stands"),
    withdrawn: _("withdrawn by its objector"),
    answered: _("answered in a new version"),
    resolved: _("resolved: its objector consented"),
  };
  return names[status] ?? status;
}

/** One line of the record. */
export function eventLine(entry: Pick<Entry, "event" | "by" | "data">, s: Snapshot): string {
  const who = entry.by ? nameOf(s, entry.by) : _("The clock");
  const person = (key: string) => nameOf(s, String(entry.data[key] ?? ""));
  const lines: Record<string, () => string> = {
    opened: () => _("{who} opened the proposal", { who }),
    round_opened: () =>
      _("{round} began on version {n}", {
        round: roundName(entry.data.kind as RoundKind),
        n: Number(entry.data.revision),
      }),
    round_closed: () =>
      entry.data.outcome === "heard" || entry.data.outcome === "adopted"
        ? _("The round closed: everyone was heard")
        : _("The round closed"),
    question_asked: () => _("{who} asked a question", { who }),
    question_taken_back: () => _("{who} took a question back", { who }),
    question_answered: () => _("{who} answered a question", { who }),
    cleared: () => _("{who} is clear", { who }),
    clear_taken_back: () => _("{who} is not clear yet after all", { who }),
    reacted: () => _("{who} reacted", { who }),
    passed: () => _("{who} has nothing to add", { who }),
    reaction_taken_back: () => _("{who} took their reaction back", { who }),
    consented: () => _("{who} consents", { who }),
    concern_raised: () => _("{who} consents, with a concern", { who }),
    objection_raised: () => _("{who} objects", { who }),
    responded: () => _("{who} has answered", { who }),
    response_taken_back: () => _("{who} took their answer back", { who }),
    objection_withdrawn: () => _("{who} withdrew their objection", { who }),
    objection_restated: () => _("{who} wrote what they heard in an objection", { who }),
    restatement_confirmed: () => _("{who} confirms: heard", { who }),
    restatement_corrected: () => _("{who} says: not quite", { who }),
    returned: () => _("The proposal went back to {author}", { author: nameOf(s, s.author) }),
    revised: () => _("{who} offered version {n}", { who, n: Number(entry.data.revision) }),
    adopted: () => _("Adopted: everyone can live with it"),
    withdrawn: () => _("{who} withdrew the proposal", { who }),
    due_changed: () => _("{who} moved the due time later", { who }),
    room_opened: () => _("{who} opened a room", { who }),
    room_closed: () => _("{who} closed the room: the round goes on, each in their own time", { who }),
    joined: () => _("{who} joined the room", { who }),
    left: () => _("{who} left the room", { who }),
    led_out: () => _("{who} led {other} out of the room", { who, other: person("participant") }),
    said_later: () => _("{who} asked to come later in this round", { who }),
    turn_given: () => _("{who} gave the turn to {other}", { who, other: person("to") }),
    time_out_asked: () => _("{who} asked for a time-out", { who }),
    paused: () => _("{who} called a time-out", { who }),
    resumed: () => _("{who} ended the time-out", { who }),
    pause_ended: () => _("The time-out was over"),
    timebox_set: () =>
      Number(entry.data.seconds)
        ? _("{who} set a timebox of {n} seconds a turn", { who, n: Number(entry.data.seconds) })
        : _("{who} took the timebox away", { who }),
    facilitator_offered: () => _("{who} asked {other} to facilitate", { who, other: person("to") }),
    facilitator_changed: () => chairLine(entry, s, who),
    screen_opened: () => _("{who} made a link that shows this on a screen", { who }),
    screen_closed: () => _("{who} closed a link to a screen", { who }),
    participant_joined: () => _("{who} joined the circle", { who: person("participant") }),
    time_passed: () => timeLine(entry),
    marked_absent: () =>
      entry.by === entry.data.participant
        ? _("{who} is absent for now", { who })
        : _("{who} marked {other} absent", { who, other: person("participant") }),
    returned_from_absence: () => _("{who} is here again", { who }),
    authorship_offered: () => _("{who} asked {other} to take the proposal on", { who, other: person("to") }),
    author_changed: () =>
      _("{who} is the author from now on, in the place of {before}", { who, before: person("before") }),
    participant_suspended: () => _("The account of {who} is suspended", { who: person("participant") }),
    participant_restored: () => _("The account of {who} is open again", { who: person("participant") }),
    participant_left: () => _("{who} left the circle", { who: person("participant") }),
  };
  return (lines[entry.event] ?? (() => _("{who}: {event}", { who, event: entry.event.replaceAll("_", " ") })))();
}

/** What the clock brought about; the weightiest of it. */
function timeLine(entry: Pick<Entry, "data">): string {
  const what = new Set(entry.data.what as string[]);
  if (what.has("overdue")) return _("This step is overdue: anyone of the circle can lead it on");
  if (what.has("due")) return _("The round's time is over; it stays open, for silence is not consent");
  if (what.has("due_soon")) return _("Those awaited were reminded of the due time");
  if (what.has("second_look_over")) return _("The time for a second look is over");
  if (what.has("tuning_for_a_day")) return _("A day has passed: the facilitator can ask for consent too");
  return _("Whoever was awaited for 24 hours can be marked absent");
}

function chairLine(entry: Pick<Entry, "data">, s: Snapshot, who: string): string {
  const before = nameOf(s, String(entry.data.before ?? ""));
  const now = nameOf(s, String(entry.data.facilitator ?? ""));
  if (entry.data.how === "taken") return _("{who} took the chair; {before} was gone", { who, before });
  if (entry.data.how === "accepted") return _("{who} facilitates from now on", { who });
  return _("{before} handed over to {now}", { before, now });
}

export const questionsWaiting = (n: number) =>
  ngettext("{n} question waits for your answer", "{n} questions wait for your answer", n);

/** What somebody says or takes back in a decision; all else is coming, going and leading. */
const contributions = (): Record<string, string> => ({
  opened: _("Your proposal"),
  question_asked: _("Your question"),
  question_taken_back: _("A question taken back"),
  question_answered: _("Your answer to a question"),
  cleared: _("Clear"),
  clear_taken_back: _("Not clear after all"),
  reacted: _("Your reaction"),
  passed: _("Nothing to add"),
  reaction_taken_back: _("A reaction taken back"),
  consented: _("Consent"),
  concern_raised: _("Consent, with a concern"),
  objection_raised: _("Your objection"),
  responded: _("Your answer, sealed"),
  response_taken_back: _("An answer taken back"),
  objection_withdrawn: _("Your objection withdrawn"),
  objection_restated: _("What you heard in an objection"),
  restatement_confirmed: _("Heard"),
  restatement_corrected: _("Not quite heard"),
  revised: _("A new version"),
  withdrawn: _("The proposal withdrawn"),
});

export const isContribution = (event: string): boolean => event in contributions();

/** What a reader recorded themselves, in a word or two. */
export function givenName(event: string): string {
  const names: Record<string, string> = {
    ...contributions(),
    due_changed: _("A later due time"),
    marked_absent: _("An absence"),
    returned_from_absence: _("Back from absence"),
    authorship_offered: _("An authorship offered"),
    author_changed: _("You took the proposal on"),
  };
  return names[event] ?? _("In the room: {event}", { event: event.replaceAll("_", " ") });
}

/** By which way an entry came, where it was not by somebody's own press on a page, or there is more to say of that. */
export function viaWords(via: string): string {
  const [way, since] = via.split(":");
  if (way === "recovered" && since) return _("way in given back on {day}", { day: day(since) });
  if (via === "token:recovered") return _("by a script, with a way in given back lately");
  if (via === "played") return _("by this server");
  return via === "meeting" ? _("with the meeting") : _("by a script");
}
