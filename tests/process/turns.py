"""Section 6 as functions: turns, counted anew. Numbers 7 and 8 of section 9, for each step."""

from __future__ import annotations

from dataclasses import replace

from decisions.process import commands as c
from decisions.process.engine import may
from decisions.process.events import Withdrawn
from decisions.process.room import speaker
from decisions.process.standing import moment
from decisions.process.state import Proposal, Round

from .counting import asked_of, heard, late, unled
from .invariants import Step

FIRST = (c.AskQuestion, c.Clear, c.React, c.Pass, c.Respond)
"""By which somebody is heard in a round, or says their first word in it."""


def present(state: Proposal) -> frozenset[str]:
    return state.room.present if state.room else frozenset()


def by_turns(state: Proposal) -> Round | None:
    """The open round, where those present take turns in it."""
    return state.round if state.room and state.round and not state.round.sealed else None


def unheard(state: Proposal) -> set[str]:
    """Present and awaited."""
    round = state.round
    return set() if round is None else (asked_of(state, round) - heard(state, round)) & present(state)


def _adrift(step: Step) -> bool:
    """Section 7. The facilitator has left or is absent, or something is overdue."""
    return unled(step.before) or late(replace(step.before, clock=step.command.at))


def a_first_contribution_on_ones_turn_alone(step: Step) -> None:
    """7. A present person gives a first contribution only on their turn, and during no time-out."""
    room, by = step.before.room, step.command.by
    if room is None or not isinstance(step.command, FIRST) or by not in unheard(step.before):
        return
    assert room.paused_until is None or step.command.at >= room.paused_until or _adrift(step)
    if by_turns(step.before):
        assert speaker(step.before) == by


def everyone_present_gets_the_turn(step: Step) -> None:
    """8. Everyone present and awaited gets the turn before the round is complete, unless they leave."""
    round = by_turns(step.before)
    if round is None:
        return
    closed = step.after.rounds[round.id]
    cut_short = isinstance(step.command, c.ReturnNow) or any(isinstance(e, Withdrawn) for e in step.events)
    for who in unheard(step.before):
        now = who in heard(step.after, closed)
        assert not now or (step.command.by == who and speaker(step.before) == who)
        gone = step.after.participants[who].left or who not in present(step.after)
        assert now or gone or cut_short or closed.closed_at is None


def the_turn_moves_on_for_its_reasons_alone(step: Step) -> None:
    """Section 6. It moves on when the speaker is heard, says *later* or leaves, or when the turn is given."""
    speaking = speaker(step.before)
    if step.after.current != step.before.current or speaking not in unheard(step.before) & unheard(step.after):
        return
    later = isinstance(step.command, c.Later) and step.command.by == speaking
    if not later and not isinstance(step.command, c.GiveTurn):
        assert speaker(step.after) == speaking


def a_turn_is_the_first_awaited_ones_unless_given(step: Step) -> None:
    """Section 6. With the first in the order who is present and awaited; empty in tuning, revising, sealed rounds."""
    room, speaking = step.after.room, speaker(step.after)
    if room is None or by_turns(step.after) is None:
        assert speaking is None
        return
    waiting = unheard(step.after)
    if room.given is None:
        assert speaking == next((who for who in room.order if who in waiting), None)
    else:
        assert speaking == room.given
        assert room.given in room.present


def the_order_shows_everyone_present(step: Step) -> None:
    """Section 6. `order` shows everyone present, heard ones too; nobody twice, and everybody has a seat."""
    room = step.after.room
    if room:
        assert sorted(room.order) == sorted(room.present)
        assert room.present <= set(room.seats)
        assert len(set(room.seats)) == len(room.seats)
        assert all(not step.after.participants[who].left for who in room.present)


def a_room_ends_with_the_decision_alone(step: Step) -> None:
    """Section 6. The room lasts over rounds and revisions, and closes by itself on adoption and withdrawal."""
    ended = step.after.phase in ("adopted", "withdrawn")
    if ended:
        assert step.after.room is None
    elif step.before.room and not isinstance(step.command, c.CloseRoom):
        assert step.after.room is not None


def nothing_closes_in_a_time_out(step: Step) -> None:
    """Section 6. While paused no round closes; and there are three time-outs in a round."""
    room = step.after.room
    if room:
        assert room.pauses <= 3
        assert (room.paused_at is None) == (room.paused_until is None)
    if step.after.room is None or step.before.room is None or step.before.room.paused_until is None:
        return
    if step.after.current != step.before.current and step.before.current is not None:
        assert step.after.room.paused_until is None or _adrift(step) or unled(step.after)


def only_the_chair_changes_hands_by_the_rules(step: Step) -> None:
    """Section 6. Who facilitates changes by handing over, accepting what was offered, or taking the chair."""
    if step.after.facilitator == step.before.facilitator or step.before.facilitator is None:
        return
    by, cmd = step.command.by, step.command
    if isinstance(cmd, c.HandOver):
        assert by == step.before.facilitator
        assert step.after.facilitator == cmd.to in present(step.before)
    elif isinstance(cmd, c.AcceptChair):
        assert by == step.before.chair_offered == step.after.facilitator
    else:
        assert isinstance(cmd, c.TakeChair)
        assert step.before.facilitator in cmd.gone or _adrift(step)
        assert by == step.after.facilitator
        assert by in present(step.before) or _adrift(step)
    assert not step.after.participants[step.after.facilitator or ""].left


def whoever_may_do_something_else_is_painted_anew(step: Step) -> None:
    """Everybody who may do something else than before is among those whose picture is painted anew."""
    before, after = moment(step.before), moment(step.after)
    found = after.unlike(before)
    if found is not None:
        people = {*step.before.participants, *step.after.participants, step.after.facilitator or ""}
        unlike = {who for who in people if may(before.standing(who)) != may(after.standing(who))}
        assert unlike <= found


AT_EVERY_STEP = (
    a_first_contribution_on_ones_turn_alone,
    everyone_present_gets_the_turn,
    the_turn_moves_on_for_its_reasons_alone,
    a_turn_is_the_first_awaited_ones_unless_given,
    the_order_shows_everyone_present,
    a_room_ends_with_the_decision_alone,
    nothing_closes_in_a_time_out,
    only_the_chair_changes_hands_by_the_rules,
    whoever_may_do_something_else_is_painted_anew,
)


def assert_turns(step: Step) -> None:
    for invariant in AT_EVERY_STEP:
        invariant(step)
