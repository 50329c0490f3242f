"""The end of what was only played. A real decision has none: the database itself would refuse it (append_only)."""

from __future__ import annotations

from django.db import connection

from conventions.transactions import writing
from teams.models import Team

from . import models


def remove(team: Team) -> None:
    """Takes every decision of a played team away, whole. Raises ValueError for any other team."""
    if not team.played:
        raise ValueError("What a real team decided stays.")
    with writing():
        _forget_journals(team)
        models.Proposal.objects.filter(team=team).delete()


def _forget_journals(team: Team) -> None:
    if connection.vendor == "postgresql":  # where the processes may delete nothing of a journal themselves
        with connection.cursor() as cursor:
            cursor.execute("SELECT journal_forget_played(%s)", [team.pk])
    else:
        entries = models.JournalEntry.objects.filter(proposal__team=team)
        models.ToldEntry.objects.filter(entry__in=entries).delete()
        models.JournalText.objects.filter(entry__in=entries).delete()
        entries.delete()
