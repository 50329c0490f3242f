"""Questions with an answer: None where the command may go on, else the code of the rule that refuses it."""

from __future__ import annotations

from . import commands as c
from .refusals import Refusal
from .state import Meeting, Phase, Stage, speaker, unheard

# ── rights and circumstances, of a person in a meeting ───────────────────────────────────────────────────────


def anybody(_state: Meeting, _who: str) -> str | None:
    """anybody"""
    return None


def has_voice(state: Meeting, who: str) -> str | None:
    """a member of the team"""
    return None if who in state.people and state.people[who].voice else "no_voice"


def the_facilitator(state: Meeting, who: str) -> str | None:
    """the facilitator"""
    return None if who == state.facilitator else "only_the_facilitator"


def not_the_facilitator(state: Meeting, who: str) -> str | None:
    """does not facilitate already"""
    return "already_facilitator" if who == state.facilitator else None


def is_present(state: Meeting, who: str) -> str | None:
    """in the meeting"""
    return None if who in state.order else "not_present"


def is_here(state: Meeting, who: str) -> str | None:
    """in the meeting, or its facilitator"""
    return None if who in state.order or who == state.facilitator else "not_present"


def not_present_yet(state: Meeting, who: str) -> str | None:
    """not in the meeting yet"""
    return "already_present" if who in state.order else None


def has_the_turn(state: Meeting, who: str) -> str | None:
    """the turn is theirs"""
    return None if speaker(state) == who else "not_your_turn"


def somebody_else_to_speak(state: Meeting, _who: str) -> str | None:
    """somebody else is still to speak"""
    return None if len(unheard(state)) > 1 else "nobody_else"


def everyone_heard(state: Meeting, _who: str) -> str | None:
    """nobody is still to speak"""
    return "round_incomplete" if unheard(state) else None


def at_no_item(state: Meeting, _who: str) -> str | None:
    """the meeting is at no item"""
    return "item_open" if state.current else None


def at_an_item(state: Meeting, _who: str) -> str | None:
    """the meeting is at an item"""
    return None if state.current else "no_item"


def items_wait(state: Meeting, _who: str) -> str | None:
    """an item is still to come"""
    return None if next(state.waiting(), None) else "not_waiting"


def something_on_it(state: Meeting, _who: str) -> str | None:
    """something is on the agenda"""
    return None if state.agenda else "empty_agenda"


# ── this very command ────────────────────────────────────────────────────────────────────────────────────────


def waiting_item(state: Meeting, command: c.Begin | c.PutOff) -> Refusal | None:
    """the item is still to come"""
    item = state.item(command.item)
    return None if item and item.stage is Stage.WAITING else Refusal("not_waiting")


def facilitated_by_them(_state: Meeting, command: c.Begin) -> Refusal | None:
    """who goes to a decision facilitates it: its room is opened by nobody else"""
    if command.chair == command.by:
        return None
    return Refusal("another_facilitates", {"facilitator": command.chair})


def each_once(_state: Meeting, command: c.Change) -> Refusal | None:
    """each decision once"""
    asked = [item.proposal for item in command.agenda or () if item.stage is not Stage.DONE]
    return Refusal("twice", field="agenda") if len(asked) != len(set(asked)) else None


def keeps_what_was_done(state: Meeting, command: c.Change) -> Refusal | None:
    """what the meeting has been at stays as it was"""
    if command.agenda is None:
        return None
    done = [item for item in state.agenda if item.stage is not Stage.WAITING]
    return None if list(command.agenda[: len(done)]) == done else Refusal("items_done")


def not_emptied(state: Meeting, command: c.Change) -> Refusal | None:
    """a meeting under way keeps an agenda"""
    emptied = command.agenda is not None and not command.agenda and state.phase is not Phase.PLANNED
    return Refusal("empty_agenda") if emptied else None


def says_what(_state: Meeting, command: c.AskChange) -> Refusal | None:
    """the change in words"""
    return None if command.text.strip() else Refusal("text", field="text")


def to_somebody_to_speak(state: Meeting, command: c.GiveTurn) -> Refusal | None:
    """to somebody who is still to speak"""
    if command.to not in state.order:
        return Refusal("person_not_present")
    return None if command.to in unheard(state) else Refusal("already_heard")


def to_somebody_present(state: Meeting, command: c.HandOver) -> Refusal | None:
    """to somebody else in the meeting"""
    if command.to == state.facilitator:
        return Refusal("already_facilitator")
    return None if command.to in state.order else Refusal("person_not_present")


def they_are_gone(state: Meeting, command: c.LeadOut) -> Refusal | None:
    """somebody in the meeting who is gone for two minutes: no connection and no command"""
    if command.participant not in state.order:
        return Refusal("person_not_present")
    return None if command.participant in command.gone else Refusal("still_here")


def facilitator_is_gone(state: Meeting, command: c.TakeChair) -> Refusal | None:
    """the facilitator gone for two minutes, or not of the team any more"""
    gone = state.facilitator in command.gone or state.facilitator not in state.people
    return None if gone else Refusal("still_here")
