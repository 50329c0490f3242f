"""Absence, due times and the second look. What the rows now hold beside the journal is told by the journal itself."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import migrations, models

from decisions.journal import Entry, Text, event_of
from decisions.process.engine import replay, wakes_at
from decisions.process.state import Proposal
from decisions.shelves import room_into


def fill(apps: Any, _editor: Any) -> None:
    rows = apps.get_model("decisions", "Proposal").objects.exclude(seq=0)
    for row in rows.iterator():
        state = replay(Proposal(row.pk, row.team_id, row.author_id), map(event_of, _story(apps, row.pk)))
        row.since, row.clock_at, row.wakes_at = state.since, state.clock, wakes_at(state)
        row.room = room_into(state.room)
        row.save(update_fields=["since", "clock_at", "wakes_at", "room"])
        people = apps.get_model("decisions", "Participant").objects.filter(proposal=row)
        for person in state.participants.values():
            if person.again is not None:
                people.filter(account=person.id).update(again=person.again)


def _story(apps: Any, proposal: str) -> Iterator[Entry]:
    texts: dict[int, dict[str, Text | None]] = {}
    for text in apps.get_model("decisions", "JournalText").objects.filter(entry__proposal=proposal).order_by("pk"):
        kept = None if text.salt is None or text.text is None else Text(text.salt, text.text)
        texts.setdefault(text.entry_id, {})[text.path] = kept
    for one in apps.get_model("decisions", "JournalEntry").objects.filter(proposal=proposal).order_by("seq"):
        said = texts.get(one.pk, {})
        yield Entry(
            proposal, one.seq, one.event, one.at, one.by_id, one.via, json.loads(one.data), one.prev, one.hash, said
        )


class Migration(migrations.Migration):
    dependencies = [("decisions", "0006_afterwords")]
    operations = [
        migrations.AddField("participant", "again", models.DateTimeField(null=True)),
        migrations.AddField("participant", "suspended", models.BooleanField(default=False)),
        migrations.AddField("proposal", "author_offered", models.CharField(max_length=16, null=True)),
        migrations.AddField("proposal", "clock_at", models.DateTimeField(null=True)),
        migrations.AddField("proposal", "since", models.DateTimeField(null=True)),
        migrations.AddField("round", "absent", models.JSONField(default=list)),
        migrations.AddField("round", "reminded_at", models.DateTimeField(null=True)),
        migrations.AddField("round", "reminders", models.PositiveSmallIntegerField(default=0)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
