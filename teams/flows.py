"""Everything that changes a team or who belongs to it, with the rules it goes by."""

from typing import Any

from django.utils.translation import gettext as _

from conventions import problems
from conventions.ids import new_id
from conventions.transactions import writing
from notices.outbox import queue
from teams import access, letters
from teams.changes import Change, Kind, tell
from teams.models import Account, Membership, Role, Team
from teams.naming import free_slug

POLICY = ("sealed", "quorum_percent", "due_days", "objector_grace_days", "second_look_days", "facilitator")


def found_team(founder: Account, name: str, aim: str = "", policy: dict[str, Any] | None = None) -> Team:
    """Whoever founds a team is its steward, and a member with a voice."""
    with writing():
        team = Team.objects.create(slug=free_slug(name), name=name, aim=aim)
        join(team, founder, Role.STEWARD, by=founder)
        if policy:
            _set_policy(team, policy)
        return team


def change_team(by: Account, team: Team, changes: dict[str, Any]) -> Team:
    """Name, aim, policy. No decision that is open already is touched by a policy: it has its own copy."""
    with writing():
        team = locked(team)
        access.only_steward(by, team)
        for name in ("name", "aim"):
            if name in changes:
                setattr(team, name, changes[name])
        team.save(update_fields=["name", "aim"])
        before = letters.policy_of(team)
        _set_policy(team, changes.get("policy", {}))
        _tell_of_policy(team, by, before)
        return team


def _tell_of_policy(team: Team, by: Account, before: letters.Policy) -> None:
    """Everybody in the team, whoever changed it among them."""
    after = letters.policy_of(team)
    if after == before:
        return
    readers = Account.objects.filter(memberships__team=team, is_active=True)
    told = [letters.policy_changed(team, by, reader, before, after) for reader in readers]
    queue(f"policy:{new_id()}", told, thread=f"policies:{team.pk}")


def _set_policy(team: Team, policy: dict[str, Any]) -> None:
    given = {name: policy[name] for name in POLICY if name in policy}
    if "facilitator" in given:
        given["facilitator"] = _facilitator(team, given["facilitator"])
    for name, value in given.items():
        setattr(team, name, value)
    if given:
        team.save(update_fields=list(given))


def _facilitator(team: Team, account_id: str | None) -> Account | None:
    if account_id is None:
        return None
    membership = Membership.objects.select_related("account").filter(team=team, account_id=account_id).first()
    if membership is None:
        raise problems.invalid({"policy.facilitator": [_("The facilitator is somebody of this team.")]})
    return membership.account


def join(team: Team, account: Account, role: Role, by: Account) -> None:
    """Under the team's lock, by founding it or by an invitation."""
    Membership.objects.create(team=team, account=account, role=role)
    tell(team, account, Change(Kind.JOINED, before=None, role=role), by)


def change_role(by: Account, team: Team, account_id: str, role: Role) -> Membership:
    with writing():
        team = locked(team)
        access.only_steward(by, team)
        membership = _membership(team, account_id)
        before = Role(membership.role)
        if before == role:
            return membership
        _may_become(membership, role)
        membership.role = role
        membership.save(update_fields=["role"])
        tell(team, membership.account, Change(Kind.ROLE_CHANGED, before, role), by)
        return membership


def _may_become(membership: Membership, role: Role) -> None:
    if role == Role.STEWARD and membership.role != Role.MEMBER:
        raise problems.conflict("not_a_member", _("A steward is named from among the members."))
    if membership.role == Role.STEWARD:
        _another_steward(membership)


def leave(account: Account, team: Team) -> None:
    """By one's own choice."""
    with writing():
        _go(locked(team), account.pk, Kind.LEFT, by=account)


def leave_for_good(account: Account, team: Team) -> None:
    """The same for who deletes their account: a team in which nobody else is may stay behind without anybody."""
    with writing():
        team = locked(team)
        alone = not Membership.objects.filter(team=team).exclude(account=account).exists()
        _go(team, account.pk, Kind.LEFT, by=account, even_the_last=alone)


def remove(by: Account, team: Team, account_id: str) -> None:
    """By a steward. What it means for decisions that are open is the listeners' part."""
    with writing():
        team = locked(team)
        access.only_steward(by, team)
        _go(team, account_id, Kind.REMOVED, by)


def _go(team: Team, account_id: str, kind: Kind, by: Account, *, even_the_last: bool = False) -> None:
    membership = _membership(team, account_id)
    if membership.role == Role.STEWARD and not even_the_last:
        _another_steward(membership)
    before = Role(membership.role)
    membership.delete()
    if team.facilitator_id == account_id:
        team.facilitator = None
        team.save(update_fields=["facilitator"])
    tell(team, membership.account, Change(kind, before, role=None), by)


def _another_steward(membership: Membership) -> None:
    others = Membership.objects.filter(team_id=membership.team_id, role=Role.STEWARD).exclude(pk=membership.pk)
    if not others.exists():
        raise problems.conflict("last_steward", _("A team keeps a steward. Name another one first."))


def _membership(team: Team, account_id: str) -> Membership:
    membership = Membership.objects.select_related("account").filter(team=team, account_id=account_id).first()
    if membership is None:
        raise problems.not_found()
    return membership


def locked(team: Team) -> Team:
    """The team as it is now; until the end of the transaction nobody else changes who belongs to it."""
    found = Team.objects.select_for_update().filter(pk=team.pk).first()
    if found is None:
        raise problems.not_found()
    return found
