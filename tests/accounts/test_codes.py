"""What is sent by mail to let somebody in: it ends soon, it counts once, and in the browser that asked for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account import app_settings
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from django.conf import LazySettings

from teams.models import Account
from tests.accounts.conftest import Door, Enter, code_in, key_in
from tests.accounts.test_mail import NEA, NEW

Later = Callable[[float], None]
LONGEST_FOR_A_CODE = 15 * 60  # seconds; ten minutes is what ASVS allows a code that signs in
A_DAY = 24 * 3600
LONGEST_FOR_A_SIGN_IN = 10 * 60


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """So many seconds from now, by the clocks that codes and links go by."""
    clock, moved = time.time, 0.0

    def move(seconds: float) -> None:
        nonlocal moved
        moved += seconds

    def now(_: Any) -> datetime:
        return datetime.now() + timedelta(seconds=moved)  # noqa: DTZ005 - as the generator of links tells the time

    monkeypatch.setattr(time, "time", lambda: clock() + moved)
    monkeypatch.setattr(EmailAwarePasswordResetTokenGenerator, "_now", now)
    return move


def asks_for_a_code(door: Door, account: Account, mailoutbox: list[Any]) -> str:
    assert door.ask("POST", "auth/code/request", email=account.email).status_code == 401
    return code_in(mailoutbox[-1])


def test_a_code_to_sign_in_ends_within_minutes(enter: Enter, pia: Account, mailoutbox: list[Any], later: Later) -> None:
    assert app_settings.LOGIN_BY_CODE_TIMEOUT <= LONGEST_FOR_A_SIGN_IN
    in_time, too_late = enter(), enter()
    codes = [asks_for_a_code(door, pia, mailoutbox) for door in (in_time, too_late)]
    later(app_settings.LOGIN_BY_CODE_TIMEOUT - 5)
    assert in_time.ask("POST", "auth/code/confirm", code=codes[0]).status_code == 200
    later(10)
    assert too_late.ask("POST", "auth/code/confirm", code=codes[1]).status_code == 409
    assert (in_time.who(), too_late.who()) == (pia.pk, None)


def test_a_code_to_sign_in_counts_once_and_in_the_browser_that_asked(
    enter: Enter, pia: Account, mailoutbox: list[Any]
) -> None:
    door, other = enter(), enter()
    code = asks_for_a_code(door, pia, mailoutbox)
    asks_for_a_code(other, pia, mailoutbox)
    assert other.ask("POST", "auth/code/confirm", code=code).status_code == 400
    assert enter().ask("POST", "auth/code/confirm", code=code).status_code == 409
    assert door.ask("POST", "auth/code/confirm", code=code).status_code == 200
    door.ask("DELETE", "auth/session")
    assert door.ask("POST", "auth/code/confirm", code=code).status_code == 409
    assert (door.who(), other.who()) == (None, None)


def test_a_new_code_replaces_the_one_before(enter: Enter, pia: Account, mailoutbox: list[Any]) -> None:
    door = enter()
    first = asks_for_a_code(door, pia, mailoutbox)
    assert door.ask("POST", "auth/code/resend").status_code == 200
    second = code_in(mailoutbox[-1])
    assert first != second
    assert door.ask("POST", "auth/code/confirm", code=first).status_code == 400
    assert door.ask("POST", "auth/code/confirm", code=second).status_code == 200


@pytest.mark.usefixtures("mail_is_set_up")
def test_a_code_that_confirms_an_address_ends_within_a_quarter_of_an_hour(
    enter: Enter, mailoutbox: list[Any], later: Later
) -> None:
    assert app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT <= LONGEST_FOR_A_CODE
    door = enter()
    door.ask("POST", "auth/signup", **NEA)
    later(app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT + 5)
    assert door.ask("POST", "auth/email/verify", key=code_in(mailoutbox[0])).status_code == 409
    assert door.who() is None


@pytest.mark.usefixtures("mail_is_set_up")
def test_a_code_that_confirms_an_address_counts_once(enter: Enter, mailoutbox: list[Any]) -> None:
    door = enter()
    door.ask("POST", "auth/signup", **NEA)
    code = code_in(mailoutbox[0])
    assert door.ask("POST", "auth/email/verify", key=code).status_code == 200
    door.ask("DELETE", "auth/session")
    assert door.ask("POST", "auth/email/verify", key=code).status_code == 409
    assert door.who() is None


def asks_for_a_link(enter: Enter, account: Account, mailoutbox: list[Any]) -> str:
    assert enter().ask("POST", "auth/password/request", email=account.email).status_code == 200
    return key_in(mailoutbox[-1], "password")


def reset(door: Door, key: str) -> int:
    return int(door.ask("POST", "auth/password/reset", key=key, password=NEW).status_code)


def test_a_link_to_a_new_password_ends_after_a_day(
    enter: Enter, pia: Account, mailoutbox: list[Any], later: Later, settings: LazySettings
) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT <= A_DAY
    key = asks_for_a_link(enter, pia, mailoutbox)
    later(settings.PASSWORD_RESET_TIMEOUT + 5)
    assert enter().ask("GET", "auth/password/reset", key=key).status_code == 400
    assert reset(enter(), key) == 400
    pia.refresh_from_db()
    assert not pia.check_password(NEW)


@pytest.mark.parametrize("first", ["signs_in", "changes_it"])
def test_a_link_to_a_new_password_ends_when_its_owner_got_in_without_it(
    enter: Enter, pia: Account, mailoutbox: list[Any], first: str
) -> None:
    key = asks_for_a_link(enter, pia, mailoutbox)
    if first == "signs_in":
        enter(pia)
    else:
        pia.set_password("a-third-long-password")
        pia.save()
    assert reset(enter(), key) == 400


def test_a_link_to_a_new_password_is_nobody_elses(
    enter: Enter, pia: Account, max_: Account, mailoutbox: list[Any]
) -> None:
    mine, theirs = (asks_for_a_link(enter, each, mailoutbox) for each in (pia, max_))
    swapped = f"{theirs.partition('-')[0]}-{mine.partition('-')[2]}"
    assert reset(enter(), swapped) == 400
    assert reset(enter(), mine) == 401
