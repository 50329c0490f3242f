"""Absence, due times and the second look. What the rows now hold beside the journal is told by the journal itself."""

from typing import Any

from django.db import migrations, models

from decisions.migrations._story import state_of
from decisions.process.engine import wakes_at
from decisions.shelves import room_into


def fill(apps: Any, _editor: Any) -> None:
    rows = apps.get_model("decisions", "Proposal").objects.exclude(seq=0)
    for row in rows.iterator():
        state = state_of(apps, row)
        row.since, row.clock_at, row.wakes_at = state.since, state.clock, wakes_at(state)
        row.room = room_into(state.room)
        row.save(update_fields=["since", "clock_at", "wakes_at", "room"])
        people = apps.get_model("decisions", "Participant").objects.filter(proposal=row)
        for person in state.participants.values():
            if person.again is not None:
                people.filter(account=person.id).update(again=person.again)


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
