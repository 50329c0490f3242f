"""A meeting as everybody in the team sees it. Nothing in it depends on who looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from conventions.clock import rfc3339

from .process.engine import may
from .process.state import Item, Meeting, awaited, moment, speaker

Picture = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the agenda tells of a proposal: what it is called now, where it is, and who facilitates it."""

    number: int | None
    title: str
    phase: str
    facilitator: str | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a picture needs besides the meeting: its team, what people are called, and what its items are."""

    team: str
    team_name: str
    names: Mapping[str, str]
    subjects: Mapping[str, Subject]


def paint(state: Meeting, around: Surroundings) -> Picture:
    """The picture of this state in these surroundings."""
    waits = frozenset(awaited(state))
    chairs = {proposal: subject.facilitator for proposal, subject in around.subjects.items()}
    return {
        "id": state.id,
        "team": around.team,
        "team_name": around.team_name,
        "title": state.title,
        "phase": str(state.phase),
        "moment": moment(state),
        "seq": state.seq,
        "facilitator": state.facilitator,
        "starts_at": rfc3339(state.starts_at),
        "minutes": state.minutes,
        "place": state.place,
        "opened_at": _time(state.opened_at),
        "agreed_at": _time(state.agreed_at),
        "ended_at": _time(state.ended_at),
        "version": state.version,
        "mailed": state.mailed,
        "order": list(state.order),
        "speaker": speaker(state),
        "turn_since": _time(state.turn_since),
        "current": state.current.id if state.current else None,
        "places": [item.id for item in state.agenda],
        "agenda": {item.id: _item(item, around.subjects.get(item.proposal)) for item in state.agenda},
        "people": {
            who: {
                "name": around.names.get(who, ""),
                "voice": person.voice,
                "present": who in state.order,
                "heard": who in state.heard,
                "awaited": who in waits,
                "answer": _answer(state, who),
                "change": state.answers.get(who),
                "may": may(state, who, chairs),
            }
            for who, person in state.people.items()
        },
    }


def bare(picture: Picture) -> Picture:
    """A picture without what it owes to its surroundings. The difference to it tells all of that anew: what people and
    proposals are called, and who may do what, can change without an entry of the meeting's own."""
    people = {who: {**person, "name": None, "may": None} for who, person in picture["people"].items()}
    agenda = {id: {**item, **dict.fromkeys(OUTSIDE)} for id, item in picture["agenda"].items()}
    return {**picture, "team": None, "team_name": None, "people": people, "agenda": agenda}


OUTSIDE = ("number", "title", "phase", "facilitator")


def _answer(state: Meeting, who: str) -> str | None:
    if who not in state.answers:
        return None
    return "agreed" if state.answers[who] is None else "change"


def _item(item: Item, subject: Subject | None) -> Picture:
    ends = item.began_at + timedelta(minutes=item.minutes) if item.began_at else None
    return {
        "proposal": item.proposal,
        "number": subject.number if subject else None,
        "title": subject.title if subject else "",
        "phase": subject.phase if subject else None,
        "facilitator": subject.facilitator if subject else None,
        "wanted": str(item.wanted),
        "minutes": item.minutes,
        "stage": str(item.stage),
        "began_at": _time(item.began_at),
        "ended_at": _time(item.ended_at),
        "ends_at": _time(ends),
    }


def _time(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None
