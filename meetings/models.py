"""Meetings as rows: the present in one, the story in the others. Constraints, no behaviour."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from conventions import clock
from conventions.ids import IdField

from .process.state import Phase


class Meeting(models.Model):
    """One meeting as it is now. `state` is `process.state.Meeting` as JSON; the other columns are for the lists."""

    id = IdField()
    team = models.ForeignKey("teams.Team", on_delete=models.CASCADE, related_name="meetings")
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    phase = models.CharField(max_length=12, choices=[(str(p), str(p)) for p in Phase], default=Phase.PLANNED)
    starts_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seq = models.PositiveIntegerField(default=0)
    state = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phase__in=[str(p) for p in Phase]), name="a_meeting_is_at_a_known_step"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "starts_at"], name="meetings_of_a_team"),
        ]


class MeetingEntry(models.Model):
    """One thing that happened in a meeting, numbered from 1 without a gap. `told`: the entry as everybody is told it,
    JSON text; `changes`: the merge patch that it makes on the picture."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="entries")
    seq = models.PositiveIntegerField()
    told = models.TextField()
    changes = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seq"], name="one_meeting_entry_for_a_number"),
        ]
