"""A database with many decisions in it, filled in bulk from one that was made by real commands; asked in this process.

The team's own decisions are most of them, so that a list has all of them before it; one in ten is open still.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench.parts import control
from bench.parts.rondo import Deeds
from conventions import clock
from conventions.ids import new_id
from decisions import models
from decisions.process.state import Outcome, Phase

AT_ONCE = 500
TIMES = int(os.environ.get("BENCH_TIMES", "15"))
SELDOM = "halyard"
"""A word that stands in fifty of the texts, however many there are."""


class Work:
    def __init__(self, decisions: int) -> None:
        self._deeds = Deeds()
        pattern = models.Proposal.objects.get(pk=self._deeds.other)
        for start in range(3, decisions, AT_ONCE):
            _fill(pattern, range(start, min(start + AT_ONCE, decisions)), max(1, decisions // 50))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self._client = Client(HTTP_AUTHORIZATION=f"Bearer {self._deeds.tokens[0]}", SERVER_NAME="127.0.0.1")

    def measure(self) -> dict[str, float]:
        """Seconds of each, the median of some."""
        address = "/api/v1/proposals/"
        deeds: dict[str, Callable[[], Any]] = {
            "list": lambda: self._get(f"{address}?page_size=50"),
            "search": lambda: self._get(f"{address}?q={SELDOM}"),
            "snapshot": lambda: self._get(f"{address}{self._deeds.main}/"),
            "command": lambda: self._deeds.entry(self._deeds.main),
        }
        return {name: statistics.median(_timed(deed) for _ in range(TIMES)) for name, deed in deeds.items()}

    def _get(self, address: str) -> None:
        answer = self._client.get(address)
        assert answer.status_code == 200, answer.content[:300]


def _timed(deed: Callable[[], Any]) -> float:
    began = control.now()
    deed()
    return control.now() - began


def _fill(pattern: models.Proposal, numbers: range, each: int) -> None:
    """So many like the pattern, nine of ten adopted: the rows that lists, searches and indexes go through."""
    revision, first = pattern.revisions.get(), pattern.rounds.get()
    people, entries = list(pattern.participants.all()), list(pattern.journal.all())
    ids = {number: new_id() for number in numbers}
    now = clock.now()
    ended = {number for number in numbers if number % 10}
    models.Proposal.objects.bulk_create(
        _like(
            pattern,
            id=ids[number],
            number=number + 1,
            updated_at=now - timedelta(minutes=number),
            **({"phase": Phase.ADOPTED, "adopted_at": now, "wakes_at": None} if number in ended else {}),
        )
        for number in numbers
    )
    models.Revision.objects.bulk_create(
        _like(revision, proposal_id=ids[n], body=f"{revision.body} {SELDOM if n % each == 0 else n}") for n in numbers
    )
    models.Participant.objects.bulk_create(
        _like(person, proposal_id=ids[n], waiting=person.waiting and n < 20) for n in numbers for person in people
    )
    models.Round.objects.bulk_create(
        _like(
            first,
            id=new_id(),
            proposal_id=ids[n],
            **({"closed_at": now, "outcome": Outcome.HEARD} if n in ended else {}),
        )
        for n in numbers
    )
    made = models.JournalEntry.objects.bulk_create(
        _like(entry, proposal_id=ids[n]) for n in numbers for entry in entries
    )
    models.ToldEntry.objects.bulk_create(models.ToldEntry(entry=entry, told="{}", changes="{}") for entry in made)


def _like(row: Any, **other: Any) -> Any:
    """A row as that one, where nothing else is said, with a number of its own."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.fields if field.attname != "id"}
    return type(row)(**{**fields, **other})


def main(decisions: int) -> None:
    call_command("migrate", verbosity=0)
    working = Work(decisions)
    control.say({"topics": [], "listens": False})
    for _ in sys.stdin:
        control.say({"answer": working.measure()})
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[2]))
