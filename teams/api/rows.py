"""People and teams as the interface tells them."""

from typing import Any

from conventions import epoch
from conventions.clock import rfc3339
from teams.invitations import fate_of_mail
from teams.models import AccessToken, Account, Invitation, Membership, Team

Row = dict[str, Any]


def me(account: Account) -> Row:
    return {
        "id": account.pk,
        "name": account.name,
        "email": account.email,
        "guest": account.guest,
        "site_admin": account.is_site_admin,
        "language": account.language or None,
        "time_zone": account.time_zone or None,
        "epoch": epoch.current(),
    }


def site_account(account: Account) -> Row:
    """Nothing that leads into a team."""
    return {
        "id": account.pk,
        "name": account.name,
        "email": account.email,
        "created_at": rfc3339(account.created_at),
        "last_sign_in_at": rfc3339(account.last_login) if account.last_login else None,
        "suspended": not account.is_active,
        "site_admin": account.is_site_admin,
    }


def team(found: Team, viewer: Account) -> Row:
    people = sorted(found.memberships.all(), key=lambda one: (one.joined_at, one.pk))
    return {
        "slug": found.slug,
        "name": found.name,
        "aim": found.aim,
        "policy": policy(found),
        "members": [member(one) for one in people],
        "my_role": next((one.role for one in people if one.account_id == viewer.pk), None),
        "created_at": rfc3339(found.created_at),
    }


def policy(found: Team) -> Row:
    return {
        "sealed": found.sealed,
        "quorum_percent": found.quorum_percent,
        "due_days": found.due_days,
        "objector_grace_days": found.objector_grace_days,
        "second_look_days": found.second_look_days,
        "facilitator": found.facilitator_id,
    }


def member(membership: Membership) -> Row:
    given_back = membership.account.way_in_given_back
    return {
        "id": membership.account_id,
        "name": membership.account.name,
        "role": membership.role,
        "suspended": not membership.account.is_active,
        "way_in_given_back_at": rfc3339(given_back) if given_back else None,
        "joined_at": rfc3339(membership.joined_at),
    }


def invitation(found: Invitation) -> Row:
    """One that waits, or was just made."""
    return {
        "id": found.pk,
        "email": found.email,
        "role": found.role,
        "invited_by": found.invited_by.name,
        "created_at": rfc3339(found.created_at),
        "expires_at": rfc3339(found.expires_at),
        "uses": found.uses,
        "max_uses": found.max_uses,
        "mail": fate_of_mail(found),
    }


def offer(found: Invitation) -> Row:
    """What an invitation tells whoever holds it, before they accept."""
    return {
        "team": {"slug": found.team.slug, "name": found.team.name, "aim": found.team.aim},
        "role": found.role,
        "invited_by": found.invited_by.name,
        "expires_at": rfc3339(found.expires_at),
    }


def token(found: AccessToken) -> Row:
    return {
        "id": found.pk,
        "name": found.name,
        "hint": f"{found.token_key}…",
        "made_by": found.made_by,
        "created_at": rfc3339(found.created),
        "expires_at": rfc3339(found.expiry) if found.expiry else None,
    }
