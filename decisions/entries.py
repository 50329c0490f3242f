"""The rows of the journal: its entries, what they say, and what everybody is told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from conventions.prepared import add

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


def of(proposal: str, after: int = 0, last: int | None = None) -> list[Entry]:
    """The journal of a proposal, whole or from the entry after number `after` to number `last`."""
    rows = models.JournalEntry.objects.filter(proposal=proposal, seq__gt=after).order_by("seq")
    rows = rows if last is None else rows.filter(seq__lte=last)
    texts: dict[int, dict[str, Text | None]] = {}
    kept = models.JournalText.objects.filter(entry__proposal=proposal, entry__in=rows).order_by("pk")
    for entry, path, salt, text in kept.values_list("entry", "path", "salt", "text"):
        texts.setdefault(entry, {})[path] = None if salt is None or text is None else Text(salt, text)
    return [
        Entry(proposal, r.seq, r.event, r.at, r.by_id, r.via, data_of(r.data), r.prev, r.hash, texts.get(r.pk, {}))
        for r in rows
    ]


def data_of(text: str) -> Mapping[str, Any]:
    # Verification must be able to say which entry somebody spoilt, and so cannot stumble over it.
    try:
        data = json.loads(text)
    except ValueError:
        return {"unreadable": text}
    return data if isinstance(data, dict) else {"unreadable": text}
