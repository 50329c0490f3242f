"""Who may see a team and who may change it: the only way to get hold of a team for somebody."""

from django.utils.translation import gettext as _

from conventions import problems
from conventions.prepared import Prepared, PreparedRows
from teams.models import VOICED, Account, Membership, Role, Team


def team_for(account: Account, slug: str) -> Team:
    """The team, for those who belong to it; for all others there is none."""
    team = OWN.first(slug, account.pk)
    if team is None:
        raise problems.not_found()
    return team


def role_of(account: Account, team: Team) -> Role | None:
    found = ROLES.all(team.pk, account.pk)
    return Role(found[0][0]) if found else None


def only_steward(account: Account, team: Team) -> None:
    if role_of(account, team) != Role.STEWARD:
        raise problems.forbidden("only_a_steward", _("Only a steward of this team may do this."))


def has_voice(account: Account, team: Team) -> bool:
    return role_of(account, team) in VOICED


def voices(team: Team) -> list[Account]:
    """Members and stewards, as they joined: those whose voice a decision needs."""
    return [row.account for row in VOICES.all(team.pk)]


def watchers(team: Team) -> list[Account]:
    """Observers: they read, and have no voice."""
    return [row.account for row in WATCHERS.all(team.pk)]


def _with_roles(*roles: Role) -> Prepared[Membership]:
    members = Membership.objects.filter(role__in=roles).select_related("account").order_by("joined_at", "id")
    return Prepared(lambda team: members.filter(team=team))


OWN = Prepared(lambda slug, account: Team.objects.filter(slug=slug, memberships__account=account))
ROLES: PreparedRows[Membership] = PreparedRows(
    lambda team, account: Membership.objects.filter(team=team, account=account).values_list("role")
)
VOICES, WATCHERS = _with_roles(*VOICED), _with_roles(Role.OBSERVER)
