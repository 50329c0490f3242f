"""Mails around signing up and in: by the outbox, so that nobody waits for a mail server, and in our own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.core.context import request_context
from django.conf import LazySettings
from django.test import Client as Browser

from conventions import clock
from notices.models import Mail
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
    told = {"user": pia, "timestamp": clock.now(), "ip": "192.0.2.7", "user_agent": "A browser"}
    with request_context(rf.get("/")):
        Accounts().send_mail("account/email/password_changed", pia.email, told)
    mail = Mail.objects.get()
    assert "192.0.2.7" in mail.text
    assert mail.address == pia.email
    assert "192.0.2.7" in mail.html
