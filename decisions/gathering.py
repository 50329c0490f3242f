"""What a meeting of several decisions does with each of them: everybody who is in the meeting comes into the room of
the decision that the meeting is at. By the process's own commands, in everybody's own name, each said to come by the
meeting that they joined."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from conventions.transactions import writing
from teams.models import Account, Team

from . import access, entries, journal, store, submit
from .process.commands import CloseRoom, Command, Join, LeadOut, Leave, OpenRoom
from .process.engine import may, replay
from .process.standing import moment
from .process.state import Proposal

VIA = "meeting"


@dataclass(frozen=True, slots=True)
class Subject:
    """A proposal as an agenda tells it."""

    proposal: str
    team: str
    number: int | None
    title: str
    phase: str
    facilitator: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A proposal before and after a stretch of its journal."""

    before: Proposal
    after: Proposal


def subjects(proposals: Collection[str]) -> list[Subject]:
    """What these proposals are now, whoever asks; for meetings, whose readers may see them all."""
    return [
        Subject(row.pk, row.team_id, row.number, row.title, row.phase, row.facilitator_id)
        for row in access.rows_of(proposals)
    ]


def open_of(team: Team) -> list[Subject]:
    """What a team can put on an agenda: its open decisions, the oldest first."""
    rows = access.open_of(team).order_by("number").values_list("pk", flat=True)
    known = {subject.proposal: subject for subject in subjects(list(rows))}
    return [known[proposal] for proposal in rows]


def locked(account: Account, proposal: str) -> access.Row:
    """The proposal with its lock held, as long as the transaction lasts. Raises the 404 of what one may not see."""
    return access.locked_for(account, "proposal", proposal)


def gather(account: Account, proposal: str, people: Iterable[str], via: str | None) -> None:
    """Opens the room, if none is open, and brings in whoever can join. Raises a Problem where this account may not
    open it."""
    with writing():
        row = access.locked_for(account, "proposal", proposal)
        if row.room is None:
            submit.carry_out(row, partial(OpenRoom, by=account.pk), via)
        for who in people:
            _where_possible(row, who, "join", Join)


def bring_in(account: Account, proposal: str) -> None:
    """Who came into the meeting later comes into the room too."""
    with writing():
        _where_possible(access.locked_for(account, "proposal", proposal), account.pk, "join", Join)


def let_go(account: Account, proposal: str) -> None:
    """Who leaves the meeting leaves the room."""
    with writing():
        _where_possible(access.locked_for(account, "proposal", proposal), account.pk, "leave", Leave)


def lead_out(account: Account, proposal: str, participant: str, gone: frozenset[str]) -> None:
    """Who is gone from the meeting is gone from the room, where the one who leads them out facilitates there too."""
    with writing():
        row = access.locked_for(account, "proposal", proposal)
        if participant in (row.room or {}).get("present", ()):
            _where_possible(row, account.pk, "lead-out", LeadOut, participant=participant, gone=gone)


def disperse(account: Account, proposal: str) -> None:
    """Closes the room, where this account facilitates the decision; the round goes on, each in their own time."""
    with writing():
        _where_possible(access.locked_for(account, "proposal", proposal), account.pk, "close-room", CloseRoom)


def _where_possible(row: access.Row, who: str, name: str, command: type[Command], **content: Any) -> None:
    if name in may(moment(store.load(row)).standing(who)):
        submit.carry_out(row, partial(command, by=who, **content), VIA)


def passage(proposal: str, began: int, ended: int | None) -> Passage:
    """The proposal as it stood after entry `began` and after entry `ended`, now where that is None."""
    (row,) = access.rows_of([proposal])
    story = [journal.event_of(entry) for entry in entries.of(proposal)]
    before = replay(Proposal(row.pk, row.team_id, row.author_id), story[:began])
    return Passage(before, replay(before, story[began:ended]))
