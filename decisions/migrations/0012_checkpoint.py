"""Stewards are mailed, once a day at most, where the journals of their team stand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("decisions", "0011_two_accounts"), ("teams", "0004_language_and_time_zone")]
    operations = [
        migrations.CreateModel(
            "Checkpoint",
            [
                (
                    "team",
                    models.OneToOneField(
                        "teams.Team",
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64, default="", blank=True)),
            ],
        ),
    ]
