/** The one line that always answers: what is asked now, of whom? At most fourteen words, and it names people. */
import type { Id, Room, Snapshot } from "../api/types";
import {
  awaited,
  goesOnWithout,
  isAway,
  lacksAnAuthor,
  may,
  nameOf,
  questionsOpen,
  standing,
  toSpeak,
  waitingFor,
  wantsAnAuthor,
} from "../state/decision";
import { _, names, longDay, ngettext, when } from ".";

export interface Turn {
  /** True where the reader's own next step is asked for. */
  mine: boolean;
  text: string;
  /** What stands beside it, in a lower voice. */
  more?: string;
  /** Whether the time of a turn in the room is the time of what the line says. */
  timed?: true;
}

const mine = (text: string, more?: string): Turn => (more ? { mine: true, text, more } : { mine: true, text });
const others = (text: string, more?: string): Turn => (more ? { mine: false, text, more } : { mine: false, text });

/** Who is elsewhere goes on in a time-out, and is told of it beside what is asked. */
export function turnLine(s: Snapshot, me: Id): Turn {
  const line = unlessAbsent(s, me, lineOf(s, me));
  if (!s.room?.paused) return line;
  return { ...line, more: [timeOut(s.room, s), line.more].filter(Boolean).join(" ") };
}

/** Whoever is absent is told so, and then whom the others wait for. */
function unlessAbsent(s: Snapshot, me: Id, line: Turn): Turn {
  if (line.mine || !goesOnWithout(s, me)) return line;
  return others(_("You are absent for now: nobody waits for you."), [line.text, line.more].filter(Boolean).join(" "));
}

function timeOut(room: Room, s: Snapshot): string {
  if (!room.paused_until) return "";
  const time = when(room.paused_until);
  if (!room.paused_by) return _("Until {time}.", { time });
  return _("{name} called a time-out until {time}.", { name: nameOf(s, room.paused_by), time });
}

function lineOf(s: Snapshot, me: Id): Turn {
  const own = s.participants[me];
  const author = nameOf(s, s.author);
  const amAuthor = s.author === me;
  // Who is elsewhere and awaited is asked as anywhere; all others are told whose turn it is in the room.
  const told = s.room?.present.includes(me) || !own?.awaited;
  if (s.room && s.round && told) {
    if (s.room.paused) return others(_("Time-out. What you write is kept; the round goes on after it."));
    if (!s.round.sealed) return roomTurn(s, s.room, me);
  }
  const away = awayTurn(s, me, author);
  if (away) return away;
  switch (s.phase) {
    case "draft":
      return mine(_("Only you see this draft. Open it when it is ready to show."));
    case "adopted":
      return others(_("Adopted {day}. It is in force.", { day: longDay(s.adopted_at ?? "") }));
    case "withdrawn":
      return others(_("{author} withdrew this proposal. Nothing changes.", { author }));
    case "tuning":
      return amAuthor
        ? mine(_("Your turn: ask for consent to this text, or offer another version."))
        : others(_("Waiting for {author}: to ask for consent, or offer another version.", { author }));
    case "revising":
      return revising(s, me, author, amAuthor);
    case "clarifying":
      return clarifying(s, me, author);
    case "reaction":
      return own?.awaited
        ? mine(_("Your turn: how does this land with you?"), also(s, me))
        : others(waiting(s, me, _("Everyone was heard.")));
    case "consent":
      return own?.awaited
        ? mine(_("Your answer is asked."), notYet(s, me))
        : others(waiting(s, me, _("Everyone has answered.")));
  }
}

/** Where somebody who is away is what the process waits for. */
function awayTurn(s: Snapshot, me: Id, author: string): Turn | null {
  const can = may(s, me);
  const own = s.participants[me];
  if (can.has("accept-author")) return mine(_("Your turn: take on the proposal of {author}?", { author }));
  if (s.phase === "adopted" && can.has("object") && s.second_look)
    return mine(_("Your second look: you were absent when this was adopted."));
  if (!wantsAnAuthor(s) || (s.author === me && !own?.left)) return null;
  if (s.author_offered)
    return others(_("Waiting for {name}: to take the proposal on.", { name: nameOf(s, s.author_offered) }));
  if (can.has("author")) return mine(_("Your turn: ask somebody to carry on for {author}.", { author }));
  if (!isAway(s))
    return others(_("Overdue. Waiting for {name}: to find another author.", { name: nameOf(s, s.facilitator) }));
  return others(
    _("{author} is away. Waiting for {name}: to find another author.", { author, name: nameOf(s, s.facilitator) }),
  );
}

