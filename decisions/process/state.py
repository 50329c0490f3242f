"""A proposal and all that belongs to it, as frozen values. Times are aware UTC; ids are opaque strings.

A participant's, author's or facilitator's id is the id of their account. Mappings are never changed in place:
`evolve` puts a new one in the place of the old, so that what is the same object is the same content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from .limits import A_SCREEN_LASTS


class Phase(StrEnum):
    """Where a proposal is. A draft has no journal; adopted and withdrawn are ends."""

    DRAFT = "draft"
    CLARIFYING = "clarifying"
    REACTION = "reaction"
    TUNING = "tuning"
    CONSENT = "consent"
    REVISING = "revising"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """The three rounds that every revision goes through."""

    CLARIFYING = "clarifying"
    REACTION = "reaction"
    CONSENT = "consent"


class Answer(StrEnum):
    """What a participant may say in a consent round."""

    CONSENT = "consent"
    CONCERN = "concern"
    OBJECTION = "objection"


class Outcome(StrEnum):
    """How a round ended."""

    HEARD = "heard"
    ADOPTED = "adopted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Status(StrEnum):
    """The life of an objection."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    RESOLVED = "resolved"


class Sealing(StrEnum):
    """When a team's consent rounds are sealed."""

    IN_ROOM = "in_room"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Policy:
    """The team's settings as they were when the proposal opened. Days are whole days, the quorum a percentage."""

    sealed: Sealing = Sealing.IN_ROOM
    quorum_percent: int = 50
    due_days: int = 3
    objector_grace_days: int = 7
    second_look_days: int = 7


@dataclass(frozen=True, slots=True)
class Participant:
    """A member whose voice this decision needs. Who has left keeps what they gave and is no longer awaited."""

    id: str
    since: datetime
    left: bool = False
    absent: bool = False
    suspended: bool = False
    """Their account is closed to them for now: no consent round adopts until they are heard."""
    again: datetime | None = None
    """When they were last awaited anew: back from absence, or having taken back what they gave."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One numbered text of the proposal. `answers` maps the id of an objection to the author's answer."""

    number: int
    title: str
    driver: str
    body: str
    review_on: date | None
    note: str
    by: str
    at: datetime
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    """One pass through all participants on one revision. `electorate`: who were participants when it opened."""

    id: str
    kind: Kind
    revision: int
    sealed: bool
    opened_at: datetime
    due_at: datetime
    electorate: frozenset[str]
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    cleared: Mapping[str, bool] = field(default_factory=dict)
    """Who said *clear* in a clarifying round → whether they added *and nothing to add*."""
    absent: frozenset[str] = frozenset()
    """Who was absent when it closed as adopted: they may have a second look."""
    reminders: int = 0
    reminded_at: datetime | None = None
    """How often, and when last, those awaited were reminded of the due time."""


@dataclass(frozen=True, slots=True)
class Question:
    """A clarifying question and, once given, the author's answer."""

    id: str
    round: str
    by: str
    text: str
    at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """A quick reaction; `text` is None for a pass."""

    id: str
    round: str
    by: str
    text: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Response:
    """One participant's answer in one consent round. `seq` numbers the journal entry that holds it."""

    id: str
    round: str
    by: str
    kind: Answer
    text: str | None
    suggestion: str | None
    at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class Objection:
    """A reasoned *no* to one revision. `confirmed` is None until its objector has answered the restatement."""

    id: str
    response: str | None
    by: str
    revision: int
    reason: str
    suggestion: str | None
    at: datetime
    status: Status = Status.STANDING
    restatement: str | None = None
    confirmed: bool | None = None
    correction: str | None = None
    answer: str | None = None
    answered_in: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A live session on the proposal. `seats`: everybody who ever joined it, in that order; `order`: those present,
    as they speak in the current round by turns; `given`: to whom the facilitator gave the turn, if they did."""

    opened_at: datetime
    present: frozenset[str] = frozenset()
    seats: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    first: str | None = None
    """Who was first in the last round by turns, the author aside."""
    forward: bool = True
    """Whether that round went round in the order of the seats."""
    given: str | None = None
    turn_since: datetime | None = None
    asked_time_out: str | None = None
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    paused_by: str | None = None
    pauses: int = 0
    """Time-outs in the current round."""
    timebox: int | None = None
    """Seconds for each turn, by courtesy."""
    timebox_ends_at: datetime | None = None
    complete_since: datetime | None = None
    """Since when nobody is awaited in the open round."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A link that shows the decision to whoever holds it, for a day at most. `digest` is the hash of its token."""

    id: str
    by: str
    digest: str
    at: datetime

    @property
    def until(self) -> datetime:
        """When the link's day is over, whether or not anybody has closed it."""
        return self.at + A_SCREEN_LASTS


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything the process knows of one proposal. `seq` counts its journal entries."""

    id: str
    team: str
    author: str
    phase: Phase = Phase.DRAFT
    number: int | None = None
    seq: int = 0
    facilitator: str | None = None
    policy: Policy = field(default_factory=Policy)
    revision: int = 1
    opened_at: datetime | None = None
    adopted_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None
    participants: Mapping[str, Participant] = field(default_factory=dict)
    revisions: Mapping[int, Revision] = field(default_factory=dict)
    rounds: Mapping[str, Round] = field(default_factory=dict)
    current: str | None = None
    """The id of the open round."""
    questions: Mapping[str, Question] = field(default_factory=dict)
    reactions: Mapping[str, Reaction] = field(default_factory=dict)
    responses: Mapping[str, Response] = field(default_factory=dict)
    objections: Mapping[str, Objection] = field(default_factory=dict)
    room: Room | None = None
    chair_offered: str | None = None
    """Who was asked to facilitate and has not accepted yet."""
    author_offered: str | None = None
    """Who was asked to take the proposal on as its author and has not accepted yet."""
    since: datetime | None = None
    """Since when it is in this phase with this author."""
    clock: datetime | None = None
    """When the last thing happened, the clock's own strokes included: what hangs on time is judged by it."""
    screens: Mapping[str, Screen] = field(default_factory=dict)
    """The links that nobody has closed; those whose day is over go when the next one is made."""

    @property
    def round(self) -> Round | None:
        """The open round, if one is open."""
        return self.rounds[self.current] if self.current else None

    @property
    def text(self) -> Revision:
        """The current revision."""
        return self.revisions[self.revision]

    def voices(self) -> Iterator[str]:
        """The ids of those whose voice is needed now: participants who have not left."""
        return (person.id for person in self.participants.values() if not person.left)

    def said(self, who: str | None) -> Response | None:
        """What this person has responded in the open round."""
        return next((r for r in self.responses.values() if r.round == self.current and r.by == who), None)

    def reacted(self, who: str | None) -> Reaction | None:
        """This person's reaction or pass in the open round."""
        return next((r for r in self.reactions.values() if r.round == self.current and r.by == who), None)

    def open_questions(self, who: str | None = None) -> list[Question]:
        """The unanswered questions of the open round, of one person or of all."""
        return [
            q for q in self.questions.values() if q.round == self.current and q.answer is None and who in (None, q.by)
        ]

    def standing(self, who: str | None = None) -> list[Objection]:
        """The objections that stand, of one person or of all. Those of a sealed open round are not yet known."""
        return [o for o in self.objections.values() if o.status is Status.STANDING and who in (None, o.by)]

    def unresolved(self) -> list[Objection]:
        """The objections that their objector has neither withdrawn nor followed by a consent that counted."""
        return [o for o in self.objections.values() if o.status in (Status.STANDING, Status.ANSWERED)]
