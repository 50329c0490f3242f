"""What a change of membership or of an account means for meetings: who comes into the team can join those that are not
over, who goes is in none of them any more."""

from __future__ import annotations

from functools import partial
from typing import Any

from teams.changes import Change
from teams.models import VOICED, Account, Team

from . import access, models, store, submit
from .process.commands import Command, Depart, Enter
from .process.state import LIVE, Phase

NOT_OVER = (Phase.PLANNED, *LIVE)


def follow(team: Team, account: Account, change: Change, _by: Account) -> None:
    """Called by the team's flows inside their transaction, with the team's lock held."""
    command: type[Command] = Depart if change.role is None else Enter
    content: dict[str, Any] = {} if change.role is None else {"voice": change.role in VOICED}
    rows = models.Meeting.objects.filter(team=team, phase__in=NOT_OVER).select_related("team")
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        submit.carry_out(row, account, partial(command, by=account.pk, **content))


def renamed(account: Account) -> None:
    """Names are asked for anew each time, but for those that were told already: of who has gone, these too."""
    if account.former is not None:
        store.call_otherwise(account.pk, account.name)


def told(account: Account) -> dict[str, Any]:
    """What this person has done in meetings that they may see, for that person."""
    rows = access.visible_to(account).order_by("starts_at")
    found = [{"id": row.pk, "title": row.title, "entries": store.told_by(row, account.pk)} for row in rows]
    return {"meetings": [one for one in found if one["entries"]]}
