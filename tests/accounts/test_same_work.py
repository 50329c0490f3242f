"""Whether an address has an account is told by nothing, how much work it makes included: counted, not timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

import config.settings
from teams.models import Account
from tests.accounts.conftest import Enter
from tests.conftest import PASSWORD

WRONG = "not-this-password"
NOBODY = "nobody@example.org"
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Work:
    """What a request took: slow hashes, questions to the database, changes of it, mails; and what it answered."""

    hashes: int
    queries: int
    writes: int
    mails: int
    status: int
    said: bytes


Measured = Callable[..., Work]


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> list[str]:
    """Each time that a password goes through the slow hash, whatever for."""
    settings.PASSWORD_HASHERS = config.settings.PASSWORD_HASHERS
    done: list[str] = []
    for way in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, way)

        def counted(*given: Any, way: str = way, real: Any = real) -> Any:
            done.append(way)
            return real(*given)

        monkeypatch.setattr(Argon2PasswordHasher, way, counted)
    return done


@pytest.fixture
def measured(enter: Enter, hashes: list[str], mailoutbox: list[Any], pia: Account, fay: Account) -> Measured:
    """Pia has a password, Fay none: she comes in otherwise."""
    pia.set_password(PASSWORD)
    pia.save()
    fay.set_unusable_password()
    fay.save()
    for one in (pia, fay):
        EmailAddress.objects.create(user=one, email=one.email, primary=True, verified=True)

    def measure(path: str, **body: Any) -> Work:
        door, before = enter(), len(mailoutbox)
        hashes.clear()
        with CaptureQueriesContext(connection) as asked:
            answer = door.ask("POST", path, **body)
        writes = sum(one["sql"].startswith(WRITES) for one in asked)
        said = answer.content.replace(body["email"].encode(), b"")
        return Work(len(hashes), len(asked), writes, len(mailoutbox) - before, answer.status_code, said)

    return measure


FEW = 4
"""Questions of a tenth of a millisecond each: less than a request varies by itself."""


def alike(one: Work, other: Work) -> bool:
    """All the same, but for a few rows more that are looked up."""
    return replace(one, queries=other.queries) == other and abs(one.queries - other.queries) <= FEW


def test_a_wrong_password_an_account_without_one_and_an_unknown_address_make_the_same_work(
    measured: Measured, pia: Account, fay: Account
) -> None:
    wrong, without, unknown = (
        measured("auth/login", email=email, password=WRONG) for email in (pia.email, fay.email, NOBODY)
    )
    assert alike(wrong, unknown)
    assert alike(without, unknown)
    assert (unknown.hashes, unknown.status) == (1, 400)


def test_a_suspended_account_with_a_wrong_password_makes_the_same_work(measured: Measured, pia: Account) -> None:
    Account.objects.filter(pk=pia.pk).update(is_active=False)
    suspended, unknown = (measured("auth/login", email=email, password=WRONG) for email in (pia.email, NOBODY))
    assert alike(suspended, unknown)


@pytest.mark.usefixtures("mail_is_set_up")
@pytest.mark.parametrize("path", ["auth/code/request", "auth/password/request"])
def test_a_request_for_mail_makes_a_mail_for_the_postman_whoever_it_is_for(
    measured: Measured, pia: Account, path: str
) -> None:
    known, unknown = (measured(path, email=email) for email in (pia.email, NOBODY))
    assert alike(known, unknown)
    assert (unknown.hashes, unknown.mails) == (0, 1)


@pytest.mark.usefixtures("mail_is_set_up")
def test_signing_up_with_an_address_that_has_an_account_makes_a_password_ready_all_the_same(
    measured: Measured, pia: Account
) -> None:
    """What tells by far the most is the slow hash, a hundred times as long as all the rest."""
    new = {"password": "a-password-of-ones-own", "name": "Nea"}
    known, unknown = (measured("auth/signup", email=email, **new) for email in (pia.email, NOBODY))
    assert (known.hashes, known.mails) == (unknown.hashes, unknown.mails) == (1, 1)
    assert (known.status, known.said) == (unknown.status, unknown.said)


def test_a_wrong_second_factor_makes_no_hash(measured: Measured, pia: Account, hashes: list[str]) -> None:
    """Nothing slow is done for somebody who is not through the first door."""
    assert measured("auth/2fa/authenticate", email=pia.email, code="000000").hashes == 0
