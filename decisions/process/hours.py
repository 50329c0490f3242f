"""What hangs on time, and on who is away (rule book, section 7). Nothing closes by silence.

Time stands still between two entries: `clock` is when the last thing happened, and the clock's own entry,
`time_passed`, moves it on whenever a moment comes on which a right hangs. So whoever replays the journal, and
whoever reads the picture, knows the same rights as the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from .limits import (
    A_DAY,
    BETWEEN_REMINDERS,
    LIES_TOO_LONG,
    MOST_REMINDERS,
    OVERDUE_AFTER,
    REMINDED_BEFORE,
    WAITS_FOR_NEXT,
)
from .once import once
from .rounds import at_hand, awaited
from .state import Kind, Outcome, Phase, Proposal, Round

WITH_THE_AUTHOR = (Phase.TUNING, Phase.REVISING)


class Hour(StrEnum):
    """A moment on which something hangs."""

    DUE_SOON = "due_soon"
    DUE = "due"
    AWAITED = "awaited_long_enough"
    OVERDUE = "overdue"
    TUNED = "tuning_for_a_day"
    WINDOW = "second_look_over"


def hours(state: Proposal) -> Iterator[tuple[Hour, datetime]]:
    """The moments that count in this state, gone by or still to come."""
    round = state.round
    yield from ((Hour.OVERDUE, when) for when in overdue_from(state))
    if round is not None:
        yield from _of_round(state, round)
    if state.since is not None and state.phase is Phase.TUNING:
        yield Hour.TUNED, state.since + A_DAY
    if (ends := window_ends(state)) is not None:
        yield Hour.WINDOW, ends


def _of_round(state: Proposal, round: Round) -> Iterator[tuple[Hour, datetime]]:
    yield Hour.DUE, round.due_at
    if (reminder := reminds_at(round)) is not None:
        yield Hour.DUE_SOON, reminder
    # Before the due time nobody can be marked absent, and nobody's time need be looked at.
    if passed(state, round.due_at):
        yield from ((Hour.AWAITED, when) for who in asked(state) if (when := markable_from(state, who)) is not None)


def strikes_at(state: Proposal) -> datetime | None:
    """The next moment on which something hangs."""
    return min((when for _, when in hours(state) if not passed(state, when)), default=None)


def struck(state: Proposal, at: datetime) -> tuple[str, ...]:
    """What has come about by this moment and had not before."""
    return tuple(sorted({str(hour) for hour, when in hours(state) if when <= at and not passed(state, when)}))


def passed(state: Proposal, when: datetime) -> bool:
    return state.clock is not None and when <= state.clock


def reminds_at(round: Round) -> datetime | None:
    """When those awaited are reminded of the due time: a day before it, in short rounds half way."""
    if round.reminders >= MOST_REMINDERS:
        return None
    when = max(round.due_at - REMINDED_BEFORE, round.opened_at + (round.due_at - round.opened_at) / 2)
    if round.reminded_at is not None:
        when = max(when, round.reminded_at + BETWEEN_REMINDERS)
    return when if when < round.due_at else None


# ── what is overdue ──────────────────────────────────────────────────────────────────────────────────────────


def waits_for_next(state: Proposal) -> datetime | None:
    """Since when a complete round has waited in a room for *next*."""
    round = state.round
    return state.room.complete_since if state.room and round and round.kind is not Kind.CONSENT else None


def overdue_from(state: Proposal) -> Iterator[datetime]:
    """When a round, *next*, or the author's next step is overdue, or will be."""
    round = state.round
    if round is not None:
        yield round.due_at + OVERDUE_AFTER
        if (waits := waits_for_next(state)) is not None:
            yield waits + WAITS_FOR_NEXT
    elif state.since is not None and state.phase in WITH_THE_AUTHOR:
        yield state.since + LIES_TOO_LONG


@once
def overdue(state: Proposal) -> bool:
    return any(passed(state, when) for when in overdue_from(state))


