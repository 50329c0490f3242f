"""Questions with an answer: None where the command may go on, else the code of the rule that refuses it.

Three kinds, asked in this order: whether the person has the right, whether the circumstances allow it, and
whether this very command (its target, its content) may be done.
"""

from __future__ import annotations

from datetime import datetime

from .commands import (
    AnswerQuestion,
    AskForConsent,
    Clear,
    Confirm,
    GiveTurn,
    HandOver,
    LeadOut,
    MoveDue,
    Open,
    Pause,
    Respond,
    Restate,
    Revise,
    SetTimebox,
    TakeBackQuestion,
    WithdrawObjection,
)
from .limits import (
    LONGEST,
    LONGEST_PAUSE,
    LONGEST_TURN,
    MOST_PAUSES,
    MOST_QUESTIONS,
    SHORTEST,
    SHORTEST_TURN,
)
from .refusals import Refusal
from .standing import Standing
from .state import Answer, Phase, Proposal, Status

# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────


def a_participant(s: Standing) -> str | None:
    """a participant"""
    return None if s.voice else "not_a_participant"


def not_the_author(s: Standing) -> str | None:
    """not the author"""
    return "not_the_author" if s.author else None


def the_author(s: Standing) -> str | None:
    """the author"""
    return None if _as_author(s) else "only_the_author"


def author_or_facilitator(s: Standing) -> str | None:
    """the author or the facilitator"""
    return None if _as_author(s) or s.facilitator else "only_the_facilitator"


def the_facilitator(s: Standing) -> str | None:
    """the facilitator"""
    return None if s.facilitator else "only_the_facilitator"


def author_or_in_their_place(s: Standing) -> str | None:
    """the author; when they have let tuning lie for 24 hours, or are not present where others meet in a room, the
    facilitator too"""
    in_their_place = s.facilitator and (s.tuned or (s.held_open and not s.author_present))
    return None if _as_author(s) or in_their_place else "only_the_author"


def _as_author(s: Standing) -> bool:
    """Who wrote it and has not left; in a draft nobody has a voice yet, and it is theirs all the same."""
    return s.author and (s.voice or s.phase is Phase.DRAFT)


def an_objector(s: Standing) -> str | None:
    """its objector"""
    return None if s.objects else "not_standing"


# ── circumstances ────────────────────────────────────────────────────────────────────────────────────────────


def few_questions(s: Standing) -> str | None:
    """fewer than five unanswered questions of one's own"""
    return "too_many_questions" if s.asked >= MOST_QUESTIONS else None


def own_question_open(s: Standing) -> str | None:
    """an unanswered question of one's own"""
    return None if s.asked else "nothing_given"


def no_question_open(s: Standing) -> str | None:
    """no unanswered question of one's own"""
    return "question_open" if s.asked else None


def questions_asked(s: Standing) -> str | None:
    """a question to answer"""
    return None if s.questioned else "no_question"


def said_clear(s: Standing) -> str | None:
    """said *clear*"""
    return None if s.cleared else "nothing_given"


def has_reacted(s: Standing) -> str | None:
    """reacted or passed"""
    return None if s.reacted else "nothing_given"


def has_responded(s: Standing) -> str | None:
    """responded"""
    return None if s.responded else "nothing_given"


def not_sealed(s: Standing) -> str | None:
    """the round is not sealed"""
    return "sealed" if s.sealed else None


def objection_stands(s: Standing) -> str | None:
    """an objection stands"""
    return None if s.objected else "no_objection"


def objection_to_restate(s: Standing) -> str | None:
    """an objection stands"""
    return None if s.objected else "not_standing"


def restatement_waits(s: Standing) -> str | None:
    """the author has restated it"""
    return None if s.restated else "not_restated"


def no_time_out(s: Standing) -> str | None:
    """no time-out holds up a first contribution of somebody present"""
    return "paused" if s.present and s.paused and not s.heard and not s.adrift else None


def on_ones_turn(s: Standing) -> str | None:
    """a first contribution of somebody present is given on their turn"""
    return "not_your_turn" if s.present and s.by_turns and not s.heard and not s.turn else None


FIRST = (no_time_out, on_ones_turn)


def room_open(s: Standing) -> str | None:
    """a room is open"""
    return None if s.room else "no_room"


def somebody_in_the_room(s: Standing) -> str | None:
    """somebody is present in the room"""
    return None if s.occupied else "not_present" if s.room else "no_room"


def somebody_to_hand_over_to(s: Standing) -> str | None:
    """another participant who is not absent"""
    return None if s.others else "nobody_to_facilitate"


def no_room_yet(s: Standing) -> str | None:
    """no room is open"""
    return "room_open" if s.room else None


def in_the_room(s: Standing) -> str | None:
    """present in the room"""
    return None if s.present else "not_present" if s.room else "no_room"


def has_the_turn(s: Standing) -> str | None:
    """the turn is theirs"""
    return None if s.turn else "not_your_turn"


def somebody_else_to_speak(s: Standing) -> str | None:
    """somebody else in the room is still to be heard"""
    return "nobody_else" if s.alone else None


def everyone_heard(s: Standing) -> str | None:
    """nobody is awaited"""
    return None if s.complete else "round_incomplete"


def not_paused(s: Standing) -> str | None:
    """no time-out"""
    return "paused" if s.paused and not s.adrift else None


