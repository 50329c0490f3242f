"""Questions with an answer: None where the command may go on, else the code of the rule that refuses it.

Three kinds, asked in this order: whether the person has the right, whether the circumstances allow it, and
whether this very command (its target, its content) may be done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from .commands import (
    AnswerQuestion,
    AskForConsent,
    Clear,
    Confirm,
    MoveDue,
    Open,
    Respond,
    Restate,
    Revise,
    TakeBackQuestion,
    WithdrawObjection,
)
from .refusals import Refusal
from .standing import Standing
from .state import Answer, Phase, Proposal, Status

SHORTEST = timedelta(hours=24)
LONGEST = timedelta(days=30)
MOST_QUESTIONS = 5

# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────


def a_participant(s: Standing) -> str | None:
    """a participant"""
    return None if s.voice else "not_a_participant"


def not_the_author(s: Standing) -> str | None:
    """not the author"""
    return "not_the_author" if s.author else None


def the_author(s: Standing) -> str | None:
    """the author"""
    return None if s.author and (s.voice or s.phase is Phase.DRAFT) else "only_the_author"


def author_or_facilitator(s: Standing) -> str | None:
    """the author or the facilitator"""
    return None if (s.author and s.voice) or s.facilitator else "only_the_facilitator"


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
