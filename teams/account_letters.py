"""What mails around signing up and in say, in the words of this house, and those that tell of a change to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conventions.language import moment
from notices.composing import Code, Link, Part, Row, letter
from notices.outbox import Letter

Context = dict[str, Any]

ASKED = gettext_lazy(
    "You get this because somebody, most likely you, entered this address on Rondo. If it was not you, let it be."
)


def confirm_address(told: Context) -> tuple[str, list[Part]]:
    if "code" in told:
        return _("Confirm your e-mail address"), [
            _("Somebody, most likely you, entered this address for an account here. Type this code where it is asked."),
            Code(told["code"]),
        ]
    return _("Confirm your e-mail address"), [
        _("This address was entered for an account on Rondo. Confirm that it is yours."),
        Link(_("Confirm the address"), told["activate_url"]),
    ]


def sign_in_code(told: Context) -> tuple[str, list[Part]]:
    return _("Your code to sign in"), [
        _("Type this code in the window in which you asked for it."),
        Code(told["code"]),
        _("It works for a few minutes, and once. Nobody of Rondo ever asks you for it."),
    ]


def new_password(told: Context) -> tuple[str, list[Part]]:
    return _("Choose a new password"), [
        _("Somebody, most likely you, asked to choose a new password for your account on Rondo."),
        Link(_("Choose a new password"), told["password_reset_url"]),
        _("If it was not you, nothing has changed, and nothing will."),
    ]


def account_is_there(told: Context) -> tuple[str, list[Part]]:
    return _("You have an account on Rondo already"), [
        _(
            "Somebody, most likely you, tried to make an account with this address. "
            "It has one already: sign in with it."
        ),
        Link(_("I have forgotten my password"), told["password_reset_url"]),
    ]


def no_account(told: Context) -> tuple[str, list[Part]]:
    return _("This address has no account on Rondo"), [
        _("Somebody, most likely you, tried to sign in with this address. It has no account yet."),
        Link(_("Create an account"), told["signup_url"]),
    ]


MOVED = "account/email/email_changed"
CHANGES = {
    "account/email/password_changed": gettext_lazy("Your password was changed"),
    "account/email/password_reset": gettext_lazy("Your password was replaced by a new one"),
    "account/email/password_set": gettext_lazy("Your account has a password now"),
    MOVED: gettext_lazy("The address of your account was changed"),
    "account/email/email_deleted": gettext_lazy("An address was taken off your account"),
    "mfa/email/totp_activated": gettext_lazy("An authenticator app was set up for your account"),
    "mfa/email/totp_deactivated": gettext_lazy("The authenticator app was taken off your account"),
    "mfa/email/recovery_codes_generated": gettext_lazy("Your account has new recovery codes"),
    "mfa/email/webauthn_added": gettext_lazy("A passkey was added to your account"),
    "mfa/email/webauthn_removed": gettext_lazy("A passkey was taken off your account"),
    "socialaccount/email/account_connected": gettext_lazy("Single sign-on was connected to your account"),
    "socialaccount/email/account_disconnected": gettext_lazy("Single sign-on was taken off your account"),
}
"""What was done to an account, which its owner is told: if it was somebody else, they are the first who can know."""


def change(words: Any, told: Context) -> tuple[str, list[Part]]:
    addresses = ((_("From now on it is"), "to_email"), (_("Address"), "deleted_email"))
    return str(words), [
        f"{words}.",
        *(Row(called, told[which]) for called, which in addresses if told.get(which)),
        Row(_("When"), moment(told["timestamp"])),
        Row(_("From the network address"), told["ip"]),
        _("If that was you, there is nothing to do."),
        _(
            "If it was not, somebody may act in your name: choose a new password at once, sign out everywhere on your "
            "page, and tell your team and whoever runs this Rondo."
        ),
        Link(_("Choose a new password"), f"{settings.RONDO_URL}/password"),
        Link(_("See where you are signed in"), f"{settings.RONDO_URL}/me"),
    ]


LETTERS: dict[str, Callable[[Context], tuple[str, list[Part]]]] = {
    "account/email/email_confirmation": confirm_address,
    "account/email/email_confirmation_signup": confirm_address,
    "account/email/login_code": sign_in_code,
    "account/email/password_reset_key": new_password,
    "account/email/account_already_exists": account_is_there,
    "account/email/unknown_account": no_account,
    **{kind: partial(change, words) for kind, words in CHANGES.items()},
}


def composed(kind: str, address: str, told: Context) -> Letter | None:
    """None for a kind of mail that we have no words of our own for."""
    if kind not in LETTERS:
        return None
    subject, parts = LETTERS[kind](told)
    return letter(address, subject, *parts, why=_why(kind))


def _why(kind: str) -> str:
    if kind == MOVED:
        return _("You get this because your account on Rondo had this address until now.")
    return _("You get this because your account on Rondo has this address.") if kind in CHANGES else str(ASKED)


def as_rendered(address: str, subject: str, body: str) -> Letter:
    """In the words of the library that asked for it."""
    parts = [part.strip() for part in body.split("\n\n") if part.strip()]
    return letter(address, subject, *parts, why=str(ASKED))
