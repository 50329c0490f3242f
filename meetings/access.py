"""The only way to get hold of a meeting for somebody: those who belong to its team may see it; for others there is
none."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from conventions import problems
from conventions.prepared import Crowd, PreparedRows
from teams.models import Account

from . import models

Row = models.Meeting


def visible_to(account: Account) -> QuerySet[models.Meeting]:
    """Every meeting that this person may see."""
    return models.Meeting.objects.filter(team__memberships__account=account)


def seen_by_members(accounts: Collection[str], meetings: Collection[str]) -> set[tuple[str, str]]:
    """(account, meeting), of what these people may see: one query for a whole crowd."""
    return {(who, id) for who, id in SEEN_BY_MEMBERS.all(accounts, meetings)}


def _seen_by_members(accounts: Crowd, meetings: Crowd) -> QuerySet[models.Meeting, Any]:
    seen = models.Meeting.objects.filter(pk__in=meetings, team__memberships__account__in=accounts)
    return seen.values_list("team__memberships__account", "pk")


SEEN_BY_MEMBERS: PreparedRows[models.Meeting] = PreparedRows(_seen_by_members)


def meeting_for(account: Account, meeting: str) -> models.Meeting:
    """This meeting, for this person. Raises the 404 that a random id gets too."""
    return _one(visible_to(account), meeting)


def locked_for(account: Account, meeting: str) -> models.Meeting:
    """The same, holding the meeting's lock until the transaction ends."""
    return _one(visible_to(account).select_for_update(of=("self",)), meeting)


def _one(rows: QuerySet[models.Meeting], meeting: str) -> models.Meeting:
    row = rows.select_related("team").filter(pk=meeting).first()
    if row is None:
        raise problems.not_found()
    return row