def unled(state: Proposal) -> bool:
    """Whether the facilitator has left or is absent."""
    person = state.participants.get(state.facilitator or "")
    return person is not None and (person.left or person.absent)


def adrift(state: Proposal) -> bool:
    """Whether everybody may do what else the facilitator does, and neither room nor pause holds anything up."""
    return unled(state) or overdue(state)


def author_away(state: Proposal) -> bool:
    """Whether the author has left, is absent or is overdue."""
    person = state.participants.get(state.author)
    if person is None or person.left or person.absent:
        return person is not None
    return overdue(state) and (state.phase in WITH_THE_AUTHOR or state.author in asked(state))


def tuned_for_a_day(state: Proposal) -> bool:
    """Whether the author has let tuning lie for 24 hours."""
    return state.phase is Phase.TUNING and state.since is not None and passed(state, state.since + A_DAY)


# ── absence ──────────────────────────────────────────────────────────────────────────────────────────────────


def asked(state: Proposal) -> tuple[str, ...]:
    """Whose doing the open round waits for: those awaited, and an author whose answer is."""
    people = awaited(state)
    answers = state.phase is Phase.CLARIFYING and bool(state.open_questions())
    return (*people, state.author) if answers and state.author in at_hand(state) else people


def markable_from(state: Proposal, who: str) -> datetime | None:
    """When somebody asked may be marked absent, if they do nothing until then; None where they may not be at all."""
    round, person = state.round, state.participants[who]
    assert round is not None
    if stays_open(state, who) or (person.suspended and round.kind is Kind.CONSENT):
        return None
    since = max(round.opened_at, person.since, person.again or round.opened_at)
    if who == state.author and round.kind is Kind.CLARIFYING:
        since = max(since, min(q.at for q in state.open_questions()))
    when: datetime = max(round.due_at, since + A_DAY)
    return max(when, grace_ends(state, round)) if objects(state, who) and round.kind is Kind.CONSENT else when


def stays_open(state: Proposal, who: str) -> bool:
    """Whether a question that they asked before the due time is unanswered."""
    round = state.round
    return round is not None and any(q.at < round.due_at for q in state.open_questions(who))


def objects(state: Proposal, who: str) -> bool:
    """Whether an objection of theirs, on whichever revision, is unresolved."""
    return any(o.by == who for o in state.unresolved())


def grace_ends(state: Proposal, round: Round) -> datetime:
    """Until when an objector is waited for in a consent round, whatever its due time."""
    return round.opened_at + timedelta(days=state.policy.objector_grace_days)


def markable(state: Proposal) -> frozenset[str]:
    """Who may be marked absent now."""
    if state.round is None or not passed(state, state.round.due_at):
        return frozenset()
    when = {who: markable_from(state, who) for who in asked(state)}
    return frozenset(who for who, at in when.items() if at is not None and passed(state, at))


# ── second look ──────────────────────────────────────────────────────────────────────────────────────────────


def looked_at(state: Proposal) -> Round | None:
    """The consent round at whose adoption somebody may have a second look."""
    if state.phase not in (Phase.ADOPTED, Phase.REVISING):
        return None
    mine = (r for r in state.rounds.values() if r.revision == state.revision and r.outcome is Outcome.ADOPTED)
    return next((r for r in mine if r.absent), None)


def window_ends(state: Proposal) -> datetime | None:
    """Until when those who were absent at the adoption may object; None where nobody was."""
    round = looked_at(state)
    if round is None or round.closed_at is None:
        return None
    return round.closed_at + timedelta(days=state.policy.second_look_days)


def may_look_again(state: Proposal) -> frozenset[str]:
    """Who was absent at the adoption, and has not objected to it since."""
    round = looked_at(state)
    if round is None:
        return frozenset()
    done = {o.by for o in state.objections.values() if o.revision == state.revision and o.response is None}
    return frozenset(who for who in round.absent - done if not state.participants[who].left)


def window_open(state: Proposal) -> bool:
    ends = window_ends(state)
    return ends is not None and not passed(state, ends)
