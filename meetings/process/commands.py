"""What a person may ask of a meeting, in the imperative. One class a command; the table says when each is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .state import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One act by one person. `on` names the moment that it was made for (`state.moment`); None takes what is now."""

    by: str
    at: datetime
    on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Command):
    """Set the plan anew; None leaves a part as it is. Items keep their id as long as they are meant to be the same."""

    title: str | None = None
    starts_at: datetime | None = None
    minutes: int | None = None
    place: str | None = None
    agenda: tuple[Item, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPlan(Command):
    """Tell the team of the plan by mail; from then on it is told of changes too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Command):
    """Begin with the check-in round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak(Command):
    """I have spoken: the turn moves on. What is said in these rounds is said aloud and kept nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveTurn(Command):
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree(Command):
    """I can live with this agenda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskChange(Command):
    """I want the agenda changed, and say how."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Next(Command):
    """On to what follows: the agenda, the check-out round, the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Command):
    """End it here: what was not reached is left for another meeting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconsider(Command):
    """Ask for consent to the agenda once more, to change what is still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin(Command):
    """Go to an item. `seq`: where its proposal's journal stands; `chair`: who facilitates that proposal."""

    item: str
    seq: int
    chair: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndItem(Command):
    """Leave the current item. `seq`: where its proposal's journal stands."""

    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff(Command):
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOut(Command):
    """Take somebody who is gone out of the meeting. `gone`: who was not seen for two minutes."""

    participant: str
    gone: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeChair(Command):
    gone: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter(Command):
    """Somebody came into the team, or has another role in it."""

    voice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart(Command):
    """Somebody belongs to the team no more."""
