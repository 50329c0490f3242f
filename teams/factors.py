"""Second factors and passkeys: what they are called, and the picture by which a telephone takes a secret over."""

from base64 import b64encode
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conventions import problems

WORDS = {
    "add_email_blocked": _("Confirm your present e-mail address first."),
    "incorrect_code": _("This code is not the one, or it is too old."),
    "unverified_email": _("Confirm your e-mail address first."),
}


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | WORDS

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Rondo"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return str(_("Passkey"))


def picture_of_secret(request: HttpRequest) -> str:
    """The secret that is being set up in this session, as a QR code to be shown by an <img>."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise problems.conflict("no_secret", str(_("No authenticator app is being set up here. Begin anew.")))
    factors = get_adapter()
    svg = factors.build_totp_svg(factors.build_totp_url(request.user, secret))
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
