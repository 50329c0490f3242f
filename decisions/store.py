"""Rows to value, events to rows and journal. `replay(journal) == load(rows)`, always."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

from conventions import clock

from . import journal, models
from .journal import Entry, Text
from .names import names_of
from .picture import Painter, Picture, difference
from .process.engine import evolve
from .process.events import Event
from .process.rounds import waiting_for
from .process.state import Phase, Policy, Proposal, Sealing
from .shelves import OWN_FIELDS, SHELVES

KEPT_STATES = 512
_states: OrderedDict[str, tuple[str, Proposal]] = OrderedDict()
_states_guard = threading.Lock()


def load(row: models.Proposal) -> Proposal:
    """The proposal as a value. What this process made or read last is used again while the journal's head is the
    same: then nothing has happened since."""
    known = _states.get(row.pk)
    if known is not None and row.seq and known[0] == row.head:
        return known[1]
    return _remember(row, read(row))


def read(row: models.Proposal) -> Proposal:
    """The proposal as its rows say, always read afresh."""
    own = {field: getattr(row, column) for field, column in OWN_FIELDS.items()}
    shelves = {shelf.name: shelf.read(row.pk) for shelf in SHELVES}
    current = next((r.id for r in shelves["rounds"].values() if r.closed_at is None), None)
    policy = Policy(**{**row.policy, "sealed": Sealing(row.policy["sealed"])}) if row.policy else Policy()
    return Proposal(**{**own, **shelves, "phase": Phase(row.phase), "policy": policy, "current": current})


def _remember(row: models.Proposal, state: Proposal) -> Proposal:
    # A head that a failed transaction left here fits no row, and so is never used.
    with _states_guard:
        _states[row.pk] = (row.head, state)
        _states.move_to_end(row.pk)
        while len(_states) > KEPT_STATES:
            _states.popitem(last=False)
    return state


def painter(row: models.Proposal, state: Proposal, also: tuple[str, ...] = ()) -> Painter:
    """Paints this proposal with the names of its people and its team."""
    people = names_of([*state.participants, state.author, state.facilitator, *also])
    return Painter(people, (row.team.slug, row.team.name))


def record(
    row: models.Proposal,
    before: Proposal,
    events: list[Event],
    via: str | None,
    newcomers: tuple[str, ...] = (),
) -> tuple[Proposal, list[models.ToldEntry]]:
    """Writes what has happened: rows, journal and what everybody is told of it. The caller holds the proposal's
    lock and the transaction. Returns the state after it and the entries as told, in order."""
    paint = painter(row, before, newcomers).paint
    state, picture = before, paint(before) if before.seq else {}
    entries, changes, prev = [], [], row.head
    for event in events:
        state = evolve(state, event)
        entries.append(journal.enter(row.pk, state.seq, event, via, prev))
        after = paint(state)
        changes.append(difference(picture, after))
        picture, prev = after, entries[-1].hash
    _write_rows(row, before, state, prev)
    _remember(row, state)
    return state, _write_journal(entries, changes)


def _write_rows(row: models.Proposal, before: Proposal, after: Proposal, head: str) -> None:
    for field, column in OWN_FIELDS.items():
        setattr(row, column, getattr(after, field))
    row.phase, row.policy, row.title = after.phase, asdict(after.policy), after.text.title
    row.head, row.updated_at = head, clock.now()
    row.save()
    for shelf in SHELVES:
        shelf.clear_away(row.pk, getattr(before, shelf.name), getattr(after, shelf.name))
    for shelf in SHELVES:
        shelf.write(row.pk, getattr(before, shelf.name), getattr(after, shelf.name))
    _write_waiting(row.pk, set(waiting_for(before)) if before.seq else set(), set(waiting_for(after)))


def _write_waiting(proposal: str, before: set[str], after: set[str]) -> None:
    rows = models.Participant.objects.filter(proposal=proposal)
    for people, waits in ((after - before, True), (before - after, False)):
        if people:
            rows.filter(account__in=people).update(waiting=waits)


def _write_journal(entries: list[Entry], changes: list[Picture]) -> list[models.ToldEntry]:
    rows = models.JournalEntry.objects.bulk_create(
        models.JournalEntry(
            proposal_id=e.proposal,
            seq=e.seq,
            event=e.event,
            at=e.at,
            by_id=e.by,
            via=e.via,
            data=journal.canonical(e.data),
            prev=e.prev,
            hash=e.hash,
        )
        for e in entries
    )
    models.JournalText.objects.bulk_create(
        models.JournalText(entry=row, path=path, salt=text.salt, text=text.text)
        for row, entry in zip(rows, entries, strict=True)
        for path, text in entry.texts.items()
    )
    return models.ToldEntry.objects.bulk_create(
        models.ToldEntry(entry=row, told=_json(journal.told(entry)), changes=_json(change))
        for row, entry, change in zip(rows, entries, changes, strict=True)
    )


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def entries(proposal: str) -> list[Entry]:
    """The whole journal of a proposal, from the first entry on."""
    rows = models.JournalEntry.objects.filter(proposal=proposal).order_by("seq")
    texts: dict[int, dict[str, Text]] = {}
    kept = models.JournalText.objects.filter(entry__proposal=proposal, text__isnull=False)
    for entry, path, salt, text in kept.values_list("entry", "path", "salt", "text"):
        texts.setdefault(entry, {})[path] = Text(salt or "", text or "")
    return [
        Entry(
            proposal,
            r.seq,
            r.event,
            r.at,
            r.by_id,
            r.via,
            json.loads(r.data),
            r.prev,
            r.hash,
            texts.get(r.pk, {}),
        )
        for r in rows
    ]


def replayed(row: models.Proposal) -> Proposal:
    """The state to which the journal leads: what the rows must say."""
    draft = Proposal(row.pk, row.team_id, row.author_id)
    state = draft
    for entry in entries(row.pk):
        state = evolve(state, journal.event_of(entry))
    return state


def faults(row: models.Proposal) -> list[str]:
    """What is wrong with the journal of a proposal, or between it and the rows; empty where all is well."""
    found = list(journal.faults(row.pk, entries(row.pk), (row.seq, row.head)))
    if found or not row.seq:
        return found
    rows, story = read(row), replayed(row)
    return [f"the rows differ from the journal: {name}" for name in _unlike(rows, story)]


def _unlike(rows: Proposal, story: Proposal) -> list[str]:
    return [name for name in Proposal.__slots__ if getattr(rows, name) != getattr(story, name)]
