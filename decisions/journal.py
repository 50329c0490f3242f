"""The journal's form: how an event becomes an entry of the chain and back (docs/journal.md). No database.

    hash = sha256(canonical({proposal, seq, event, at, by, via, data, prev}))

In `data` every personal text is replaced by a salted commitment; the text itself stands beside the chain.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import msgspec

from conventions import shapes
from conventions.clock import rfc3339

from .process.events import EVENTS, Event

FORMAT = "rondo-journal-1"
START = "0" * 64
ERASED = "\0erased"
"""Stands for an erased text where an event cannot do without one. Nobody can write this themselves."""
ERASED_ANSWER = json.dumps({"kind": "consent", "text": ERASED, "suggestion": ERASED})
Json = Any
_canonical = msgspec.json.Encoder(order="sorted").encode
_of_anything = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
Path = tuple[str, ...]

shapes.prepare(EVENTS.values())


@dataclass(frozen=True, slots=True)
class Text:
    """A personal text with its salt (hex)."""

    salt: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the chain holds it, with the texts that belong to it by dotted path."""

    proposal: str
    seq: int
    event: str
    at: datetime
    by: str | None
    via: str | None
    data: Mapping[str, Json]
    prev: str
    hash: str
    texts: Mapping[str, Text | None]
    """By dotted path; None where a text was erased."""


def canonical(value: Json) -> str:
    """JSON with sorted keys, no spaces and no escapes that are not needed: the same value, the same bytes. No event
    holds a fraction, which others may write otherwise."""
    try:
        return _canonical(value).decode()
    except UnicodeEncodeError:  # half a character: only whoever spoilt an entry can have written that
        return _of_anything(value)


def entry_hash(
    proposal: str, seq: int, event: str, at: datetime, by: str | None, via: str | None, data: Json, prev: str
) -> str:
    """SHA-256 in hex over the canonical form of an entry."""
    body = {
        "proposal": proposal,
        "seq": seq,
        "event": event,
        "at": rfc3339(at),
        "by": by,
        "via": via,
        "data": data,
        "prev": prev,
    }
    return hashlib.sha256(canonical(body).encode("utf-8", "surrogatepass")).hexdigest()


def commitment(text: Text) -> dict[str, str]:
    """What stands in the chain for a text."""
    return {"sha256": hashlib.sha256(bytes.fromhex(text.salt) + text.text.encode()).hexdigest()}


def enter(proposal: str, seq: int, event: Event, via: str | None, prev: str) -> Entry:
    """The entry of an event that happens now."""
    said: dict[str, Text] = {}

    def commit(path: Path, text: Json) -> Json:
        said[".".join(path)] = kept = Text(secrets.token_hex(16), text)
        return commitment(kept)

    data = replaced(content(event), event.personal, commit)
    hash = entry_hash(proposal, seq, event.name, event.at, event.by, via, data, prev)
    return Entry(proposal, seq, event.name, event.at, event.by, via, data, prev, hash, said)


def content(event: Event) -> dict[str, Json]:
    """An event's own fields as plain JSON values; times as RFC 3339 text."""
    whole = msgspec.to_builtins(event, builtin_types=(datetime, date))
    return {f.name: _plain(whole[f.name]) for f in fields(event) if f.name not in ("at", "by")}


def _plain(value: Json) -> Json:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def replaced(data: Json, paths: tuple[str, ...], change: Callable[[Path, Json], Json]) -> Json:
    """A copy of `data` with every value at one of the paths put through `change`; null stays null."""
    for pattern in paths:
        data = _replace(data, tuple(pattern.split(".")), (), change)
    return data


def _replace(data: Json, pattern: Path, at: Path, change: Callable[[Path, Json], Json]) -> Json:
    if not pattern:
        return None if data is None else change(at, data)
    items = dict(_items(data))
    chosen = items if pattern[0] == "*" else [key for key in items if key == pattern[0]]
    for key in list(chosen):
        items[key] = _replace(items[key], pattern[1:], (*at, key), change)
    return list(items.values()) if isinstance(data, list) else items


