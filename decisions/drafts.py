"""Drafts: seen by their author alone, without a journal, changed as often as wanted, until they are opened."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from conventions import clock, problems
from conventions.ids import new_id
from conventions.transactions import writing
from teams.access import has_voice, voices, watchers
from teams.models import Account, Team

from . import access, models, submit
from .process.commands import Open
from .process.state import Phase, Policy, Sealing


def start(
    account: Account, team: Team, *, title: str, driver: str, body: str, review_on: date | None
) -> models.Proposal:
    """A new draft. Needs a voice in the team."""
    if not has_voice(account, team):
        raise problems.forbidden("not_a_participant", _("Observers read along. A member of the team can propose."))
    with writing():
        row = models.Proposal.objects.create(id=new_id(), team=team, title=title, author=account)
        models.Revision.objects.create(
            proposal=row,
            number=1,
            title=title,
            driver=driver,
            body=body,
            review_on=review_on,
            by=account,
            at=clock.now(),
        )
        return row


def edit(account: Account, proposal: str, **changes: Any) -> models.Proposal:
    """Changes a draft's title, driver, body or review date."""
    with writing():
        row = _draft(account, proposal)
        models.Revision.objects.filter(proposal=row).update(**changes, at=clock.now())
        row.title, row.updated_at = changes.get("title", row.title), clock.now()
        row.save(update_fields=["title", "updated_at"])
        return row


def delete(account: Account, proposal: str) -> None:
    """Throws a draft away."""
    with writing():
        _draft(account, proposal).delete()


def _draft(account: Account, proposal: str) -> models.Proposal:
    row = access.locked_for(account, "proposal", proposal)
    if row.author_id != account.pk:
        raise problems.forbidden("only_the_author", _("Only the author can do this."))
    if row.phase != Phase.DRAFT:
        raise problems.conflict("wrong_phase", _("This proposal is open: its text changes by a new revision alone."))
    return row


def open_(
    account: Account,
    proposal: str,
    *,
    via: str | None,
    facilitator: str | None = None,
    due_at: datetime | None = None,
) -> submit.Done:
    """Shows a draft to the circle. Its participants are those who have a voice in the team at this moment."""
    with writing():
        team_id = access.proposal_for(account, proposal).team_id
        # The team first, as everybody does who changes a membership: nobody comes or goes while it opens.
        team = Team.objects.select_for_update().get(pk=team_id)
        row = access.locked_for(account, "proposal", proposal)
        circle = tuple(person.pk for person in voices(team))
        chosen = _facilitator(team, account, circle, facilitator)
        number = models.Proposal.objects.filter(team=team).aggregate(last=Max("number"))["last"] or 0
        command = partial(
            Open,
            by=account.pk,
            number=number + 1,
            facilitator=chosen,
            participants=circle,
            policy=_policy(team),
            due_at=due_at,
        )
        return submit.carry_out(row, command, via, newcomers=(*circle, chosen))


def _facilitator(team: Team, opener: Account, circle: tuple[str, ...], wanted: str | None) -> str:
    """The one who was asked for, else the team's, else who opens."""
    people = {*circle, *(person.pk for person in watchers(team))}
    if wanted is not None and wanted not in people:
        raise problems.invalid({"facilitator": [_("Choose a member or observer of the team.")]})
    usual = team.facilitator_id if team.facilitator_id in people else None
    return wanted or usual or opener.pk


def _policy(team: Team) -> Policy:
    return Policy(
        sealed=Sealing(team.sealed),
        quorum_percent=team.quorum_percent,
        due_days=team.due_days,
        objector_grace_days=team.objector_grace_days,
        second_look_days=team.second_look_days,
    )
