"""The way in: `decide` judges a command, `evolve` applies an event, `may` tells what somebody could do now.

    state, events = decide(state, command)     # or Refused

`decide` looks the command up in the table, lets it bring about its events, and then judges the open round until
nothing more follows by itself. Nothing else in Rondo knows a rule of the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache, reduce
from hashlib import blake2b

from . import acts, consent, rounds
from .commands import Command
from .events import Adopted, Event, Returned, Revealed, RoundClosed
from .evolution import evolve
from .refusals import Refusal, Refused
from .standing import Standing, moment
from .state import Answer, Kind, Outcome, Phase, Proposal, Round
from .table import TABLE, Rule

__all__ = ["Refused", "decide", "evolve", "judge", "may", "refusal", "replay"]

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def decide(state: Proposal, command: Command) -> tuple[Proposal, list[Event]]:
    """Judges one command: the state after it and the events that lead there, in order; none where it says the
    same again. Raises Refused, and then nothing has happened."""
    no = refusal(state, command)
    if no is not None:
        raise Refused(no)
    fresh = names(command.seed)
    events = list(TABLE[type(command)].does(state, command, fresh))
    state = reduce(evolve, events, state)
    while following := judge(state, command.at, command.by, fresh):
        events += following
        state = reduce(evolve, following, state)
    return state, events


def refusal(state: Proposal, command: Command) -> Refusal | None:
    """The first rule that refuses the command: rights before the moment, the moment before the content."""
    rule = TABLE[type(command)]
    standing = moment(state).standing(command.by)
    return next(_refusals(rule, standing, state, command), None)


def _refusals(rule: Rule, standing: Standing, state: Proposal, command: Command) -> Iterator[Refusal]:
    yield from _codes(right(standing) for right in rule.who)
    yield from (no for check in rule.whose if (no := check(state, command)))
    yield from _codes([_made_for_another_moment(state, command)])
    if state.phase not in rule.where:
        yield Refusal("wrong_phase")
        return
    yield from _codes(when(standing) for when in rule.where[state.phase])
    yield from (no for check in rule.what if (no := check(state, command)))


def _codes(codes: Iterable[str | None]) -> Iterator[Refusal]:
    return (Refusal(code) for code in codes if code)


def _made_for_another_moment(state: Proposal, command: Command) -> str | None:
    """`on` names the open round, or in tuning and revising the revision; another being current, it is too late."""
    if command.on is None or command.on == state.current:
        return None
    if not command.on.isdecimal() or len(command.on) > 9:
        return "round_closed"
    if int(command.on) != state.revision:
        return "revision_replaced"
    return None if state.phase in (Phase.TUNING, Phase.REVISING) else "round_closed"


def judge(state: Proposal, at: datetime, by: str | None, fresh: acts.Fresh) -> list[Event]:
    """What follows by itself: a complete round closes and leads on. Nothing closes by silence or by the clock."""
    round = state.round
    if round is None or not rounds.ends_by_itself(state):
        return []
    if round.kind is Kind.CLARIFYING:
        return [
            RoundClosed(at=at, by=by, round=round.id, outcome=Outcome.HEARD),
            acts.next_round(state, Kind.REACTION, at, by, fresh),
        ]
    if round.kind is Kind.REACTION:
        return [RoundClosed(at=at, by=by, round=round.id, outcome=Outcome.HEARD)]
    return _consent_ends(state, round, at, by, fresh)


def _consent_ends(state: Proposal, round: Round, at: datetime, by: str | None, fresh: acts.Fresh) -> list[Event]:
    given = consent.answers(state, round)
    outcome = consent.outcome(given)
    revealed = tuple(
        Revealed(
            r.id,
            r.by,
            r.kind,
            r.text,
            r.suggestion,
            objection=fresh() if r.kind is Answer.OBJECTION else None,
        )
        for r in given
    )
    closed = RoundClosed(at=at, by=by, round=round.id, outcome=outcome, answers=revealed if round.sealed else ())
    if outcome is Outcome.RETURNED:
        return [closed, Returned(at=at, by=by, revision=round.revision, round=round.id)]
    return [closed, Adopted(at=at, by=by, revision=round.revision)]


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


def names(seed: str) -> acts.Fresh:
    """Ids for what one command makes: sixteen characters each, all drawn from the command's seed."""
    numbers = iter(range(1000))

    def fresh() -> str:
        digest = int.from_bytes(blake2b(f"{seed}/{next(numbers)}".encode(), digest_size=10).digest())
        return "".join(ALPHABET[digest >> shift & 31] for shift in range(75, -5, -5))

    return fresh
