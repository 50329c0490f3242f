"""Rows to value, events to rows and record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from conventions import shapes
from conventions.clock import rfc3339
from decisions import gathering
from decisions.names import names_of
from decisions.picture import difference

from . import models
from .picture import Picture, Subject, Surroundings, bare, paint
from .process.engine import evolve
from .process.events import EVENTS, Event
from .process.state import Meeting

shapes.prepare([Meeting, *EVENTS.values()])


def load(row: models.Meeting) -> Meeting:
    """The meeting as a value."""
    return msgspec.convert(row.state, Meeting)


def surroundings(row: models.Meeting, *states: Meeting) -> Surroundings:
    """Everything besides the meeting that these states' pictures need."""
    proposals = {item.proposal for state in states for item in state.agenda}
    people = {who for state in states for who in (state.facilitator, *state.people)}
    found = gathering.subjects(proposals)
    subjects = {s.proposal: Subject(s.number, s.title, s.phase, s.facilitator) for s in found}
    return Surroundings(row.team.slug, row.team.name, names_of(people), subjects)


def picture(row: models.Meeting) -> Picture:
    """The meeting as everybody in the team may see it now."""
    return picture_of(row, load(row))


def picture_of(row: models.Meeting, state: Meeting) -> Picture:
    """The meeting in this state, which may not be written yet."""
    return paint(state, surroundings(row, state))


def record(row: models.Meeting, before: Meeting, events: Sequence[Event], via: str | None) -> list[bytes]:
    """Writes what has happened. Returns the entries as JSON for the wire, in order."""
    after = before
    states = [after := evolve(after, event) for event in events]
    around = surroundings(row, before, *states)
    pictures = [bare(paint(before, around)) if before.seq else {}, *(paint(state, around) for state in states)]
    entries = [
        models.MeetingEntry(
            meeting_id=row.pk,
            seq=state.seq,
            told=_json(told(event, state.seq, via)),
            changes=_json(difference(old, new)),
        )
        for event, state, old, new in zip(events, states, pictures, pictures[1:], strict=False)
    ]
    _write_row(row, after)
    models.MeetingEntry.objects.bulk_create(entries)
    return [on_the_wire(entry.told, entry.changes) for entry in entries]


def _write_row(row: models.Meeting, state: Meeting) -> None:
    row.state = msgspec.to_builtins(state)
    row.title, row.phase, row.facilitator_id = state.title, state.phase, state.facilitator
    row.starts_at, row.ended_at, row.seq = state.starts_at, state.ended_at, state.seq
    row.save()


def told(event: Event, seq: int, via: str | None) -> dict[str, Any]:
    """An entry as everybody in the team may read it."""
    whole = msgspec.to_builtins(event, builtin_types=(datetime, date))
    data = {name: _plain(value) for name, value in whole.items() if name not in ("at", "by")}
    return {"seq": seq, "event": event.name, "at": rfc3339(event.at), "by": event.by, "via": via, "data": data}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def entries_after(meeting: str, after: int, limit: int) -> list[tuple[int, bytes]]:
    """At most `limit` entries that follow number `after`: (number, JSON for the wire), in order."""
    rows = models.MeetingEntry.objects.filter(meeting=meeting, seq__gt=after).order_by("seq")
    found = rows.values_list("seq", "told", "changes")[:limit]
    return [(seq, on_the_wire(told, changes)) for seq, told, changes in found]


def told_by(row: models.Meeting, account: str) -> list[dict[str, Any]]:
    """What this person has done in the meeting, as everybody is told it."""
    mine = models.MeetingEntry.objects.filter(meeting=row, told__contains=f'"by":"{account}"').order_by("seq")
    return [json.loads(text) for text in mine.values_list("told", flat=True)]


def call_otherwise(who: str, name: str) -> None:
    """In the patches that were told: who reads the story from its beginning finds this name in it, not an earlier."""
    for entry in models.MeetingEntry.objects.filter(changes__contains=f'"{who}":{{"name":'):
        changes = json.loads(entry.changes)
        changes["people"][who]["name"] = name
        entry.changes = _json(changes)
        entry.save(update_fields=["changes"])


def story(row: models.Meeting) -> list[Event]:
    """Everything that has happened in the meeting, in order."""
    told = models.MeetingEntry.objects.filter(meeting=row).order_by("seq").values_list("told", flat=True)
    return [event_of(json.loads(text)) for text in told]


def event_of(entry: dict[str, Any]) -> Event:
    """The event that an entry tells."""
    return msgspec.convert({**entry["data"], "at": entry["at"], "by": entry["by"]}, EVENTS[entry["event"]])


def on_the_wire(told: str, changes: str) -> bytes:
    return f'{told[:-1]},"changes":{changes}}}'.encode()


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
