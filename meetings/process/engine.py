"""The way in: `decide` judges a command, `evolve` applies an event, `may` tells what somebody could do now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce

from . import events as e
from .commands import Begin, Command
from .evolution import evolve
from .refusals import Refusal, Refused
from .state import Meeting, Phase, changes_asked, moment, unheard
from .table import TABLE, Rule

__all__ = ["Refused", "decide", "evolve", "may", "replay"]


def decide(state: Meeting, command: Command) -> tuple[Meeting, list[e.Event]]:
    """Judges one command: the meeting after it and the events that lead there; none where it says the same again.
    Raises Refused, and then nothing has happened."""
    no = next(_refusals(TABLE[type(command)], state, command), None)
    if no is not None:
        raise Refused(no)
    events = list(TABLE[type(command)].does(state, command))
    after = replay(state, events)
    if agreed(after):
        events.append(e.AgendaAgreed(at=command.at, by=command.by, version=after.version))
        after = evolve(after, events[-1])
    return after, events


def agreed(state: Meeting) -> bool:
    """Everyone present can live with the agenda, and nobody, gone or not, asks for a change of it."""
    here = bool(state.order) and all(who in state.answers for who in state.order)
    return state.phase is Phase.AGENDA and here and not changes_asked(state)


def _refusals(rule: Rule, state: Meeting, command: Command) -> Iterator[Refusal]:
    yield from (_told(state, code) for right in rule.who if (code := right(state, command.by)))
    if command.on is not None and command.on != moment(state):
        yield Refusal("moved_on")
    if state.phase not in rule.where:
        yield Refusal("wrong_phase")
        return
    yield from (_told(state, code) for when in rule.where[state.phase] if (code := when(state, command.by)))
    yield from (no for check in rule.what if (no := check(state, command)))


def _told(state: Meeting, code: str) -> Refusal:
    """What a refusal tells besides its code."""
    if code == "not_your_turn":
        return Refusal(code, {"speaker": next(iter(unheard(state)), None)})
    return Refusal(code, {"waiting_for": unheard(state)} if code == "round_incomplete" else {})


def may(state: Meeting, who: str, chairs: Mapping[str, str | None]) -> list[str]:
    """The names of the commands that this person could give now with some content, in the order of the table.
    `chairs`: who facilitates each proposal on the agenda."""
    offered = ((command, rule) for command, rule in TABLE.items() if rule.offered)
    return [rule.name for command, rule in offered if _open_to(command, rule, state, who, chairs)]


def _open_to(command: type[Command], rule: Rule, state: Meeting, who: str, chairs: Mapping[str, str | None]) -> bool:
    if state.phase not in rule.where or any(check(state, who) for check in (*rule.who, *rule.where[state.phase])):
        return False
    return command is not Begin or any(chairs.get(item.proposal) == who for item in state.waiting())


def replay(start: Meeting, events: Iterable[e.Event]) -> Meeting:
    """The meeting to which these events lead."""
    return reduce(evolve, events, start)
