"""Second factors and passkeys: what they are called, and the picture by which a telephone takes a secret over."""

from base64 import b64encode
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import decrypt
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conventions import problems
from conventions.transactions import writing

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


def spend(app: totp.TOTP, code: str) -> bool:
    """Takes a code that fits, if neither it nor a later one was taken before (RFC 6238, section 5.2). In the database:
    the library would remember it in a cache, which each process may have for itself, and for a shorter time than the
    code is good."""
    with writing():
        row = Authenticator.objects.select_for_update().get(pk=app.instance.pk)
        secret, spent = decrypt(row.data["secret"]), row.data.get("spent", 0)
        shown = {
            count: totp.hotp_value(secret, count) for count in totp.yield_hotp_counters_from_time() if count > spent
        }
        fits = (
            count for count, it in shown.items() if compare_user_code(actual=code, expected=totp.format_hotp_value(it))
        )
        row.data["spent"] = taken = next(fits, spent)
        row.save(update_fields=["data"])
        return bool(taken > spent)


totp.TOTP._mark_code_used = spend


def picture_of_secret(request: HttpRequest) -> str:
    """The secret that is being set up in this session, as a QR code to be shown by an <img>."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise problems.conflict("no_secret", str(_("No authenticator app is being set up here. Begin anew.")))
    factors = get_adapter()
    svg = factors.build_totp_svg(factors.build_totp_url(request.user, secret))
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
