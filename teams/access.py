"""Who may see a team and who may change it: the only way to get hold of a team for somebody."""

from django.utils.translation import gettext as _

from conventions import problems
from teams.models import VOICED, Account, Membership, Role, Team


def team_for(account: Account, slug: str) -> Team:
    """The team, for those who belong to it; for all others there is none."""
    team = Team.objects.filter(slug=slug, memberships__account=account).first()
    if team is None:
        raise problems.not_found()
    return team


def role_of(account: Account, team: Team) -> Role | None:
    role = Membership.objects.filter(team=team, account=account).values_list("role", flat=True).first()
    return Role(role) if role else None


def only_steward(account: Account, team: Team) -> None:
    if role_of(account, team) != Role.STEWARD:
        raise problems.forbidden("only_a_steward", _("Only a steward of this team may do this."))


def has_voice(account: Account, team: Team) -> bool:
    return role_of(account, team) in VOICED


def voices(team: Team) -> list[Account]:
    """Members and stewards, as they joined: those whose voice a decision needs."""
    return _people(team, VOICED)


def watchers(team: Team) -> list[Account]:
    """Observers: they read, and have no voice."""
    return _people(team, (Role.OBSERVER,))


def _people(team: Team, roles: tuple[Role, ...]) -> list[Account]:
    rows = Membership.objects.filter(team=team, role__in=roles).select_related("account")
    return [row.account for row in rows.order_by("joined_at", "id")]
