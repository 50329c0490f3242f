"""Deleting an account: what was said in decisions stays, what says who said it goes."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Max
from django.utils.translation import gettext as _

from conventions import problems
from conventions.idempotency import forget_answers_of
from conventions.transactions import writing
from teams import flows
from teams.changes import tell_of
from teams.models import AccessToken, Account, Invitation, Membership, Role, Team

FORMER = "Former member {number}"


def teams_without_another_steward(account: Account) -> list[Team]:
    """Those whose last steward this person is, with others in them: there somebody has to be named first."""
    mine = Membership.objects.filter(account=account, role=Role.STEWARD).select_related("team").order_by("team__name")
    others = Membership.objects.exclude(account=account)
    return [
        one.team
        for one in mine
        if others.filter(team=one.team).exists() and not others.filter(team=one.team, role=Role.STEWARD).exists()
    ]


def delete_account(account: Account) -> None:
    """All of it or nothing. Counts as leaving each team by one's own choice."""
    with writing():
        account = Account.objects.select_for_update().get(pk=account.pk)
        _another_steward_everywhere(account)
        _another_administrator(account)
        for team in Team.objects.filter(memberships__account=account).order_by("pk"):
            flows.leave_for_good(account, team)
        tell_of(account, "leaving")
        _ways_in_end(account)
        _becomes_former(account)
        tell_of(account, "renamed")
        tell_of(account, "let_in_or_out")


def _another_steward_everywhere(account: Account) -> None:
    alone = teams_without_another_steward(account)
    if alone:
        names = ", ".join(f"“{team.name}”" for team in alone)
        raise problems.conflict(
            "last_steward",
            _("You are the last steward of {teams}. Name another one there first.").format(teams=names),
            teams=[{"slug": team.slug, "name": team.name} for team in alone],
        )


def _another_administrator(account: Account) -> None:
    others = Account.objects.filter(is_active=True).exclude(pk=account.pk)
    if account.is_site_admin and others.exists() and not others.filter(is_site_admin=True).exists():
        raise problems.conflict(
            "last_administrator",
            _("You are the only administrator of this site. Whoever runs the server has to name another one first."),
        )


def _ways_in_end(account: Account) -> None:
    for session in UserSession.objects.filter(user=account):
        session.end()
    AccessToken.objects.filter(user=account).delete()
    for kept in (EmailAddress, Authenticator, SocialAccount):
        kept.objects.filter(user=account).delete()
    Invitation.objects.filter(email=account.email.lower()).delete()
    forget_answers_of(account.pk)


def _becomes_former(account: Account) -> None:
    number = (Account.objects.aggregate(last=Max("former"))["last"] or 0) + 1
    account.former = number
    account.language = account.time_zone = ""
    account.name = FORMER.format(number=number)
    account.email = f"{account.pk}@former.invalid"  # an address that can never be one
    account.is_active = account.is_site_admin = False
    account.last_login = account.recovered_at = None
    account.set_unusable_password()
    account.save()
