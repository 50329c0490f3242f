"""Absence, authorship and the second look: who may do what about it, and what that brings about (section 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import commands as c
from . import events as e
from . import hours
from .opening import Fresh
from .refusals import Refusal
from .replacing import replace
from .room import without
from .standing import Standing
from .state import Kind, Participant, Proposal

# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────


def facilitator_or_anybody(s: Standing) -> str | None:
    """the facilitator; while something is overdue, or the facilitator has left or is absent, any participant"""
    return None if s.facilitator or (s.voice and s.adrift) else "only_the_facilitator"


def absent_at_adoption(s: Standing) -> str | None:
    """a participant who was absent when it was adopted, once"""
    return None if s.looks_again else "not_absent_then"


# ── circumstances ────────────────────────────────────────────────────────────────────────────────────────────


def somebody_to_mark(s: Standing) -> str | None:
    """somebody awaited for 24 hours, when the due time has passed"""
    return None if s.marks else "too_early"


def not_absent_yet(s: Standing) -> str | None:
    """not absent already"""
    return "already_absent" if s.absent else None


def is_absent(s: Standing) -> str | None:
    """absent"""
    return None if s.absent else "not_absent"


def author_is_away(s: Standing) -> str | None:
    """the author has left, is absent or is overdue"""
    return None if s.author_away else "author_here"


def somebody_to_write(s: Standing) -> str | None:
    """another participant who is not absent"""
    return None if s.heirs else "nobody_to_write"


def authorship_offered(s: Standing) -> str | None:
    """authorship was offered to them"""
    return None if s.offered_authorship else "nothing_offered"


def in_the_window(s: Standing) -> str | None:
    """the team's time for a second look is not over"""
    return None if s.window else "window_closed"


def in_the_room_or_adrift(s: Standing) -> str | None:
    """present in the room; while something is overdue, or the facilitator has left or is absent, from anywhere"""
    if s.adrift or s.present:
        return None
    return "not_present" if s.room else "no_room"


# ── this very command ────────────────────────────────────────────────────────────────────────────────────────


def awaited_person(state: Proposal, command: c.MarkAbsent) -> Refusal | None:
    """somebody awaited, or an author whose answer is"""
    return None if command.participant in hours.asked(state) else Refusal("not_awaited")


def no_question_waits(state: Proposal, command: c.MarkAbsent) -> Refusal | None:
    """no question that they asked before the due time is unanswered"""
    return Refusal("question_open", about="their_question") if hours.stays_open(state, command.participant) else None


def no_objection_in_its_grace(state: Proposal, command: c.MarkAbsent) -> Refusal | None:
    """in a consent round, no unresolved objection before the objector's grace is over"""
    round = state.round
    if round is None or round.kind is not Kind.CONSENT or not hours.objects(state, command.participant):
        return None
    over = max(hours.grace_ends(state, round), round.due_at) <= command.at
    return None if over else Refusal("objection_stands")


def not_suspended(state: Proposal, command: c.MarkAbsent) -> Refusal | None:
    """in a consent round, nobody whose account is suspended"""
    person, round = state.participants[command.participant], state.round
    waits = person.suspended and round is not None and round.kind is Kind.CONSENT
    return Refusal("suspended") if waits else None


def awaited_long_enough(state: Proposal, command: c.MarkAbsent) -> Refusal | None:
    """the due time has passed, and they were awaited for 24 hours"""
    when = hours.markable_from(state, command.participant)
    return None if when is not None and when <= command.at else Refusal("too_early")


def to_another_writer(state: Proposal, command: c.OfferAuthorship) -> Refusal | None:
    """to another participant who is not absent"""
    person = state.participants.get(command.to)
    able = person is not None and not person.left and not person.absent and command.to != state.author
    return None if able else Refusal("author", field="to")


def reasoned(_state: Proposal, command: c.LookAgain) -> Refusal | None:
    """an objection has a reason"""
    return None if command.text.strip() else Refusal("reason", field="text")


def facilitator_is_gone(state: Proposal, command: c.TakeChair) -> Refusal | None:
    """the facilitator gone for two minutes: no connection and no command; or left, absent, or something overdue"""
    return None if hours.adrift(state) or state.facilitator in command.gone else Refusal("still_here")


# ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────


def mark(_state: Proposal, cmd: c.MarkAbsent, _fresh: Fresh) -> list[e.Event]:
    return [e.MarkedAbsent(at=cmd.at, by=cmd.by, participant=cmd.participant)]


