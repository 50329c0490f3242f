"""What a change of membership means for decisions that are open: who comes is a participant from now on, who leaves
is no longer awaited, and who is removed keeps voice and view until the decision ends."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from teams.changes import Change, Kind
from teams.models import VOICED, Account, Team

from . import models, submit
from .live.announce import rights_changed
from .process.commands import Command, JoinCircle, LeaveCircle
from .process.state import Phase

STILL_OPEN = (Phase.CLARIFYING, Phase.REACTION, Phase.TUNING, Phase.CONSENT, Phase.REVISING)


def follow(team: Team, account: Account, change: Change, _by: Account) -> None:
    """Called by the team's flows inside their transaction, with the team's lock held."""
    if change.role in VOICED:
        _everywhere(team, account, JoinCircle)
    elif change.kind is Kind.LEFT:
        _everywhere(team, account, LeaveCircle)
    transaction.on_commit(partial(rights_changed, account.pk))


def _everywhere(team: Team, account: Account, command: type[Command]) -> None:
    rows = models.Proposal.objects.filter(team=team, phase__in=STILL_OPEN).select_related("team")
    if command is LeaveCircle:
        rows = rows.filter(participants__account=account, participants__left=False)
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        submit.carry_out(row, partial(command, by=account.pk), None, newcomers=(account.pk,))
