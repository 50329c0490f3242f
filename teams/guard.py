"""Who tries too often: counted so that nobody's tries eat into another's."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from teams.models import Account
from teams.watch import NOBODY, TRIED

WORDS = {
    "account_inactive": _("This account is suspended. Ask whoever runs this server."),
    "email_password_mismatch": _("This e-mail address and this password do not belong together."),
    "email_taken": _("Another account has this e-mail address."),
    "duplicate_email": _("This is your e-mail address already."),
    "enter_current_password": _("This is not your present password."),
    "incorrect_code": _("This code is not the one, or it is too old."),
    "incorrect_password": _("This is not your password."),
    "invalid_login": _("Enter your e-mail address and your password."),
    "invalid_or_expired_key": _("This link has ended. Ask for a new one."),
    "invalid_password_reset": _("This link has ended, or was used already. Ask for a new one."),
    "rate_limited": _("That was a lot of tries. Wait a few minutes, then try again."),
    "same_as_current": _("The new one is the same as the present one."),
    "too_many_login_attempts": _("That was a lot of tries. Wait a few minutes, or sign in another way."),
    "unknown_email": _("Your account has no such e-mail address."),
}


class Guarded(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | WORDS

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """For this account from this address of the net: tries from elsewhere are counted elsewhere."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The log tells the account, never the address that was typed."""
        email = str(credentials.get("email") or "")
        tried = Account.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
        setattr(request, TRIED, tried or NOBODY)
