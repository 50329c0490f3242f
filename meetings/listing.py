"""Meetings as the lists tell them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from conventions.clock import rfc3339
from teams.models import Account

from . import access, models, store
from .process.state import OVER

Row = dict[str, Any]


def coming(account: Account) -> QuerySet[models.Meeting]:
    """What this person's teams have before them, and what is under way."""
    return _listed(account).exclude(phase__in=OVER)


def past(account: Account) -> QuerySet[models.Meeting]:
    """What has ended, or was called off."""
    return _listed(account).filter(phase__in=OVER)


def _listed(account: Account) -> QuerySet[models.Meeting]:
    return access.visible_to(account).select_related("team", "facilitator")


def row(found: models.Meeting) -> Row:
    state = store.load(found)
    return {
        "id": found.pk,
        "team": found.team.slug,
        "team_name": found.team.name,
        "title": state.title,
        "phase": str(state.phase),
        "starts_at": rfc3339(state.starts_at),
        "minutes": state.minutes,
        "place": state.place,
        "facilitator": state.facilitator,
        "facilitator_name": found.facilitator.name,
        "items": len(state.agenda),
        "present": len(state.order),
        "opened_at": rfc3339(state.opened_at) if state.opened_at else None,
        "ended_at": rfc3339(state.ended_at) if state.ended_at else None,
    }
