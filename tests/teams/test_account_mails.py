"""Mails around signing up and in: by the outbox, so that nobody waits for a mail server, and in our own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.core.context import request_context
from django.conf import LazySettings
from django.test import Client as Browser

from notices.models import Mail
from teams.account_letters import CHANGES
from teams.models import Account
from teams.signup import Accounts
from tests.conftest import PASSWORD
from tests.house.test_words import NEVER

AUTH = "/_allauth/browser/v1/"


def ask(path: str, **body: Any) -> int:
    browser = Browser()
    browser.get("/")
    status: int = browser.post(f"{AUTH}{path}", body, content_type="application/json").status_code
    return status


@pytest.fixture
def mandatory(settings: LazySettings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def test_signing_up_leaves_its_mail_in_the_outbox_and_waits_for_no_server(
    db: None, mandatory: None, settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "192.0.2.1", 25  # an address where nobody ever answers
    assert ask("auth/signup", email="nea@example.org", password=PASSWORD, name="Nea Ntúli") == 401
    mail = Mail.objects.get()
    assert (mail.address, mail.subject) == ("nea@example.org", "Confirm your e-mail address")
    assert re.search(r"http://testserver/confirm/\S+", mail.text)


def test_each_way_of_asking_gets_its_mail_in_our_words(pia: Account, mandatory: None) -> None:
    asked: dict[str, Callable[[], int]] = {
        "Your code to sign in": lambda: ask("auth/code/request", email=pia.email),
        "Choose a new password": lambda: ask("auth/password/request", email=pia.email),
        "This address has no account on Rondo": lambda: ask("auth/password/request", email="nobody@example.org"),
        "You have an account on Rondo already": lambda: ask(
            "auth/signup", email=pia.email, password=PASSWORD, name="Pia"
        ),
    }
    for subject, how in asked.items():
        Mail.objects.all().delete()
        assert how() in (200, 401)
        mail = Mail.objects.get()
        assert mail.subject == subject
        assert not NEVER.search(mail.text)
        assert "You get this because" in mail.text
        assert "example.com" not in mail.text


def test_a_mail_that_we_have_no_words_for_goes_out_in_those_of_its_library(pia: Account, rf: Any) -> None:
    with request_context(rf.get("/")):
        Accounts().send_mail("account/email/password_reset_code", pia.email, {"user": pia, "code": "K7M-2PQ"})
    mail = Mail.objects.get()
    assert "K7M-2PQ" in mail.text
    assert mail.address == pia.email
    assert "K7M-2PQ" in mail.html


@pytest.mark.parametrize("kind", CHANGES)
def test_whatever_was_done_to_an_account_its_owner_is_told_when_from_where_and_what_to_do(
    kind: str, pia: Account, rf: Any
) -> None:
    pia.time_zone = "Asia/Kathmandu"
    pia.save()
    told: dict[str, Any] = {"user": pia, "timestamp": datetime(2026, 11, 30, 12, 0, tzinfo=UTC), "ip": "192.0.2.7"}
    new = ["new@sea.example"] if kind.endswith("email_changed") else []
    with request_context(rf.get("/")):
        Accounts().send_mail(kind, pia.email, told | {"to_email": "".join(new)})
    mail = Mail.objects.get()
    assert (mail.address, mail.subject) == (pia.email, str(CHANGES[kind]))
    for words in ("17:45 (Asia/Kathmandu)", "192.0.2.7", "/password", "/me", "If it was not", *new):
        assert words in mail.text
        assert words in mail.html
    assert not NEVER.search(mail.text)
    assert ("had this address until now" if new else "has this address") in mail.text


def test_there_are_words_for_every_change_that_the_account_service_tells_of() -> None:
    told = set()
    for path in Path(str(allauth.__file__)).parent.rglob("*.py"):
        told |= set(re.findall(r'send_notification_mail\(\s*"([^"]+)"', path.read_text()))
    assert len(told) > 8
    assert told <= set(CHANGES)
