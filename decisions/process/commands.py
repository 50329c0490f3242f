"""What a person may ask of a proposal, in the imperative. One class a command; the table says when each is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from .state import Answer, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One act by one person at one moment.

    `on` names what it was made for: the id of the open round, or in tuning and revising the number of the
    revision; None takes what is current. `seed` is 80 random bits as text, from which everything new is named.
    """

    by: str
    at: datetime
    seed: str
    on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Command):
    """Show the draft to the circle and begin its first clarifying round."""

    number: int
    facilitator: str
    participants: tuple[str, ...]
    policy: Policy
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuestion(Command):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackQuestion(Command):
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Command):
    question: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear(Command):
    """I understand the proposal; with `nothing_to_add` my pass stands in the reaction round too."""

    nothing_to_add: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackClear(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class React(Command):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass(Command):
    """I have nothing to add in this reaction round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackReaction(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForConsent(Command):
    """Put this very text to the circle. `sealed=True` seals; False leaves it to the policy."""

    sealed: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Respond(Command):
    kind: Answer
    text: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackResponse(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnNow(Command):
    """Take the proposal back to its author while an objection stands, without waiting for the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise(Command):
    """Offer the next revision. None keeps a part as it was; `answers` maps objections to the author's answers."""

    body: str
    title: str | None = None
    driver: str | None = None
    review_on: date | None = None
    note: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawObjection(Command):
    objection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restate(Command):
    """The author says what they heard in an objection."""

    objection: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Command):
    """The objector says whether the restatement is right; if not, `text` says what is missing."""

    objection: str
    heard: bool = True
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDue(Command):
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """The author withdraws the proposal."""

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoom(Command):
    """Let part of the circle meet on the proposal, and take turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRoom(Command):
    """Take the meeting elsewhere: the round goes on, each in their own time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Later(Command):
    """The speaker asks to be heard at the end of the round's order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveTurn(Command):
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Next(Command):
    """The facilitator goes on to the next round, once everyone is heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTimeOut(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Command):
    minutes: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimebox(Command):
    """A courtesy clock for each turn; 0 seconds take it away."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOut(Command):
    """Lead somebody out of the room who is `gone`: for two minutes neither connected nor giving a command."""

    participant: str
    gone: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    """Hand the chair over: at once to somebody present, else when they accept."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptChair(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeChair(Command):
    """Take the chair from a facilitator who is `gone`: for two minutes neither connected nor giving a command."""

    gone: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkAbsent(Command):
    """Somebody awaited has not answered, and the due time has passed: the round goes on without them for now."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IAmAbsent(Command):
    """Do not wait for me for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IAmHere(Command):
    """Back from absence, and awaited again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAuthorship(Command):
    """Ask a participant to take on the proposal of an author who is away."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAuthorship(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain(Command):
    """Who was absent at the adoption objects within the team's time for a second look."""

    text: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenScreen(Command):
    """Make a link that shows this decision on a screen, to whoever holds it. The link itself never comes in here:
    `digest` is its hash, `screen` the name from which it was made."""

    screen: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseScreen(Command):
    """From now on this link shows nothing."""

    screen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCircle(Command):
    """A member who came (or came back) to the team becomes a participant from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveCircle(Command):
    """A participant has left the team by their own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(Command):
    """The account of `by` is closed to them for now, or open to them again. Never their own doing."""

    suspended: bool
