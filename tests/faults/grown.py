"""So many decisions more in a demo team: `manage.py shell -c "from tests.faults.grown import grow; grow(1000)"`.

The first is told by real commands and has sixty entries. The others are copies of its rows under other ids, each with a
chain of its own, so that they are as sound as the first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from conventions.ids import new_id
from conventions.transactions import writing
from decisions import models
from decisions.demo.people import NAMES, TEAM, address
from decisions.demo.telling import Telling
from decisions.journal import START, entry_hash
from teams.models import Account, Team

QUESTIONS = 18
BESIDE = {
    models.Revision: "proposal",
    models.Participant: "proposal",
    models.Round: "proposal",
    models.Question: "round__proposal",
    models.Reaction: "round__proposal",
    models.Response: "round__proposal",
}
OF_ENTRIES = (models.JournalText, models.ToldEntry)
Names = dict[str, str]
"""What a copy has in the place of an id, or of a hash."""


def grow(decisions: int) -> None:
    team = Team.objects.get(name=TEAM)
    people = {name: Account.objects.get(email=address(name)) for name in NAMES}
    pattern = models.Proposal.objects.get(pk=told(team, people))
    beside = {model: list(model._default_manager.filter(**{way: pattern})) for model, way in BESIDE.items()}
    entries = list(pattern.journal.order_by("seq"))
    of = {model: list(model._default_manager.filter(entry__proposal=pattern)) for model in OF_ENTRIES}
    ids = [pattern.pk, *(row.pk for model, rows in beside.items() if isinstance(rows[0].pk, str) for row in rows)]
    for number in range((pattern.number or 0) + 1, (pattern.number or 0) + decisions):
        names = {id: new_id() for id in ids}
        with writing():
            made = chained(entries, names, number)
            (copy,) = copied([pattern], names, number)
            copy.number = number
            copy.save(force_insert=True)
            for model, rows in beside.items():
                model._default_manager.bulk_create(copied(rows, names, number))
            kept = models.JournalEntry.objects.bulk_create(made)
            theirs = {entry.pk: new.pk for entry, new in zip(entries, kept, strict=True)}
            for model, rows in of.items():
                copies = copied(rows, names, number)
                for row in copies:
                    row.entry_id = theirs[row.entry_id]
                model._default_manager.bulk_create(copies)


def told(team: Team, people: dict[str, Account]) -> str:
    tell = Telling(team, people, "pia", timedelta(days=2), title="Berths", driver="Boats come late.", body="Kept free.")
    tell.open()
    for day in range(QUESTIONS):
        tell.asks("max", f"And what on day {day}?", "The same.")
    tell.clear(*tell.everybody_but("pia"))
    tell.reacts("jun", "A relief.")
    tell.passes(*tell.everybody_but("jun"))
    tell.asks_for_consent()
    tell.consents(*tell.everybody_but("max"))
    tell.has_a_concern("max", "Nine is early.")
    return tell.proposal


def copied(rows: Iterable[Any], names: Names, number: int) -> list[Any]:
    return [type(row)(**{name: otherwise(value, names, number) for name, value in fields(row)}) for row in rows]


def fields(row: Any) -> Iterable[tuple[str, Any]]:
    own = isinstance(row.pk, str) or row._meta.pk.name == "entry"
    return [(f.attname, getattr(row, f.attname)) for f in row._meta.fields if own or not f.primary_key]


def otherwise(value: Any, names: Names, number: int) -> Any:
    """The same with the names of the copy, wherever in it they stand."""
    if isinstance(value, str):
        named = re.sub(r"\b[0-9a-z]{16}\b|\b[0-9a-f]{64}\b", lambda found: names.get(found[0], found[0]), value)
        return re.sub(r'(?<="number":)\d+', str(number), named)
    return json.loads(otherwise(json.dumps(value), names, number)) if isinstance(value, dict | list) else value


def chained(entries: Iterable[models.JournalEntry], names: Names, number: int) -> list[models.JournalEntry]:
    """Copies in a chain of their own; `names` learns its hashes."""
    made, prev = copied(entries, names, number), START
    for was, entry in zip(entries, made, strict=True):
        data = json.loads(entry.data)
        entry.prev, entry.hash = (
            prev,
            entry_hash(entry.proposal_id, entry.seq, entry.event, entry.at, entry.by_id, entry.via, data, prev),
        )
        names[was.hash] = prev = entry.hash
    return made
