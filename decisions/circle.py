"""What a change of membership or of an account means for decisions: who comes is a participant from now on, who leaves
is no longer awaited, and who is removed keeps voice and view until the decision ends."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from teams.changes import Change, Kind
from teams.models import VOICED, Account, Team

from . import access, afterwords, entries, models, names, read, submit
from .live.announce import rights_changed
from .process.commands import Command, JoinCircle, LeaveCircle, Suspend
from .process.state import Phase

STILL_OPEN = (Phase.CLARIFYING, Phase.REACTION, Phase.TUNING, Phase.CONSENT, Phase.REVISING)


def follow(team: Team, account: Account, change: Change, _by: Account) -> None:
    """Called by the team's flows inside their transaction, with the team's lock held."""
    if change.role in VOICED:
        _everywhere(team, account, JoinCircle)
    elif change.kind is Kind.LEFT:
        _everywhere(team, account, LeaveCircle)
    elif change.kind is Kind.REMOVED:
        access.keep_view(team, account)
    transaction.on_commit(partial(rights_changed, account.pk))


def say_goodbye(account: Account) -> None:
    """Somebody deletes their account: they leave the decisions that go on with them although they are in the team no
    more, and their drafts go, as does what they said of decisions that had ended."""
    _leave(account, models.Proposal.objects.filter(phase__in=STILL_OPEN))
    afterwords.forget(account)
    models.Proposal.objects.filter(author=account, phase=Phase.DRAFT).delete()


def renamed(account: Account) -> None:
    """Where names are kept for a while, in this process, this one is not; elsewhere it takes its minute."""
    if account.former is not None:
        entries.call_otherwise(account.pk, account.name)
    transaction.on_commit(partial(names.forget, account.pk))
    transaction.on_commit(read.forget_pictures)


def let_in_or_out(account: Account) -> None:
    """Whose account is suspended is shown as such in the decisions that are open, and not decided without."""
    rows = models.Proposal.objects.filter(phase__in=STILL_OPEN, participants__account=account, participants__left=False)
    _carry_out(account, rows, Suspend, suspended=not account.is_active)
    transaction.on_commit(partial(rights_changed, account.pk))


def _everywhere(team: Team, account: Account, command: type[Command]) -> None:
    rows = models.Proposal.objects.filter(team=team, phase__in=STILL_OPEN)
    if command is LeaveCircle:
        _leave(account, rows)
    else:
        _carry_out(account, rows, command)


def _leave(account: Account, rows: QuerySet[models.Proposal]) -> None:
    _carry_out(account, rows.filter(participants__account=account, participants__left=False), LeaveCircle)


def _carry_out(account: Account, rows: QuerySet[models.Proposal], command: type[Command], **content: Any) -> None:
    for row in rows.select_related("team").select_for_update(of=("self",)).order_by("pk"):
        submit.carry_out(row, partial(command, by=account.pk, **content), None, newcomers=(account.pk,))
