"""What each event makes of a meeting. Which phase it leads to, the table says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from . import events as e
from .state import Item, Meeting, Person, Stage, speaker
from .table import LEADS_TO


def evolve(state: Meeting, event: e.Event) -> Meeting:
    """The meeting one event later."""
    changed = EVOLVES[type(event)](state, event)
    phase = LEADS_TO[state.phase].get(event.name, state.phase)
    return _with_turn(state, replace(changed, phase=phase, seq=state.seq + 1), event.at)


def _with_turn(before: Meeting, after: Meeting, at: datetime) -> Meeting:
    """The clock of a turn begins anew where the turn has moved on."""
    if (before.phase, speaker(before)) == (after.phase, speaker(after)):
        return after
    return replace(after, turn_since=at if speaker(after) else None)


def _planned(state: Meeting, event: e.Planned) -> Meeting:
    return replace(
        state,
        title=event.title,
        starts_at=event.starts_at,
        minutes=event.minutes,
        place=event.place,
        facilitator=event.facilitator,
        agenda=event.agenda,
        people=event.people,
    )


def _plan_changed(state: Meeting, event: e.PlanChanged) -> Meeting:
    return replace(state, title=event.title, starts_at=event.starts_at, minutes=event.minutes, place=event.place)


def _agenda_changed(state: Meeting, event: e.AgendaChanged) -> Meeting:
    return replace(state, agenda=event.agenda, version=event.version, answers={})


def _opened(state: Meeting, event: e.Opened) -> Meeting:
    return replace(state, opened_at=event.at)


def _joined(state: Meeting, event: e.Joined) -> Meeting:
    return replace(state, order=(*state.order, event.by))


def _out(state: Meeting, who: str) -> Meeting:
    """Without somebody. What they asked to be changed stays asked; that they could live with it does not."""
    return replace(
        state,
        order=tuple(seat for seat in state.order if seat != who),
        heard=state.heard - {who},
        answers={one: text for one, text in state.answers.items() if one != who or text is not None},
    )


def _spoke(state: Meeting, event: e.Spoke) -> Meeting:
    return replace(state, heard=state.heard | {event.by})


def _said_later(state: Meeting, event: e.SaidLater) -> Meeting:
    return replace(state, order=(*(seat for seat in state.order if seat != event.by), event.by))


def _turn_given(state: Meeting, event: e.TurnGiven) -> Meeting:
    """To the front of those who are still to speak."""
    others = [seat for seat in state.order if seat != event.to]
    return replace(state, order=(event.to, *others))


def _round(state: Meeting) -> Meeting:
    """A round in which nobody is heard yet."""
    return replace(state, heard=frozenset(), answers={})


def _check_out_begun(state: Meeting, _event: e.CheckOutBegun) -> Meeting:
    """The other way round than they came in."""
    return replace(_round(state), order=state.order[::-1])


def _answered(state: Meeting, who: str, change: str | None) -> Meeting:
    return replace(state, answers={**state.answers, who: change})


def _agenda_agreed(state: Meeting, event: e.AgendaAgreed) -> Meeting:
    return replace(state, agreed_at=event.at)


def _reconsidered(state: Meeting, event: e.AgendaReconsidered) -> Meeting:
    return replace(_round(state), version=event.version)


def _item(state: Meeting, id: str, change: Callable[[Item], Item]) -> Meeting:
    return replace(state, agenda=tuple(change(item) if item.id == id else item for item in state.agenda))


def _item_begun(state: Meeting, event: e.ItemBegun) -> Meeting:
    return _item(state, event.item, lambda item: replace(item, stage=Stage.CURRENT, began_at=event.at, began=event.seq))


def _item_ended(state: Meeting, event: e.ItemEnded) -> Meeting:
    return _item(state, event.item, lambda item: replace(item, stage=Stage.DONE, ended_at=event.at, ended=event.seq))


def _item_put_off(state: Meeting, event: e.ItemPutOff) -> Meeting:
    return _item(state, event.item, lambda item: replace(item, stage=Stage.PUT_OFF))


def _ended(state: Meeting, event: e.Ended) -> Meeting:
    return replace(state, ended_at=event.at, order=(), heard=frozenset(), answers={})


def _entered(state: Meeting, event: e.PersonEntered) -> Meeting:
    known = replace(state, people={**state.people, event.by: Person(event.voice)})
    return known if event.voice else _out(known, event.by)


def _departed(state: Meeting, event: e.PersonDeparted) -> Meeting:
    return replace(_out(state, event.by), people={who: p for who, p in state.people.items() if who != event.by})


EVOLVES: Mapping[type[e.Event], Callable[[Meeting, Any], Meeting]] = {
    e.Planned: _planned,
    e.PlanChanged: _plan_changed,
    e.AgendaChanged: _agenda_changed,
    e.PlanMailed: lambda state, _: replace(state, mailed=True),
    e.CalledOff: lambda state, event: replace(state, ended_at=event.at),
    e.Opened: _opened,
    e.Joined: _joined,
    e.Left: lambda state, event: _out(state, event.by),
    e.LedOut: lambda state, event: _out(state, event.participant),
    e.Spoke: _spoke,
    e.SaidLater: _said_later,
    e.TurnGiven: _turn_given,
    e.CheckInEnded: lambda state, _: _round(state),
    e.Agreed: lambda state, event: _answered(state, event.by, None),
    e.ChangeAsked: lambda state, event: _answered(state, event.by, event.text),
    e.AgendaAgreed: _agenda_agreed,
    e.AgendaReconsidered: _reconsidered,
    e.ItemBegun: _item_begun,
    e.ItemEnded: _item_ended,
    e.ItemPutOff: _item_put_off,
    e.CheckOutBegun: _check_out_begun,
    e.Ended: _ended,
    e.FacilitatorChanged: lambda state, event: replace(state, facilitator=event.facilitator),
    e.PersonEntered: _entered,
    e.PersonDeparted: _departed,
}