/** The id of what answers the line: the place on the page where the reader does what is asked. */
export function placeOf(s: Snapshot, me: Id): string {
  if (may(s, me).has("accept-author")) return "task";
  if (s.phase === "adopted" && s.second_look && may(s, me).has("object")) return "second-look";
  if (s.phase === "revising" && hearing(s, me)) return "objections";
  if (s.phase === "clarifying" && s.author === me && questionsOpen(s) > 0) return "questions";
  return "task";
}

/** In a round by turns: who speaks, and who is next. */
function roomTurn(s: Snapshot, room: Room, me: Id): Turn {
  const queue = toSpeak(s);
  const speaker = room.speaker ?? null;
  // The author's answers need no turn.
  const asked = s.author === me && speaker !== me ? questionsOpen(s) : 0;
  if (asked > 0) return mine(answerWords(asked), speaker ? speaks(s, speaker) : undefined);
  if (speaker === null) {
    return s.facilitator === me
      ? mine(_("Your turn: everyone in the room is heard. Go on when it is time."))
      : others(waiting(s, me, _("Everyone is heard. {name} goes on next.", { name: nameOf(s, s.facilitator) })));
  }
  const after = queue.filter((who) => who !== speaker).slice(0, 2);
  const next = after.map((who) => (who === me ? _("you") : nameOf(s, who)));
  const more = next.length ? _("Next: {names}.", { names: next.join(_(", then ")) }) : undefined;
  const line = speaker === me ? mine(turnWords(s), more) : others(speaks(s, speaker), more);
  return { ...line, timed: true };
}

const speaks = (s: Snapshot, speaker: Id) => _("{name} is speaking.", { name: nameOf(s, speaker) });

const answerWords = (open: number) =>
  ngettext("Your turn: one question waits for your answer.", "Your turn: {n} questions wait for your answer.", open);

function turnWords(s: Snapshot): string {
  if (s.round?.kind === "clarifying") return _("Your turn: ask a question, or say that you are clear.");
  if (s.round?.kind === "reaction") return _("Your turn: how does this land with you?");
  return _("Your turn: can you live with this?");
}

/** Whether the reader is asked if the author heard their objection. */
const hearing = (s: Snapshot, me: Id) =>
  standing(s).some(([, o]) => o.by === me && o.restatement && o.confirmed == null);

function revising(s: Snapshot, me: Id, author: string, amAuthor: boolean): Turn {
  if (hearing(s, me)) return mine(_("Your turn: did {author} hear your objection?", { author }));
  if (amAuthor) {
    const n = standing(s).length;
    return mine(
      ngettext(
        "Your turn: answer the objection with a new version.",
        "Your turn: answer {n} objections with a new version.",
        n,
      ),
      s.overdue ? _("It is overdue.") : undefined,
    );
  }
  const asked = waitingFor(s, me, s.author);
  const more = asked.length ? _("Also waiting for {names}.", { names: names(asked) }) : undefined;
  return others(_("Waiting for {author}: version {n}.", { author, n: s.revision + 1 }), more);
}

function clarifying(s: Snapshot, me: Id, author: string): Turn {
  const open = questionsOpen(s);
  if (s.author === me && open > 0) return mine(answerWords(open));
  if (may(s, me).has("author") && !s.author_offered && lacksAnAuthor(s, me))
    return mine(_("Your turn: ask somebody to carry on for {author}.", { author }));
  if (!s.participants[me]?.awaited) return others(waiting(s, me, everyoneIsClear(s)));
  if (may(s, me).has("clear")) return mine(_("Your turn: ask a question, or say that you are clear."), also(s, me));
  return others(_("Waiting for {author}: your question is not answered yet.", { author }));
}

function everyoneIsClear(s: Snapshot): string {
  if (!s.room) return _("Everyone is clear.");
  return _("Everyone is clear. {name} goes on next.", { name: nameOf(s, s.facilitator) });
}

function waiting(s: Snapshot, me: Id, nobody: string): string {
  const people = s.round?.complete ? [] : waitingFor(s, me);
  return people.length ? _("Waiting for {names}.", { names: names(people) }) : nobody;
}

function also(s: Snapshot, me: Id): string | undefined {
  const people = awaited(s, me);
  return people.length ? _("Also waiting for {names}.", { names: names(people) }) : undefined;
}

function notYet(s: Snapshot, me: Id): string {
  const people = awaited(s, me);
  if (people.length === 0) return _("Yours is the last answer.");
  return ngettext("{names} has not answered yet either.", "{names} have not answered yet either.", people.length, {
    names: names(people),
  });
}
