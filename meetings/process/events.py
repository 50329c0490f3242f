"""What has happened to a meeting, in the past tense. An event's name in the record is its class name in snake case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from .state import Item, Person

EVENTS: dict[str, type[Event]] = {}
"""Name in the record → class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, by whom."""

    at: datetime
    by: str
    name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        cls.name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        EVENTS[cls.name] = cls


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Event):
    title: str
    starts_at: datetime
    minutes: int
    place: str
    facilitator: str
    agenda: tuple[Item, ...]
    people: Mapping[str, Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Event):
    title: str
    starts_at: datetime
    minutes: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaChanged(Event):
    """From here on there is another version, and every answer to the one before is void."""

    version: int
    agenda: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMailed(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class LedOut(Event):
    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLater(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnGiven(Event):
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInEnded(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed(Event):
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAsked(Event):
    version: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaAgreed(Event):
    """Everyone present can live with this version."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaReconsidered(Event):
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBegun(Event):
    item: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEnded(Event):
    item: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPutOff(Event):
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutBegun(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitatorChanged(Event):
    facilitator: str
    before: str
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntered(Event):
    voice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDeparted(Event):
    pass
