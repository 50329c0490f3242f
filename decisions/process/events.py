"""What has happened to a proposal, in the past tense: the journal's vocabulary.

An event's name in the journal is its class name in snake case. `personal` lists the paths of what people wrote:
the journal keeps a salted commitment in its place, and the words beside the chain (docs/journal.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from .state import Answer, Kind, Outcome, Policy

EVENTS: dict[str, type[Event]] = {}
"""Name in the journal → class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `by` is the account that gave the command, None where the clock did."""

    at: datetime
    by: str | None
    name: ClassVar[str] = ""
    personal: ClassVar[tuple[str, ...]] = ()
    untold: ClassVar[tuple[str, ...]] = ()
    """Fields that nobody is told, in no form: the giver alone reads them, in their own snapshot."""

    def __init_subclass__(cls) -> None:
        cls.name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        EVENTS[cls.name] = cls


def giver(event: Event) -> str:
    """Whose act the event is, where it is never the clock's."""
    assert event.by is not None
    return event.by


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    personal = ("title", "driver", "body")
    number: int
    author: str
    facilitator: str
    participants: tuple[str, ...]
    policy: Policy
    title: str
    driver: str
    body: str
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOpened(Event):
    """`passes`: reaction id → who said *nothing to add* ahead of this reaction round."""

    round: str
    kind: Kind
    revision: int
    sealed: bool
    due_at: datetime
    passes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    personal = ("text",)
    round: str
    question: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTakenBack(Event):
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    personal = ("text",)
    question: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared(Event):
    round: str
    nothing_to_add: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearTakenBack(Event):
    round: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted(Event):
    personal = ("text",)
    round: str
    reaction: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed(Event):
    round: str
    reaction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionTakenBack(Event):
    round: str
    reaction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented(Event):
    round: str
    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRaised(Event):
    personal = ("text",)
    round: str
    response: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised(Event):
    personal = ("reason", "suggestion")
    round: str | None
    response: str | None
    objection: str
    revision: int
    reason: str
    suggestion: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Responded(Event):
    """Somebody answered a sealed round. `answer` (kind, text, suggestion as JSON) is one commitment whatever it is."""

    personal = ("answer",)
    untold = ("answer",)
    round: str
    response: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTakenBack(Event):
    round: str
    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionWithdrawn(Event):
    objection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRestated(Event):
    personal = ("text",)
    objection: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestatementConfirmed(Event):
    objection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestatementCorrected(Event):
    personal = ("text",)
    objection: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Revealed:
    """One person's last answer in a sealed round, told when it closes."""

    response: str
    by: str
    kind: Answer
    text: str | None
    suggestion: str | None
    objection: str | None
    """The id under which an objection stands from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundClosed(Event):
    """A round is over. `answers` is filled by a sealed round alone, in the order of the participants' ids."""

    personal = ("answers.*.text", "answers.*.suggestion")
    round: str
    outcome: Outcome
    answers: tuple[Revealed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Event):
    """The proposal is with its author again because of an objection."""

    revision: int
    round: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised(Event):
    personal = ("title", "driver", "body", "note", "answers.*")
    revision: int
    title: str
    driver: str
    body: str
    review_on: date | None
    note: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted(Event):
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Event):
    personal = ("reason",)
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueChanged(Event):
    round: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOpened(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomClosed(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Event):
    """Somebody came into the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Event):
    """Somebody went out of the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedOut(Event):
    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLater(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnGiven(Event):
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOutAsked(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Event):
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseEnded(Event):
    """The pause's time was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeboxSet(Event):
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitatorOffered(Event):
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitatorChanged(Event):
    """`how`: `handed` over, `accepted`, or `taken` from one who was gone."""

    facilitator: str
    before: str | None
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenOpened(Event):
    """A link lets others look on. `digest`: SHA-256 of the link's token, in hex."""

    screen: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenClosed(Event):
    screen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantJoined(Event):
    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantLeft(Event):
    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(Event):
    """A moment came on which something hangs. `what`: the names of `hours.Hour`."""

    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedAbsent(Event):
    """By themselves, or by somebody else."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedFromAbsence(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorshipOffered(Event):
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorChanged(Event):
    author: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantSuspended(Event):
    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRestored(Event):
    participant: str