def i_am_absent(_state: Proposal, cmd: c.IAmAbsent, _fresh: Fresh) -> list[e.Event]:
    return [e.MarkedAbsent(at=cmd.at, by=cmd.by, participant=cmd.by)]


def i_am_here(state: Proposal, cmd: c.IAmHere, _fresh: Fresh) -> list[e.Event]:
    return back(state, cmd)


def back(state: Proposal, cmd: c.Command) -> list[e.Event]:
    """Whoever contributes is here again."""
    person = state.participants.get(cmd.by)
    away = person is not None and person.absent and not person.left
    return [e.ReturnedFromAbsence(at=cmd.at, by=cmd.by)] if away else []


def offer_authorship(state: Proposal, cmd: c.OfferAuthorship, _fresh: Fresh) -> list[e.Event]:
    if state.author_offered == cmd.to:
        return []
    return [e.AuthorshipOffered(at=cmd.at, by=cmd.by, to=cmd.to)]


def accept_authorship(state: Proposal, cmd: c.AcceptAuthorship, _fresh: Fresh) -> list[e.Event]:
    return [e.AuthorChanged(at=cmd.at, by=cmd.by, author=cmd.by, before=state.author)]


def look_again(state: Proposal, cmd: c.LookAgain, fresh: Fresh) -> list[e.Event]:
    raised = e.ObjectionRaised(
        at=cmd.at,
        by=cmd.by,
        round=None,
        response=None,
        objection=fresh(),
        revision=state.revision,
        reason=cmd.text,
        suggestion=cmd.suggestion or None,
    )
    if state.adopted_at is None:
        return [raised]
    return [raised, e.Returned(at=cmd.at, by=cmd.by, revision=state.revision, round=None)]


def suspend(state: Proposal, cmd: c.Suspend, _fresh: Fresh) -> list[e.Event]:
    if state.participants[cmd.by].suspended == cmd.suspended:
        return []
    made = e.ParticipantSuspended if cmd.suspended else e.ParticipantRestored
    return [made(at=cmd.at, by=None, participant=cmd.by)]


# ── what they make of the state ──────────────────────────────────────────────────────────────────────────────


def change_person(state: Proposal, who: str, **changes: Any) -> Proposal:
    """The same, with something else true of one participant."""
    person: Participant = replace(state.participants[who], **changes)
    return replace(state, participants={**state.participants, who: person})


def awaited_anew(state: Proposal, event: e.Event) -> Proposal:
    """Whoever has taken back what they gave is awaited from now on."""
    return change_person(state, e.giver(event), again=event.at)


def _time_passed(state: Proposal, event: e.TimePassed) -> Proposal:
    round = state.round
    if round is None or hours.Hour.DUE_SOON not in event.what:
        return state
    reminded = replace(round, reminders=round.reminders + 1, reminded_at=event.at)
    return replace(state, rounds={**state.rounds, round.id: reminded})


def _marked_absent(state: Proposal, event: e.MarkedAbsent) -> Proposal:
    who = event.participant
    return replace(
        change_person(state, who, absent=True),
        room=without(state.room, who) if state.room else None,
        chair_offered=None if state.chair_offered == who else state.chair_offered,
        author_offered=None if state.author_offered == who else state.author_offered,
    )


def _returned(state: Proposal, event: e.ReturnedFromAbsence) -> Proposal:
    return change_person(state, e.giver(event), absent=False, again=event.at)


def _authorship_offered(state: Proposal, event: e.AuthorshipOffered) -> Proposal:
    return replace(state, author_offered=event.to)


def _author_changed(state: Proposal, event: e.AuthorChanged) -> Proposal:
    """Who wrote it until now is a participant like the others, asked for *clear* too, from now on."""
    state = change_person(state, event.before, again=event.at)
    return replace(state, author=event.author, author_offered=None, since=event.at)


def _suspended(state: Proposal, event: e.ParticipantSuspended | e.ParticipantRestored) -> Proposal:
    return change_person(state, event.participant, suspended=isinstance(event, e.ParticipantSuspended))


OF_ABSENCE: Mapping[type[e.Event], Callable[[Proposal, Any], Proposal]] = {
    e.TimePassed: _time_passed,
    e.MarkedAbsent: _marked_absent,
    e.ReturnedFromAbsence: _returned,
    e.AuthorshipOffered: _authorship_offered,
    e.AuthorChanged: _author_changed,
    e.ParticipantSuspended: _suspended,
    e.ParticipantRestored: _suspended,
}
