"""What mails around signing up and in say, in the words of this house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.composing import Code, Link, Part, letter
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


LETTERS: dict[str, Callable[[Context], tuple[str, list[Part]]]] = {
    "account/email/email_confirmation": confirm_address,
    "account/email/email_confirmation_signup": confirm_address,
    "account/email/login_code": sign_in_code,
    "account/email/password_reset_key": new_password,
    "account/email/account_already_exists": account_is_there,
    "account/email/unknown_account": no_account,
}


def composed(kind: str, address: str, told: Context) -> Letter | None:
    """None for a kind of mail that we have no words of our own for."""
    if kind not in LETTERS:
        return None
    subject, parts = LETTERS[kind](told)
    return letter(address, subject, *parts, why=str(ASKED))


def as_rendered(address: str, subject: str, body: str) -> Letter:
    """In the words of the library that asked for it."""
    parts = [part.strip() for part in body.split("\n\n") if part.strip()]
    return letter(address, subject, *parts, why=str(ASKED))
