"""Lists walk an index of a team, however long its past is, and know where else somebody kept their view."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, F, OuterRef

ENDED_OR_DRAFT = ("draft", "adopted", "withdrawn")


def keep_views(apps: Any, _editor: Any) -> None:
    """Whoever was removed before this table came: a voice in a decision of a team that they are not in."""
    participant, membership = apps.get_model("decisions", "Participant"), apps.get_model("teams", "Membership")
    kept_view = apps.get_model("decisions", "KeptView")
    inside = membership.objects.filter(account=OuterRef("account"), team=OuterRef("proposal__team"))
    outside = participant.objects.filter(~Exists(inside), left=False).exclude(proposal__phase__in=ENDED_OR_DRAFT)
    views = [kept_view(account_id=who, proposal_id=row) for who, row in outside.values_list("account", F("proposal"))]
    kept_view.objects.bulk_create(views, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0008_text_index"),
        ("teams", "0004_language_and_time_zone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="decisions.proposal"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "proposal"), name="one_kept_view_each"),
                ],
            },
        ),
        migrations.RemoveIndex(model_name="proposal", name="proposals_of_a_team"),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["team", "phase", "-updated_at", "-id"], name="proposals_of_a_team"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["team", "-updated_at", "-id"], name="what_changed_last_in_a_team"),
        ),
        migrations.RunPython(keep_views, migrations.RunPython.noop),
    ]
