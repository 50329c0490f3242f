"""The rows of the journal: its entries, what they say, and what everybody is told of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import QuerySet

from conventions.prepared import PreparedRows, add

from . import journal, models
from .journal import Entry, Text
from .picture import Picture


def _json(value: Picture) -> str:
    return msgspec.json.encode(value).decode()


def write(entry: Entry, changes: Picture, *, played: bool) -> bytes:
    """Adds an entry to the journal. Returns it for the wire, with the patch it makes on the shared picture."""
    row = add(
        models.JournalEntry,
        {
            "proposal_id": entry.proposal,
            "seq": entry.seq,
            "event": entry.event,
            "at": entry.at,
            "by_id": entry.by,
            "via": entry.via,
            "data": journal.canonical(entry.data),
            "prev": entry.prev,
            "hash": entry.hash,
            "played": played,
        },
    )
    for path, text in entry.texts.items():
        if text is not None:
            add(models.JournalText, {"entry_id": row, "path": path, "salt": text.salt, "text": text.text})
    told, patch = _json(journal.told(entry)), _json(changes)
    add(models.ToldEntry, {"entry_id": row, "told": told, "changes": patch})
    return for_the_wire(told, patch)


def for_the_wire(told: str, changes: str) -> bytes:
    """What everybody is told of an entry, with its patch."""
    return f'{told[:-1]},"changes":{changes}}}'.encode()


def call_otherwise(who: str, name: str) -> None:
    """In the patches that were told: who reads the story from its beginning finds this name in it, not an earlier."""
    for told in models.ToldEntry.objects.filter(changes__contains=f'"{who}":{{"name":'):
        changes = json.loads(told.changes)
        for people in (changes.get("participants"), changes.get("observers")):
            if people and people.get(who):
                people[who]["name"] = name
        told.changes = _json(changes)
        told.save(update_fields=["changes"])


def of(proposal: str) -> list[Entry]:
    """The whole journal of a proposal."""
    return _made(proposal, _told(models.JournalEntry.objects.filter(proposal=proposal)))


def since(proposal: str, after: int) -> list[Entry]:
    """What came after the entry of this number."""
    return _made(proposal, SINCE.all(proposal, after))


def _told(entries: QuerySet[models.JournalEntry]) -> QuerySet[models.JournalEntry, Any]:
    """One row for each text, one for an entry without."""
    return entries.order_by("seq", "texts").values_list(
        "seq", "event", "at", "by", "via", "data", "prev", "hash", "texts__path", "texts__salt", "texts__text"
    )


def _since(proposal: str, after: int) -> QuerySet[models.JournalEntry, Any]:
    return _told(models.JournalEntry.objects.filter(proposal=proposal, seq__gt=after))


SINCE = PreparedRows(_since)


def _made(proposal: str, rows: Iterable[Sequence[Any]]) -> list[Entry]:
    found: list[Entry] = []
    texts: dict[str, Text | None] = {}
    for seq, event, at, by, via, data, prev, hash, path, salt, text in rows:
        if not found or found[-1].seq != seq:
            texts = {}
            found.append(Entry(proposal, seq, event, at, by, via, data_of(data), prev, hash, texts))
        if path is not None:
            texts[path] = None if salt is None or text is None else Text(salt, text)
    return found


def data_of(text: str) -> Mapping[str, Any]:
    # Verification must be able to say which entry somebody spoilt, and so cannot stumble over it.
    try:
        data = json.loads(text)
    except ValueError:
        return {"unreadable": text}
    return data if isinstance(data, dict) else {"unreadable": text}
