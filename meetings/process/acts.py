"""What each command brings about: the events of one act. The same again makes none."""

from __future__ import annotations

from typing import Any

from . import commands as c
from . import events as e
from .state import Meeting, Person, Phase

Events = list[e.Event]


def change(state: Meeting, cmd: c.Change) -> Events:
    return [*_plan(state, cmd), *_agenda(state, cmd)]


def _plan(state: Meeting, cmd: c.Change) -> Events:
    before = (state.title, state.starts_at, state.minutes, state.place)
    given = (cmd.title, cmd.starts_at, cmd.minutes, cmd.place)
    title, starts_at, minutes, place = (old if new is None else new for old, new in zip(before, given, strict=True))
    named: Any = {"title": title, "starts_at": starts_at, "minutes": minutes, "place": place}
    return [] if (title, starts_at, minutes, place) == before else [e.PlanChanged(at=cmd.at, by=cmd.by, **named)]


def _agenda(state: Meeting, cmd: c.Change) -> Events:
    if cmd.agenda is None or cmd.agenda == state.agenda:
        return []
    return [e.AgendaChanged(at=cmd.at, by=cmd.by, version=state.version + 1, agenda=cmd.agenda)]


def mail_plan(_state: Meeting, cmd: c.MailPlan) -> Events:
    return [e.PlanMailed(at=cmd.at, by=cmd.by)]


def call_off(_state: Meeting, cmd: c.CallOff) -> Events:
    return [e.CalledOff(at=cmd.at, by=cmd.by)]


def open_(state: Meeting, cmd: c.Open) -> Events:
    """Who opens is there; a facilitator without a voice runs it from outside the circle."""
    person = state.people.get(cmd.by)
    here: Events = [e.Joined(at=cmd.at, by=cmd.by)] if person and person.voice else []
    return [e.Opened(at=cmd.at, by=cmd.by), *here]


def join(_state: Meeting, cmd: c.Join) -> Events:
    return [e.Joined(at=cmd.at, by=cmd.by)]


def leave(_state: Meeting, cmd: c.Leave) -> Events:
    return [e.Left(at=cmd.at, by=cmd.by)]


def speak(_state: Meeting, cmd: c.Speak) -> Events:
    return [e.Spoke(at=cmd.at, by=cmd.by)]


def later(_state: Meeting, cmd: c.Later) -> Events:
    return [e.SaidLater(at=cmd.at, by=cmd.by)]


def give_turn(_state: Meeting, cmd: c.GiveTurn) -> Events:
    return [e.TurnGiven(at=cmd.at, by=cmd.by, to=cmd.to)]


def agree(state: Meeting, cmd: c.Agree) -> Events:
    if state.answers.get(cmd.by, "") is None:
        return []
    return [e.Agreed(at=cmd.at, by=cmd.by, version=state.version)]


def ask_change(state: Meeting, cmd: c.AskChange) -> Events:
    if state.answers.get(cmd.by) == cmd.text:
        return []
    return [e.ChangeAsked(at=cmd.at, by=cmd.by, version=state.version, text=cmd.text)]


def next_(state: Meeting, cmd: c.Next) -> Events:
    follows = {Phase.CHECK_IN: e.CheckInEnded, Phase.ITEMS: e.CheckOutBegun, Phase.CHECK_OUT: e.Ended}
    return [follows[state.phase](at=cmd.at, by=cmd.by)]


def reconsider(state: Meeting, cmd: c.Reconsider) -> Events:
    return [e.AgendaReconsidered(at=cmd.at, by=cmd.by, version=state.version + 1)]


def begin(_state: Meeting, cmd: c.Begin) -> Events:
    return [e.ItemBegun(at=cmd.at, by=cmd.by, item=cmd.item, seq=cmd.seq)]


def end_item(state: Meeting, cmd: c.EndItem) -> Events:
    assert state.current is not None
    return [e.ItemEnded(at=cmd.at, by=cmd.by, item=state.current.id, seq=cmd.seq)]


def put_off(_state: Meeting, cmd: c.PutOff) -> Events:
    return [e.ItemPutOff(at=cmd.at, by=cmd.by, item=cmd.item)]


def end(_state: Meeting, cmd: c.End) -> Events:
    return [e.Ended(at=cmd.at, by=cmd.by)]


def lead_out(_state: Meeting, cmd: c.LeadOut) -> Events:
    return [e.LedOut(at=cmd.at, by=cmd.by, participant=cmd.participant)]


def hand_over(state: Meeting, cmd: c.HandOver) -> Events:
    return [_chair(state, cmd, cmd.to, taken=False)]


def take_chair(state: Meeting, cmd: c.TakeChair) -> Events:
    return [_chair(state, cmd, cmd.by, taken=True)]


def _chair(state: Meeting, cmd: c.Command, to: str, *, taken: bool) -> e.FacilitatorChanged:
    return e.FacilitatorChanged(at=cmd.at, by=cmd.by, facilitator=to, before=state.facilitator, taken=taken)


def enter(state: Meeting, cmd: c.Enter) -> Events:
    if state.people.get(cmd.by) == Person(cmd.voice):
        return []
    return [e.PersonEntered(at=cmd.at, by=cmd.by, voice=cmd.voice)]


def depart(state: Meeting, cmd: c.Depart) -> Events:
    return [e.PersonDeparted(at=cmd.at, by=cmd.by)] if cmd.by in state.people else []
