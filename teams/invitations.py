"""Ways into a team: a link that names one team and one role, and ends."""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from conventions import clock, problems
from conventions.language import speaking_to
from conventions.transactions import writing
from notices import outbox
from teams import access, flows, letters
from teams.models import Account, Invitation, Role, Team

TOKEN_BYTES = 32
LINK_USES = 50
EVENT = "invitation:"


def invite(
    by: Account, team: Team, role: Role, email: str = "", uses: int = LINK_USES, *, site: str = ""
) -> tuple[Invitation, str]:
    """For one address it works once, for that address alone, and is mailed there; a link without one serves several.

    `site` is where the steward has Rondo open: the mailed link leads there.
    """
    with writing():
        team = flows.locked(team)
        access.only_steward(by, team)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        invitation = Invitation.objects.create(
            team=team,
            token_hash=hash_of(token),
            email=email.lower(),
            role=role,
            invited_by=by,
            max_uses=1 if email else uses,
        )
        if email:
            with speaking_to(Account.objects.filter(email__iexact=email).first()):
                told = letters.invitation(invitation, link(token, site or settings.RONDO_URL))
            outbox.queue(f"{EVENT}{invitation.pk}", [told])
        return invitation, token


def link(token: str, site: str) -> str:
    return f"{site}/join/{token}"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of(token: str) -> Invitation:
    """While it lasts. That it ended is told only to who holds the token."""
    invitation = Invitation.objects.select_related("team", "invited_by").filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise problems.not_found()
    return invitation


def open_invitation_of(token: str) -> Invitation:
    invitation = invitation_of(token)
    if _has_ended(invitation):
        raise problems.conflict("invitation_ended", _("This invitation has ended. Ask for a new one."))
    return invitation


def _has_ended(invitation: Invitation) -> bool:
    return (
        invitation.revoked_at is not None
        or invitation.expires_at <= clock.now()
        or invitation.uses >= invitation.max_uses
    )


def accept_invitation(account: Account, token: str) -> Team:
    with writing():
        team = flows.locked(invitation_of(token).team)
        # Read again under the lock: two people may have pressed at the same moment, with one use left.
        if access.role_of(account, team) is not None:
            return team
        invitation = open_invitation_of(token)
        _meant_for(account, invitation)
        invitation.uses += 1
        invitation.save(update_fields=["uses"])
        flows.join(team, account, Role(invitation.role), by=account)
        return team


def _meant_for(account: Account, invitation: Invitation) -> None:
    if invitation.email and invitation.email != account.email.lower():
        raise problems.forbidden("another_address", _("This invitation is for another e-mail address."))


def revoke(by: Account, team: Team, invitation_id: str) -> None:
    with writing():
        access.only_steward(by, team)
        found = Invitation.objects.filter(team=team, pk=invitation_id, revoked_at=None)
        if not found.update(revoked_at=clock.now()):
            raise problems.not_found()


def waiting(team: Team) -> QuerySet[Any]:
    """Those that still let somebody in, each with the state of its mail."""
    found = Invitation.objects.filter(team=team, revoked_at=None, expires_at__gt=clock.now(), uses__lt=F("max_uses"))
    mail = outbox.state_of(Concat(Value(EVENT), OuterRef("pk")))
    return found.select_related("invited_by").annotate(mail_state=mail)


def fate_of_mail(invitation: Any) -> outbox.Fate:
    """Of one of those that wait, or of one that was made a moment ago."""
    if hasattr(invitation, "mail_state"):
        return outbox.fate(invitation.mail_state)
    return outbox.fate_of_new() if invitation.email else outbox.Fate.NONE
