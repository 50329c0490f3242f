"""Lists tell what the process waits for, from a facilitator without a voice too. The journal of what is open says it."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

from decisions.migrations._story import state_of
from decisions.process.wanted import wanted


def fill(apps: Any, _editor: Any) -> None:
    rows = apps.get_model("decisions", "Proposal").objects.exclude(phase__in=("draft", "adopted", "withdrawn"))
    participants = apps.get_model("decisions", "Participant").objects
    for row in rows.iterator():
        state = state_of(apps, row)
        asked = wanted(state)
        for who, what in asked.items():
            participants.filter(proposal=row, account=who).update(waiting=True, asked=what)
        if state.facilitator in asked and state.facilitator not in state.participants:
            row.asks_facilitator = asked[state.facilitator]
            row.save(update_fields=["asks_facilitator"])


class Migration(migrations.Migration):
    dependencies = [("decisions", "0009_lists_by_team")]
    operations = [
        migrations.AddField("participant", "asked", models.CharField(max_length=20, default="", blank=True)),
        migrations.AddField("proposal", "asks_facilitator", models.CharField(max_length=20, default="", blank=True)),
        migrations.AddIndex(
            "proposal",
            models.Index(
                fields=["facilitator"], condition=~Q(asks_facilitator=""), name="what_waits_for_a_facilitator"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