def not_paused_yet(s: Standing) -> str | None:
    """no time-out yet"""
    return "already_paused" if s.paused else None


def few_pauses(s: Standing) -> str | None:
    """fewer than three time-outs in this round"""
    return "too_many_pauses" if s.pauses >= MOST_PAUSES else None


def is_paused(s: Standing) -> str | None:
    """a time-out"""
    return None if s.paused else "not_paused"


def chair_offered(s: Standing) -> str | None:
    """the chair was offered to them"""
    return None if s.offered else "nothing_offered"


def not_the_facilitator(s: Standing) -> str | None:
    """does not facilitate already"""
    return "already_facilitator" if s.facilitator else None


# ── this very command ────────────────────────────────────────────────────────────────────────────────────────


def its_asker(state: Proposal, command: TakeBackQuestion) -> Refusal | None:
    """its asker"""
    question = state.questions.get(command.question)
    return Refusal("only_its_asker") if question and question.by != command.by else None


def its_objector(state: Proposal, command: WithdrawObjection | Confirm) -> Refusal | None:
    """its objector"""
    return None if state.objections[command.objection].by == command.by else Refusal("only_its_objector")


def question_of_this_round(state: Proposal, command: TakeBackQuestion | AnswerQuestion) -> Refusal | None:
    """the question belongs to the open round, and was not taken back"""
    question = state.questions.get(command.question)
    if question is None:
        return Refusal("taken_back")
    return None if question.round == state.current else Refusal("round_closed")


def not_yet_answered(state: Proposal, command: TakeBackQuestion) -> Refusal | None:
    """the question is not answered"""
    return None if state.questions[command.question].answer is None else Refusal("already_answered")


def this_objection_stands(state: Proposal, command: WithdrawObjection | Confirm | Restate) -> Refusal | None:
    """this objection stands"""
    return None if state.objections[command.objection].status is Status.STANDING else Refusal("not_standing")


def this_one_restated(state: Proposal, command: Confirm) -> Refusal | None:
    """the author has restated it"""
    return None if state.objections[command.objection].restatement is not None else Refusal("not_restated")


def nothing_to_add_later_only(state: Proposal, command: Clear) -> Refusal | None:
    """*nothing to add* only from the second revision on"""
    return Refusal("first_revision") if command.nothing_to_add and state.revision == 1 else None


def at_least_two(_state: Proposal, command: Open) -> Refusal | None:
    """at least two participants"""
    return Refusal("too_few_participants") if len(set(command.participants)) < 2 else None


def reasoned(_state: Proposal, command: Respond) -> Refusal | None:
    """an objection has a reason, a concern its text"""
    if command.kind is not Answer.CONSENT and not (command.text or "").strip():
        return Refusal("reason" if command.kind is Answer.OBJECTION else "concern", field="text")
    return None


def every_objection_answered(state: Proposal, command: Revise) -> Refusal | None:
    """an answer to every objection that stands"""
    missing = [o.id for o in state.standing() if not command.answers.get(o.id, "").strip()]
    return Refusal("unanswered_objections", {"objections": missing}) if missing else None


def a_text(_state: Proposal, command: Revise) -> Refusal | None:
    """a body that is not blank"""
    return None if command.body.strip() else Refusal("body", field="body")


def due_in_bounds(_state: Proposal, command: Open | AskForConsent) -> Refusal | None:
    """a due time 24 hours to 30 days after the round opens"""
    due = command.due_at
    fits = due is None or SHORTEST <= due - command.at <= LONGEST
    return None if fits else Refusal("due_at", field="due_at")


def due_only_later(state: Proposal, command: MoveDue) -> Refusal | None:
    """later than now set, at least 24 hours and at most 30 days after the round opened"""
    round = state.round
    assert round is not None
    latest: datetime = round.opened_at + LONGEST
    earliest = max(round.due_at, round.opened_at + SHORTEST)
    return None if earliest <= command.due_at <= latest else Refusal("due_only_later")


def turn_to_somebody_present(state: Proposal, command: GiveTurn) -> Refusal | None:
    """to somebody in the room"""
    return _present(state, command.to)


def somebody_present(state: Proposal, command: LeadOut) -> Refusal | None:
    """somebody in the room"""
    return _present(state, command.participant)


def _present(state: Proposal, who: str) -> Refusal | None:
    return None if state.room is not None and who in state.room.present else Refusal("not_present")


def they_are_gone(_state: Proposal, command: LeadOut) -> Refusal | None:
    """gone for two minutes: no connection and no command"""
    return None if command.participant in command.gone else Refusal("still_here")


def pause_in_bounds(_state: Proposal, command: Pause) -> Refusal | None:
    """1 to 30 minutes"""
    return None if 1 <= command.minutes <= LONGEST_PAUSE else Refusal("minutes", field="minutes")


def timebox_in_bounds(_state: Proposal, command: SetTimebox) -> Refusal | None:
    """10 seconds to an hour, or 0"""
    fits = command.seconds == 0 or SHORTEST_TURN <= command.seconds <= LONGEST_TURN
    return None if fits else Refusal("seconds", field="seconds")


def to_another_voice(state: Proposal, command: HandOver) -> Refusal | None:
    """to another participant who is not absent"""
    person = state.participants.get(command.to)
    if command.to == state.facilitator:
        return Refusal("already_facilitator")
    able = person is not None and not person.left and not person.absent
    return None if able else Refusal("chair", field="to")
