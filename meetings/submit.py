"""The one way to change a meeting: one command, one transaction, one lock.

What a command means for the decision that the meeting is at happens in the same transaction, by that decision's own
commands (`decisions.gathering`): both stand or fall together. The meeting's lock is taken first, then the decision's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from conventions import clock, problems
from conventions.transactions import writing
from decisions import away, gathering
from decisions.live.announce import announce, news
from teams.models import Account

from . import access, letters, store
from .process import commands as c
from .process import events as e
from .process.engine import decide
from .process.refusals import Refusal, Refused
from .process.state import Meeting, Phase

NEWS = b'{"type":"meetings","topic":"me"}'
"""Told to everybody of the team when a meeting begins, ends or is planned anew: whoever lists meetings asks again."""
SEE_WHO_IS_GONE = (c.LeadOut, c.TakeChair)
GO_TO_A_DECISION = (c.Begin, c.EndItem)
WORTH_A_LOOK = (e.Planned, e.PlanChanged, e.AgendaChanged, e.CalledOff, e.Opened, e.Ended)


@dataclass(frozen=True, slots=True)
class Done:
    """What a command has brought about: the entries that it made, as JSON for the wire, and the last number."""

    meeting: str
    seq: int
    entries: tuple[bytes, ...]

    def as_json(self) -> bytes:
        return b'{"meeting":"%s","seq":%d,"entries":[%s]}' % (
            self.meeting.encode(),
            self.seq,
            b",".join(self.entries),
        )


def submit(account: Account, meeting: str, command: type[c.Command], *, via: str | None = None, **content: Any) -> Done:
    """Gives one command as this person. Raises a Problem (404, 403, 409, 400), and then nothing has changed."""
    with writing():
        row = access.locked_for(account, meeting)
        state = store.load(row)
        if command in SEE_WHO_IS_GONE:
            content["gone"] = away.gone([state.facilitator, *state.order])
        if command in GO_TO_A_DECISION:
            content |= _where_it_stands(account, state, command, content.get("item"))
        away.seen([account.pk])
        return carry_out(row, account, partial(command, by=account.pk, **content), via)


def _where_it_stands(account: Account, state: Meeting, command: type[c.Command], item: str | None) -> dict[str, Any]:
    """The decision's side of a command that goes to it or leaves it, with its lock held from here on."""
    found = state.item(item) if item else state.current
    row = gathering.locked(account, found.proposal) if found else None
    stands = {"seq": row.seq if row else 0}
    return stands if command is c.EndItem else {**stands, "chair": row.facilitator_id if row else None}


def carry_out(row: access.Row, account: Account, command: Callable[..., c.Command], via: str | None = None) -> Done:
    """Judges a command against a meeting whose lock is held, and does what follows from it."""
    before, given = store.load(row), command(at=clock.now())
    try:
        after, events = decide(before, given)
    except Refused as refused:
        raise as_problem(refused.refusal) from refused
    for event in events:
        if type(event) in FOLLOWS:
            FOLLOWS[type(event)](Following(row, account, before, after, given))
    return written(row, before, events, via)


def written(row: access.Row, before: Meeting, events: list[e.Event], via: str | None) -> Done:
    """Records what has happened, and tells of it after the commit."""
    if not events:
        return Done(row.pk, row.seq, ())
    entries = tuple(store.record(row, before, events, via))
    news_for = sorted(store.load(row).people) if any(isinstance(event, WORTH_A_LOOK) for event in events) else []
    transaction.on_commit(partial(_tell, row.pk, row.seq - len(entries) + 1, entries, news_for))
    return Done(row.pk, row.seq, entries)


def _tell(meeting: str, first: int, entries: tuple[bytes, ...], news_for: list[str]) -> None:
    for seq, text in enumerate(entries, first):
        announce(f"meeting:{meeting}", seq, text)
    news(news_for, NEWS)


def as_problem(refusal: Refusal) -> problems.Problem:
    """A refusal as the interface tells it."""
    if refusal.field is not None:
        return problems.invalid({refusal.field: [gettext(refusal.words)]})
    told = problems.forbidden if refusal.right else problems.conflict
    return told(refusal.code, gettext(refusal.words), **refusal.more)


# ── what follows from an event, in the same transaction ──────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Following:
    """An event's surroundings: who caused it by which command, and the meeting before and after."""

    row: access.Row
    account: Account
    before: Meeting
    after: Meeting
    command: Any

    @property
    def decision(self) -> str | None:
        """The one that the meeting was at."""
        return self.before.current.proposal if self.before.current else None


def _gather(it: Following) -> None:
    assert it.after.current is not None
    gathering.gather(it.account, it.after.current.proposal, it.after.order, None)


def _disperse(it: Following) -> None:
    assert it.decision is not None
    gathering.disperse(it.account, it.decision)


def _bring_in(it: Following) -> None:
    if it.decision:
        gathering.bring_in(it.account, it.decision)


def _let_go(it: Following) -> None:
    if it.decision:
        gathering.let_go(it.account, it.decision)


def _lead_out(it: Following) -> None:
    if it.decision:
        gathering.lead_out(it.account, it.decision, it.command.participant, it.command.gone)


def _mail_plan(it: Following) -> None:
    letters.plan(it.row, it.after, letters.PLANNED)


def _mail_change(it: Following) -> None:
    if it.before.mailed and it.before.phase is Phase.PLANNED:
        letters.plan(it.row, it.after, letters.CHANGED)


def _mail_end(it: Following) -> None:
    if it.before.mailed:
        letters.plan(it.row, it.after, letters.CALLED_OFF)


FOLLOWS: Mapping[type[e.Event], Callable[[Following], None]] = {
    e.ItemBegun: _gather,
    e.ItemEnded: _disperse,
    e.Joined: _bring_in,
    e.Left: _let_go,
    e.LedOut: _lead_out,
    e.PlanMailed: _mail_plan,
    e.PlanChanged: _mail_change,
    e.AgendaChanged: _mail_change,
    e.CalledOff: _mail_end,
}
