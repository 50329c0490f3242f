"""The rows of the journal: its entries, what they say, and what everybody is told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conventions.prepared import add

from . import journal, models
from .journal import Entry, Text
from .picture import Picture


def write(entries: list[Entry], changes: list[Picture], *, played: bool) -> list[models.ToldEntry]:
    rows = add(
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
            played=played,
        )
        for e in entries
    )
    add(
        models.JournalText(entry=row, path=path, salt=text.salt, text=text.text)
        for row, entry in zip(rows, entries, strict=True)
        for path, text in entry.texts.items()
        if text is not None
    )
    return add(
        models.ToldEntry(entry=row, told=_json(journal.told(entry)), changes=_json(change))
        for row, entry, change in zip(rows, entries, changes, strict=True)
    )


def call_otherwise(who: str, name: str) -> None:
    """In the patches that were told: who reads the story from its beginning finds this name in it, not an earlier."""
    for told in models.ToldEntry.objects.filter(changes__contains=f'"{who}":{{"name":'):
        changes = json.loads(told.changes)
        for people in (changes.get("participants"), changes.get("observers")):
            if people and people.get(who):
                people[who]["name"] = name
        told.changes = _json(changes)
        told.save(update_fields=["changes"])


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


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