def _items(data: Json) -> Iterator[tuple[str, Json]]:
    return ((str(i), item) for i, item in enumerate(data)) if isinstance(data, list) else iter(data.items())


def opened(entry: Entry, erased: str | None = None) -> dict[str, Json]:
    """An entry's data with its texts in their places, and in that of an erased one what is asked for."""

    def text(path: Path, _commitment: Json) -> Json:
        kept = entry.texts.get(".".join(path))
        return kept.text if kept else erased

    return dict(replaced(entry.data, EVENTS[entry.event].personal, text))


def event_of(entry: Entry) -> Event:
    """The event that an entry holds, with `ERASED` for a text that was erased."""
    erased = ERASED_ANSWER if "answer" in EVENTS[entry.event].untold else ERASED
    data = {**opened(entry, erased), "at": entry.at, "by": entry.by}
    return msgspec.convert(data, EVENTS[entry.event])


def told(entry: Entry) -> dict[str, Json]:
    """An entry as everybody may read it: what is sealed is left out, whatever it says."""
    kind = EVENTS[entry.event]
    data = {key: value for key, value in opened(entry).items() if key not in kind.untold}
    return {
        "seq": entry.seq,
        "event": entry.event,
        "at": rfc3339(entry.at),
        "by": entry.by,
        "via": entry.via,
        "data": data,
        "hash": entry.hash,
    }


def exported(proposal: str, entries: list[Entry]) -> dict[str, Json]:
    """The journal as a document that `tools/verify_journal.py` checks without Rondo. Sealed answers stay sealed."""
    last = entries[-1] if entries else None
    return {
        "format": FORMAT,
        "proposal": proposal,
        "head": {"seq": last.seq if last else 0, "hash": last.hash if last else START},
        "entries": [_exported(entry) for entry in entries],
    }


def _exported(entry: Entry) -> dict[str, Json]:
    untold = EVENTS[entry.event].untold
    return {
        "seq": entry.seq,
        "event": entry.event,
        "at": rfc3339(entry.at),
        "by": entry.by,
        "via": entry.via,
        "data": entry.data,
        "prev": entry.prev,
        "hash": entry.hash,
        "texts": {
            path: {"salt": t.salt, "text": t.text}
            for path, t in entry.texts.items()
            if t is not None and path.split(".")[0] not in untold
        },
    }


def faults(proposal: str, entries: list[Entry], head: tuple[int, str]) -> Iterator[str]:
    """What is wrong with a journal, in words: gaps, changed entries, changed texts, a head that is another."""
    prev = START
    for number, entry in enumerate(entries, 1):
        if entry.seq != number:
            yield f"entry {number} is missing: the next one is {entry.seq}"
            return
        if entry.prev != prev:
            yield f"entry {number} does not follow the entry before it"
        yield from (f"entry {number} ({entry.event}) {what}" for what in _faults_of(proposal, entry))
        prev = entry.hash
    if head != (len(entries), prev):
        yield (
            f"the proposal's head, entry {head[0]}, is not the end of the journal: "
            "entries were cut off, added or rewritten"
        )


def _faults_of(proposal: str, entry: Entry) -> Iterator[str]:
    expected = entry_hash(proposal, entry.seq, entry.event, entry.at, entry.by, entry.via, entry.data, entry.prev)
    if expected != entry.hash:
        yield "was changed: its hash does not fit"
    elif entry.event not in EVENTS:
        yield "is of a kind that Rondo does not know"
    else:
        yield from _false_texts(entry)


def _false_texts(entry: Entry) -> Iterator[str]:
    commitments: dict[str, Json] = {}

    def note(path: Path, value: Json) -> Json:
        commitments[".".join(path)] = value
        return value

    replaced(entry.data, EVENTS[entry.event].personal, note)
    for path in sorted(commitments.keys() | entry.texts.keys()):
        text = entry.texts.get(path)
        if path not in entry.texts:
            yield f"has lost its text at {path}"
        elif path not in commitments or (text is not None and commitments[path] != commitment(text)):
            yield f"has a text at {path} that is not the one that was recorded"
