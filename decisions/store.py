"""Rows to value, events to rows and journal. `replay(journal) == load(rows)`, always."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any, NamedTuple

from conventions import clock
from conventions.prepared import change
from conventions.transactions import writing

from . import entries, journal, models
from .journal import Entry
from .names import names_of
from .picture import Painter, difference
from .process.engine import evolve, replay, wakes_at
from .process.events import EVENTS, Event
from .process.state import Phase, Policy, Proposal, Response, Sealing
from .shelves import OWN_FIELDS, SHELVES, room_into, room_out_of

KEPT = 512
FEW = 64  # entries that are read to catch up; beyond that the rows say it sooner


@dataclass(frozen=True, slots=True)
class Known:
    """A proposal as this process made or read it last, at this head of its journal. `played`: as its team is, which
    stays what it was founded as; None where that was not asked yet."""

    head: str
    state: Proposal
    painter: Painter | None = None
    played: bool | None = None


_known: OrderedDict[str, Known] = OrderedDict()
_guard = threading.Lock()


def load(row: models.Proposal) -> Proposal:
    """The proposal as a value, for who holds its lock. What is known is used again while the journal's head is the
    same: then nothing has happened since."""
    known = _still(row) or _caught_up(row)
    return known.state if known else _remember(row, Known(row.head, read(row))).state


def look(row: models.Proposal) -> Proposal:
    """The same for who holds no lock: read again, the row itself too, where somebody wrote in the meantime."""
    known = _still(row) or _caught_up(row)
    while known is None:
        state = read(row)
        if models.Proposal.objects.filter(pk=row.pk, head=row.head).exists():
            known = _remember(row, Known(row.head, state))
        else:
            row.refresh_from_db()
    return known.state


def _still(row: models.Proposal) -> Known | None:
    known = _known.get(row.pk)
    return known if known is not None and row.seq and known.head == row.head else None


def _caught_up(row: models.Proposal) -> Known | None:
    """What is known, and on top of it what other processes have written since: it costs what has happened, not what
    there is. None where the journal does not lead from the one to the other."""
    known = _known.get(row.pk)
    if known is None or not 0 < row.seq - known.state.seq <= FEW:
        return None
    missed = [entry for entry in entries.since(row.pk, known.state.seq) if entry.seq <= row.seq]
    if not missed or [entry.prev for entry in missed] != [known.head, *(entry.hash for entry in missed[:-1])]:
        return None
    if missed[-1].hash != row.head or any(None in entry.texts.values() for entry in missed):
        return None
    # During an update a process beside this one may write what only it knows: then the rows say it.
    if any(entry.event not in EVENTS for entry in missed):
        return None
    state = replay(known.state, map(journal.event_of, missed))
    return _remember(row, replace(known, head=row.head, state=state))


def read(row: models.Proposal) -> Proposal:
    """The proposal as its rows say, always read afresh."""
    own = {field: getattr(row, column) for field, column in OWN_FIELDS.items()}
    shelves = {shelf.name: shelf.read(row.pk) for shelf in SHELVES}
    current = next((r.id for r in shelves["rounds"].values() if r.closed_at is None), None)
    policy = Policy(**{**row.policy, "sealed": Sealing(row.policy["sealed"])}) if row.policy else Policy()
    own["room"] = room_out_of(row.room)
    return Proposal(**{**own, **shelves, "phase": Phase(row.phase), "policy": policy, "current": current})


def _remember(row: models.Proposal, known: Known) -> Known:
    # A head that a failed transaction left here fits no row, and so is never used.
    with _guard:
        _known[row.pk] = known
        _known.move_to_end(row.pk)
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return known


def painted(row: models.Proposal, state: Proposal) -> Painter:
    """A painter that has this state before it, with the names of its people and its team."""
    painter = Painter((row.team.slug, row.team.name))
    painter.names = names_of([*state.participants, state.author, state.facilitator])
    painter.paint(state)
    return painter


def _painter(row: models.Proposal, before: Proposal, newcomers: tuple[str, ...]) -> Painter:
    """The one that painted `before`, or paints it now; held by whoever holds the proposal's lock."""
    known = _still(row)
    painter = known.painter if known else None
    # A higher number: it painted what was then not committed.
    if painter is None or painter.last["seq"] > before.seq:
        painter = painted(row, before)
    elif painter.last["seq"] < before.seq:
        painter.names |= names_of(before.participants.keys() - painter.names.keys())
        painter.paint(before)
    painter.names |= names_of(newcomers)
    return painter


class Course(NamedTuple):
    """What has happened, and the states from which and to which it leads."""

    before: Proposal
    after: Proposal
    events: list[Event]


class Recorded(NamedTuple):
    """The entries that were made, in order, as they are and for the wire, and what the process waited for before, and
    waits for now."""

    made: list[Entry]
    told: tuple[bytes, ...]
    asked: Mapping[str, str]
    asks: Mapping[str, str]


