"""A meeting and all that belongs to it, as frozen values. Times are aware UTC; ids are opaque strings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """Where a meeting is. Ended and called off are ends."""

    PLANNED = "planned"
    CHECK_IN = "check_in"
    AGENDA = "agenda"
    ITEMS = "items"
    CHECK_OUT = "check_out"
    ENDED = "ended"
    CALLED_OFF = "called_off"


class Wanted(StrEnum):
    """How far the circle wants to come with an item: its questions answered, its reactions heard, or decided."""

    UNDERSTAND = "understand"
    EXPLORE = "explore"
    DECIDE = "decide"


class Stage(StrEnum):
    """The life of an item. Put off: left for another meeting."""

    WAITING = "waiting"
    CURRENT = "current"
    DONE = "done"
    PUT_OFF = "put_off"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team. Observers have no voice: they watch, and are not asked."""

    voice: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One proposal on the agenda. `minutes` is its timebox, a courtesy; `began` and `ended` number the entries of the
    proposal's journal between which the meeting was at it."""

    id: str
    proposal: str
    wanted: Wanted
    minutes: int
    stage: Stage = Stage.WAITING
    began_at: datetime | None = None
    ended_at: datetime | None = None
    began: int | None = None
    ended: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Everything that is known of one meeting. `seq` counts its entries; `version` numbers the agenda as it was last
    changed: an answer belongs to one version."""

    id: str
    team: str
    facilitator: str
    title: str
    starts_at: datetime
    minutes: int
    place: str = ""
    phase: Phase = Phase.PLANNED
    seq: int = 0
    version: int = 1
    agenda: tuple[Item, ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    """Those present who have a voice, in the order in which they speak."""
    heard: frozenset[str] = frozenset()
    """Who has spoken in the check-in or check-out round."""
    answers: Mapping[str, str | None] = field(default_factory=dict)
    """To this version of the agenda: None for *I can live with it*, else the change that somebody asks for."""
    opened_at: datetime | None = None
    agreed_at: datetime | None = None
    ended_at: datetime | None = None
    turn_since: datetime | None = None
    mailed: bool = False
    """The team was told of the plan by mail, and so is told of what changes in it."""

    @property
    def present(self) -> frozenset[str]:
        return frozenset(self.order)

    @property
    def current(self) -> Item | None:
        """The item that the meeting is at."""
        return next((item for item in self.agenda if item.stage is Stage.CURRENT), None)

    def item(self, id: str) -> Item | None:
        return next((item for item in self.agenda if item.id == id), None)

    def waiting(self) -> Iterator[Item]:
        """The items that are still to come."""
        return (item for item in self.agenda if item.stage is Stage.WAITING)


CHECKS = (Phase.CHECK_IN, Phase.CHECK_OUT)
LIVE = (Phase.CHECK_IN, Phase.AGENDA, Phase.ITEMS, Phase.CHECK_OUT)
OVER = (Phase.ENDED, Phase.CALLED_OFF)


def unheard(state: Meeting) -> list[str]:
    """Who is still to speak in a check-in or check-out round, in order."""
    return [who for who in state.order if who not in state.heard] if state.phase in CHECKS else []


def speaker(state: Meeting) -> str | None:
    """Whose turn it is in a check-in or check-out round."""
    return next(iter(unheard(state)), None)


def changes_asked(state: Meeting) -> dict[str, str]:
    """Who asks for which change of this agenda. Who left since is still answered: by a new version alone."""
    return {who: text for who, text in state.answers.items() if text is not None}


def awaited(state: Meeting) -> list[str]:
    """For whom the meeting waits now, to speak or to answer."""
    if state.phase is Phase.AGENDA:
        return [who for who in state.order if who not in state.answers]
    return unheard(state)


def moment(state: Meeting) -> str:
    """A name for what is current: a command that was made for another moment comes too late."""
    if state.phase is Phase.AGENDA:
        return f"agenda:{state.version}"
    if state.phase is Phase.ITEMS:
        return f"items:{state.current.id if state.current else ''}"
    return str(state.phase)
