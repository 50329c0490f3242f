"""Everything that is kept of one person, for that person."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from conventions import clock
from conventions.clock import rfc3339
from teams.changes import told_about
from teams.models import AccessToken, Account, Invitation, Membership

Kept = dict[str, Any]


def everything_about(account: Account) -> Kept:
    """No secret is in it: neither passwords nor tokens, nor what a second factor is made from."""
    return {
        "format": "rondo-my-data-1",
        "made_at": rfc3339(clock.now()),
        "account": _account(account),
        "teams": [_membership(one) for one in _memberships(account)],
        "invitations": [_invitation(one) for one in Invitation.objects.filter(invited_by=account).order_by("pk")],
        "tokens": [_token(one) for one in AccessToken.objects.filter(user=account).order_by("created")],
        "sessions": [_session(one) for one in UserSession.objects.filter(user=account).order_by("created_at")],
        "second_factors": [_factor(one) for one in Authenticator.objects.filter(user=account).order_by("created_at")],
        **told_about(account),
    }


def _account(account: Account) -> Kept:
    return {
        "id": account.pk,
        "name": account.name,
        "email": account.email,
        "email_addresses": [
            {"email": one.email, "confirmed": one.verified} for one in EmailAddress.objects.filter(user=account)
        ],
        "single_sign_on": [
            {"provider": one.provider, "uid": one.uid, "told": one.extra_data}
            for one in SocialAccount.objects.filter(user=account)
        ],
        "created_at": rfc3339(account.created_at),
        "last_sign_in_at": rfc3339(account.last_login) if account.last_login else None,
        "way_in_given_back_at": rfc3339(account.recovered_at) if account.recovered_at else None,
        "site_admin": account.is_site_admin,
        "language": account.language or None,
        "time_zone": account.time_zone or None,
    }


def _memberships(account: Account) -> Any:
    return Membership.objects.filter(account=account).select_related("team").order_by("joined_at")


def _membership(found: Membership) -> Kept:
    return {
        "slug": found.team.slug,
        "name": found.team.name,
        "role": found.role,
        "joined_at": rfc3339(found.joined_at),
    }


def _invitation(found: Invitation) -> Kept:
    """Without the address: that one is somebody else's."""
    return {
        "team": found.team_id,
        "role": found.role,
        "created_at": rfc3339(found.created_at),
    }


def _token(found: AccessToken) -> Kept:
    return {
        "name": found.name,
        "made_by": found.made_by,
        "created_at": rfc3339(found.created),
        "expires_at": rfc3339(found.expiry) if found.expiry else None,
    }


def _session(found: UserSession) -> Kept:
    return {
        "browser": found.user_agent,
        "address": found.ip,
        "signed_in_at": rfc3339(found.created_at),
    }


def _factor(found: Authenticator) -> Kept:
    name = found.wrap().name if found.type == Authenticator.Type.WEBAUTHN else ""
    return {"type": found.type, "name": name, "created_at": rfc3339(found.created_at)}
