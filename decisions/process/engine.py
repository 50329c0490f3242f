"""The way in: `decide` judges a command, `evolve` applies an event, `may` tells what somebody could do now.

    state, events = decide(state, command)     # or Refused

`decide` looks the command up in the table, lets it bring about its events, and then judges the open round until
nothing more follows by itself. Nothing else in Rondo knows a rule of the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache, reduce
from hashlib import blake2b
from typing import Any

from . import away, hours
from .closing import closes_by_itself, closing
from .commands import Command
from .events import Event, PauseEnded, TimePassed
from .evolution import evolve
from .once import once
from .opening import Fresh
from .refusals import Refusal, Refused
from .room import speaker
from .rounds import awaited
from .standing import Standing, moment
from .state import Phase, Proposal
from .table import TABLE, Rule

__all__ = ["Refused", "decide", "evolve", "judge", "may", "names", "refusal", "replay", "tick", "wakes_at"]

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def decide(state: Proposal, command: Command) -> tuple[Proposal, list[Event]]:
    """Judges one command: the state after it and the events that lead there, in order; none where it says the
    same again. Raises Refused, and then nothing has happened."""
    state, before = tick(state, command.at, command.seed + "/clock")
    back = away.back(state, command) if TABLE[type(command)].back else []
    there = reduce(evolve, back, state)
    no = refusal(there, command)
    if no is not None:
        raise Refused(no)
    fresh = names(command.seed)
    events = [*back, *TABLE[type(command)].does(there, command, fresh)]
    state, events = _follow(state, events, command.at, command.by, fresh)
    return state, [*before, *events]


def refusal(state: Proposal, command: Command) -> Refusal | None:
    """The first rule that refuses the command: rights before the moment, the moment before the content."""
    rule = TABLE[type(command)]
    standing = moment(state).standing(command.by)
    return next(_refusals(rule, standing, state, command), None)


def _refusals(rule: Rule, standing: Standing, state: Proposal, command: Command) -> Iterator[Refusal]:
    yield from _codes(state, (right(standing) for right in rule.who))
    yield from (no for check in rule.whose if (no := check(state, command)))
    yield from _codes(state, [_made_for_another_moment(state, command)])
    if state.phase not in rule.where:
        yield Refusal("wrong_phase")
        return
    yield from (no for check in rule.whom if (no := check(state, command)))
    yield from _codes(state, (when(standing) for when in rule.where[state.phase]))
    yield from (no for check in rule.what if (no := check(state, command)))


def _codes(state: Proposal, codes: Iterable[str | None]) -> Iterator[Refusal]:
    return (Refusal(code, MORE[code](state) if code in MORE else {}) for code in codes if code)


MORE: Mapping[str, Callable[[Proposal], Mapping[str, Any]]] = {
    "not_your_turn": lambda state: {"speaker": speaker(state)},
    "round_incomplete": lambda state: {"waiting_for": list(awaited(state))},
    "revision_replaced": lambda state: {"proposal": state.id, "revision": state.revision},
}
"""What a refusal tells besides its code."""


def _made_for_another_moment(state: Proposal, command: Command) -> str | None:
    """`on` names the open round, or where none is open the revision; another being current, it is too late."""
    if command.on is None or command.on == state.current:
        return None
    if not command.on.isdecimal() or len(command.on) > 9:
        return "round_closed"
    if int(command.on) != state.revision:
        return "revision_replaced"
    return None if state.phase in (Phase.TUNING, Phase.REVISING, Phase.ADOPTED) else "round_closed"


def judge(state: Proposal, at: datetime, by: str | None, fresh: Fresh) -> list[Event]:
    """What follows by itself: a complete round closes and leads on."""
    return closing(state, at, by, fresh) if closes_by_itself(state) else []


def tick(state: Proposal, at: datetime, seed: str) -> tuple[Proposal, list[Event]]:
    """What the clock brings about: a time-out whose time is over ends, and a moment comes on which a right or a
    reminder hangs. Nothing is answered by time."""
    wakes = wakes_at(state)
    if wakes is None or at < wakes:
        return state, []
    return _follow(state, list(_strokes(state, at)), at, None, names(seed))


def _strokes(state: Proposal, at: datetime) -> Iterator[Event]:
    if state.room is not None and state.room.paused_until is not None and state.room.paused_until <= at:
        yield PauseEnded(at=at, by=None)
    if what := hours.struck(state, at):
        yield TimePassed(at=at, by=None, what=what)


@once
def wakes_at(state: Proposal) -> datetime | None:
    """When the clock has something to do here, if nobody does anything before."""
    pause = state.room.paused_until if state.room else None
    moments = [when for when in (pause, hours.strikes_at(state)) if when is not None]
    return min(moments, default=None)


def _follow(
    state: Proposal, events: list[Event], at: datetime, by: str | None, fresh: Fresh
) -> tuple[Proposal, list[Event]]:
    """The state after these events and all that follows from them by itself."""
    state = reduce(evolve, events, state)
    while following := judge(state, at, by, fresh):
        events = [*events, *following]
        state = reduce(evolve, following, state)
    return state, events


@lru_cache(maxsize=4096)
def may(standing: Standing) -> tuple[str, ...]:
    """The names of the commands that this person could give now with some content, in the order of the table."""
    return tuple(rule.name for rule in TABLE.values() if rule.offered and _open_to(rule, standing))


def _open_to(rule: Rule, standing: Standing) -> bool:
    if standing.phase not in rule.where:
        return False
    return not any(check(standing) for check in (*rule.who, *rule.where[standing.phase]))


def replay(start: Proposal, events: Iterable[Event]) -> Proposal:
    """The state to which a journal leads from a draft."""
    return reduce(evolve, events, start)


def names(seed: str) -> Fresh:
    """Ids for what one command makes: sixteen characters each, all drawn from the command's seed."""
    numbers = iter(range(1000))

    def fresh() -> str:
        digest = int.from_bytes(blake2b(f"{seed}/{next(numbers)}".encode(), digest_size=10).digest())
        return "".join(ALPHABET[digest >> shift & 31] for shift in range(75, -5, -5))

    return fresh
