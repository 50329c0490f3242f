"""The only way to get hold of a proposal for somebody: it returns what they may see, or there is none.

A draft is its author's alone. An open proposal is seen by the team's members and observers, and by whoever had a
part in it when they were removed: removal never reaches into open decisions. Who left by themselves sees it no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from conventions import clock, problems
from conventions.prepared import Crowd, Prepared, PreparedRows
from teams.models import Account, Membership, Team

from . import models
from .process.limits import A_SCREEN_LASTS
from .process.state import Phase
from .screens import digest_of

Row = models.Proposal
"""What the rest may hold of a proposal once it is theirs to see."""

ENDED = (Phase.ADOPTED, Phase.WITHDRAWN)


def visible_to(account: Account) -> QuerySet[models.Proposal]:
    """Every proposal that this person may see."""
    member = Membership.objects.filter(team=OuterRef("team"), account=account)
    voice = models.Participant.objects.filter(proposal=OuterRef("pk"), account=account, left=False)
    part = Exists(voice) | Q(facilitator=account) | Q(author=account)
    return models.Proposal.objects.filter(
        (~Q(phase=Phase.DRAFT) & (Exists(member) | (~Q(phase__in=ENDED) & part & ~_gone(account))))
        | Q(phase=Phase.DRAFT, author=account) & Exists(member)
    )


def among_their_own(account: Account) -> QuerySet[models.Proposal]:
    """The same as `visible_to`, found by way of this person's teams: a list costs no more where the rest of the site,
    or the past of the team, is large."""
    teams = list(Membership.objects.filter(account=account).values_list("team", flat=True))
    kept = list(models.KeptView.objects.filter(account=account).values_list("proposal", flat=True))
    where = Q(team__in=teams) | Q(pk__in=kept) if kept else Q(team__in=teams)
    return visible_to(account).filter(where)


def keep_view(team: Team, account: Account) -> None:
    """Somebody is removed from the team: what is open stays theirs to see."""
    rows = open_of(team).filter(Q(participants__account=account) | Q(facilitator=account) | Q(author=account))
    views = [models.KeptView(account=account, proposal=row) for row in rows.distinct()]
    models.KeptView.objects.bulk_create(views, ignore_conflicts=True)


def seen_by_members(accounts: Collection[str], proposals: Collection[str]) -> set[tuple[str, str]]:
    """(account, proposal), of what these people may see by belonging to its team now: one query for a whole crowd.
    Others may see some of it too; for them `visible_to` has the word."""
    return {(who, id) for who, id in SEEN_BY_MEMBERS.all(accounts, proposals)}


def for_members(accounts: Crowd, proposals: QuerySet[models.Proposal], *columns: str) -> QuerySet[models.Proposal, Any]:
    """(account, proposal, columns …), of what of these proposals these people may see by belonging to its team now."""
    shown = proposals.exclude(phase=Phase.DRAFT).filter(team__memberships__account__in=accounts)
    return shown.values_list("team__memberships__account", "pk", *columns)


def who_keep_views(accounts: Collection[str]) -> set[str]:
    """Those of these people who were removed from a team, and see on what was open then."""
    return {who for (who,) in KEEPERS.all(accounts)}


def _gone(account: Account) -> Exists:
    """Left by their own choice: what they gave stays, their view does not."""
    return Exists(models.Participant.objects.filter(proposal=OuterRef("pk"), account=account, left=True))


def strangers(team: str, people: Collection[str | None]) -> list[str]:
    """Those of these people who are not in the team: they saw its proposal while it was open, and no longer."""
    known = Membership.objects.filter(team=team, account__in=people).values_list("account_id", flat=True)
    return sorted({who for who in people if who} - set(known))


def proposal_for(account: Account, proposal: str) -> models.Proposal:
    """This proposal, for this person. Raises the 404 that a random id gets too."""
    return _found(VISIBLE.first(account.pk, proposal))


def rows_of(proposals: Collection[str]) -> list[models.Proposal]:
    """These open proposals without asking for whom, what changed longest ago first: for what their whole team may see,
    never a draft."""
    return sorted(ROWS.all(proposals), key=attrgetter("updated_at"))


def open_of(team: Team) -> QuerySet[models.Proposal]:
    """The open proposals of a team, for what everybody in it may see."""
    return models.Proposal.objects.filter(team=team).exclude(phase__in=(Phase.DRAFT, *ENDED))


def locked_for(account: Account, kind: str, id: str) -> models.Proposal:
    """The proposal that this `proposal`, `round`, `question`, `objection` or `screen` is or belongs to, while nobody
    else can change it until the transaction ends. Raises the same 404. Its team is asked for where it is needed: most
    commands do without."""
    return _there(LOCKED[kind].first(account.pk, id))


def shown(digests: Iterable[str]) -> dict[str, models.Screen]:
    """The links to a screen that show something now, by the hash of their token: their day lasts, and who made them
    may see the decision."""
    made: dict[Account, list[models.Screen]] = defaultdict(list)
    for screen in SCREENS.all(list(digests)):
        if screen.at > clock.now() - A_SCREEN_LASTS:
            made[screen.by].append(screen)
    return {
        screen.digest: screen
        for maker, screens in made.items()
        for seen in [set(_seen(maker, [screen.proposal_id for screen in screens]))]
        for screen in screens
        if screen.proposal_id in seen
    }


def _seen(account: Account, proposals: list[str]) -> Iterable[str]:
    return visible_to(account).filter(pk__in=proposals).values_list("pk", flat=True)


def on_screen(token: str) -> tuple[models.Proposal, datetime]:
    """What a link shows, and until when. Raises the 404 that a wrong one gets too."""
    screen = shown([digest_of(token)]).get(digest_of(token))
    if screen is None:
        raise problems.not_found()
    row = models.Proposal.objects.select_related("team").get(pk=screen.proposal_id)
    return row, screen.at + A_SCREEN_LASTS


def _found(row: models.Proposal | None) -> models.Proposal:
    """With its team, which almost everybody asks for next."""
    found = _there(row)
    found.team = cast("Team", TEAM.first(found.team_id))
    return found


def _there(row: models.Proposal | None) -> models.Proposal:
    if row is None:
        raise problems.not_found()
    return row


def _visible(account: str, **which: Any) -> QuerySet[models.Proposal]:
    return visible_to(Account(pk=account)).filter(**which)


def _locked(account: str, **which: Any) -> QuerySet[models.Proposal]:
    return _visible(account, **which).select_for_update(of=("self",))


def _owner(model: type[Model], owner: str) -> Prepared[models.Proposal]:
    def build(account: str, id: str) -> QuerySet[models.Proposal]:
        return _locked(account, pk__in=model._default_manager.filter(pk=id).values(owner))

    return Prepared(build)


def _seen_by_members(accounts: Crowd, proposals: Crowd) -> QuerySet[models.Proposal, Any]:
    return for_members(accounts, models.Proposal.objects.filter(pk__in=proposals))


def _keepers(accounts: Crowd) -> QuerySet[models.KeptView, Any]:
    return models.KeptView.objects.filter(account__in=accounts).values_list("account")


def _rows(proposals: Crowd) -> QuerySet[models.Proposal]:
    return models.Proposal.objects.filter(pk__in=proposals).exclude(phase=Phase.DRAFT)


def _screens(digests: Crowd) -> QuerySet[models.Screen]:
    return models.Screen.objects.filter(digest__in=digests, by__is_active=True).select_related("by")


SEEN_BY_MEMBERS: PreparedRows[models.Proposal] = PreparedRows(_seen_by_members)
KEEPERS: PreparedRows[models.KeptView] = PreparedRows(_keepers)
ROWS, SCREENS = Prepared(_rows), Prepared(_screens)
TEAM = Prepared(lambda team: Team.objects.filter(pk=team))
VISIBLE = Prepared(lambda account, proposal: _visible(account, pk=proposal))
LOCKED = {
    "proposal": Prepared(lambda account, proposal: _locked(account, pk=proposal)),
    "round": _owner(models.Round, "proposal"),
    "question": _owner(models.Question, "round__proposal"),
    "objection": _owner(models.Objection, "proposal"),
    "screen": _owner(models.Screen, "proposal"),
}