def record(row: models.Proposal, course: Course, via: str | None, newcomers: tuple[str, ...] = ()) -> Recorded:
    """Writes what has happened: rows, journal and what everybody is told of it. The caller holds the proposal's
    lock and the transaction."""
    before, after, events = course
    known = _still(row)
    played = row.team.played if known is None or known.played is None else known.played
    painter = _painter(row, before, newcomers)
    asked = painter.wanted
    state, picture = before, painter.last if before.seq else {}
    made, changes, prev = [], [], row.head
    for event in events:
        state = after if event is events[-1] else evolve(state, event)
        made.append(journal.enter(row.pk, state.seq, event, via, prev))
        changes.append(difference(picture, painter.paint(state)))
        picture, prev = painter.last, made[-1].hash
    _write_rows(row, before, after, prev)
    _write_asked(row, asked, painter.wanted, after)
    _remember(row, Known(prev, after, painter, played))
    told = tuple(entries.write(*one, played=played) for one in zip(made, changes, strict=True))
    return Recorded(made, told, asked, painter.wanted)


def _write_rows(row: models.Proposal, before: Proposal, after: Proposal, head: str) -> None:
    pk, own = row.pk, OWN_FIELDS.items()
    now = {column: value for field, column in own if (value := getattr(after, field)) is not getattr(before, field)}
    now |= {"phase": after.phase, "title": after.text.title, "head": head, "updated_at": clock.now()}
    now |= {"room": room_into(after.room), "wakes_at": wakes_at(after)}
    if after.policy is not before.policy:
        now["policy"] = asdict(after.policy)
    written = {column: value for column, value in now.items() if value != getattr(row, column)}
    for column, value in written.items():
        setattr(row, column, value)
    change(models.Proposal, {"id": pk}, written)
    both = [(shelf, getattr(before, shelf.name), getattr(after, shelf.name)) for shelf in SHELVES]
    changed = [one for one in both if one[1] is not one[2]]
    for shelf, then, now_there in changed:
        shelf.clear_away(pk, then, now_there)
    for shelf, then, now_there in changed:
        shelf.write(pk, then, now_there)


def set_the_clock(row: models.Proposal, state: Proposal) -> None:
    """Nothing was to be done when the clock woke: from now on it wakes when there is."""
    models.Proposal.objects.filter(pk=row.pk).update(wakes_at=wakes_at(state))


def _write_asked(row: models.Proposal, before: Mapping[str, str], now: Mapping[str, str], after: Proposal) -> None:
    for who in sorted({who for who, _ in before.items() ^ now.items()}):
        if who in after.participants:
            asked = {"waiting": who in now, "asked": now.get(who, "")}
            change(models.Participant, {"proposal_id": row.pk, "account_id": who}, asked)
    facilitator = after.facilitator or ""
    asks = "" if facilitator in after.participants else now.get(facilitator, "")
    if row.asks_facilitator != asks:
        row.asks_facilitator = asks
        change(models.Proposal, {"id": row.pk}, {"asks_facilitator": asks})


def journals(proposals: Collection[str] = ()) -> list[str]:
    """The ids of those proposals, of all where none is named, that have a journal; in the order of their opening."""
    rows = models.Proposal.objects.exclude(seq=0).order_by("opened_at", "pk")
    chosen = rows.filter(pk__in=proposals) if proposals else rows
    return list(chosen.values_list("pk", flat=True))


def verified(proposal: str) -> list[str]:
    """The faults of one proposal while others may write: what seems wrong is looked at again while nobody can."""
    found = faults(models.Proposal.objects.get(pk=proposal))
    if not found:
        return found
    with writing():
        return faults(models.Proposal.objects.select_for_update().get(pk=proposal))


def faults(row: models.Proposal) -> list[str]:
    """What is wrong with the journal of a proposal, or between it and the rows; empty where all is well."""
    story = entries.of(row.pk)
    found = list(journal.faults(row.pk, story, (row.seq, row.head)))
    if found or not row.seq:
        return found
    return [*_told_otherwise(row.pk, story), *_unlike(row, story)]


def _told_otherwise(proposal: str, story: list[Entry]) -> Iterator[str]:
    told = dict(models.ToldEntry.objects.filter(entry__proposal=proposal).values_list("entry__seq", "told"))
    for entry in story:
        if None not in entry.texts.values() and entries.data_of(told.get(entry.seq, "")) != journal.told(entry):
            yield f"entry {entry.seq} ({entry.event}) is told otherwise than it was recorded"


def _unlike(row: models.Proposal, story: list[Entry]) -> Iterator[str]:
    try:
        told = replay(Proposal(row.pk, row.team_id, row.author_id), map(journal.event_of, story))
    except Exception as fault:  # whatever a rewritten journal makes of the rules
        yield f"the journal cannot be replayed ({type(fault).__name__})"
        return
    rows = read(row)
    for name in Proposal.__slots__:
        if not _alike(getattr(rows, name), getattr(told, name)):
            yield f"the rows differ from the journal: {name}"


def _alike(row: Any, told: Any) -> bool:
    """Equal, apart from what was erased in the journal; a sealed answer that was erased does not say its kind."""
    if told in (row, journal.ERASED):
        return True
    if isinstance(told, Mapping):
        return isinstance(row, Mapping) and row.keys() == told.keys() and all(_alike(row[k], told[k]) for k in told)
    if not is_dataclass(told) or type(row) is not type(told):
        return False
    erased = {"kind"} if isinstance(told, Response) and told.suggestion == journal.ERASED else set()
    return all(_alike(getattr(row, f.name), getattr(told, f.name)) for f in fields(told) if f.name not in erased)
