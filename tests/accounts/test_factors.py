"""Second factors: an authenticator app, recovery codes, and that without them nobody gets in."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import LazySettings
from django.core.cache import cache

from teams.models import Account
from tests.accounts.conftest import Door, Enter, pending

TOTP = "account/authenticators/totp"
PERIOD = 30  # seconds for which an app shows a code; one before and one after are taken as well
CODES = "account/authenticators/recovery-codes"


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD)))


def sets_up(door: Door) -> str:
    door.confirms()
    secret = str(door.ask("GET", TOTP).json()["meta"]["secret"])
    assert door.ask("POST", TOTP, code=code_of(secret)).status_code == 200
    return secret


def test_an_app_is_set_up_by_a_code_that_it_shows_and_gives_recovery_codes(enter: Enter, pia: Account) -> None:
    door = enter(pia)
    assert door.ask("POST", TOTP, code="123456").status_code in (400, 401)
    sets_up(door)
    told = door.ask("GET", CODES).json()["data"]
    assert (told["unused_code_count"], len(told["unused_codes"])) == (10, 10)
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}


def test_setting_it_up_asks_who_is_there(enter: Enter, pia: Account) -> None:
    door = enter(pia)
    secret = door.ask("GET", TOTP).json()["meta"]["secret"]
    answer = door.ask("POST", TOTP, code=code_of(secret))
    assert answer.status_code == 401
    assert [flow["id"] for flow in answer.json()["data"]["flows"]] == ["reauthenticate"]
    assert not Authenticator.objects.exists()


def test_the_secret_is_shown_as_a_picture_while_it_is_set_up_and_never_after(enter: Enter, pia: Account) -> None:
    door = enter(pia)
    assert door.call("GET", "me/secret-picture/").json()["code"] == "no_secret"
    door.ask("GET", TOTP)
    kind, _, picture = door.call("GET", "me/secret-picture/").json()["picture"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert b"<svg" in base64.b64decode(picture)
    sets_up(door)
    assert door.call("GET", "me/secret-picture/").status_code == 409


def test_with_an_app_the_password_alone_lets_nobody_in(enter: Enter, pia: Account) -> None:
    secret = sets_up(enter(pia))
    door = enter()
    assert pending(door.signs_in(pia)) == ["mfa_authenticate"]
    assert door.who() is None
    assert door.ask("POST", "auth/2fa/authenticate", code="000000").status_code == 400
    assert door.ask("POST", "auth/2fa/authenticate", code=code_of(secret)).status_code == 200
    assert door.who() == pia.pk


def test_a_code_by_mail_alone_lets_nobody_in_either(enter: Enter, pia: Account, mailoutbox: list[Any]) -> None:
    sets_up(enter(pia))
    door = enter()
    door.ask("POST", "auth/code/request", email=pia.email)
    code = next(line.strip() for line in mailoutbox[0].body.splitlines() if line.strip() and " " not in line.strip())
    assert pending(door.ask("POST", "auth/code/confirm", code=code)) == ["mfa_authenticate"]
    assert door.who() is None


def test_a_code_of_an_app_lets_in_once_for_as_long_as_it_is_good_whatever_a_process_remembers(
    enter: Enter, pia: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, began = sets_up(enter(pia)), time.time()
    code = code_of(secret)
    later = 0
    monkeypatch.setattr(time, "time", lambda: began + later)
    assert lets_in(enter, pia, code)
    for later in (0, PERIOD - 1, PERIOD + 1):
        cache.clear()
        assert not lets_in(enter, pia, code), later
        assert later > PERIOD or not lets_in(enter, pia, earlier(secret)), later
    assert lets_in(enter, pia, code_of(secret))


def lets_in(enter: Enter, account: Account, code: str) -> bool:
    door = enter()
    door.signs_in(account)
    door.ask("POST", "auth/2fa/authenticate", code=code)
    return bool(door.who() == account.pk)


def earlier(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD - 1)))


def test_each_recovery_code_lets_in_once(enter: Enter, pia: Account) -> None:
    door = enter(pia)
    sets_up(door)
    code = door.ask("GET", CODES).json()["data"]["unused_codes"][0]
    first, second = enter(), enter()
    first.signs_in(pia)
    assert first.ask("POST", "auth/2fa/authenticate", code=code).status_code == 200
    second.signs_in(pia)
    assert second.ask("POST", "auth/2fa/authenticate", code=code).status_code == 400
    assert (first.who(), second.who()) == (pia.pk, None)


def test_new_recovery_codes_replace_the_old_ones(enter: Enter, pia: Account) -> None:
    door = enter(pia)
    sets_up(door)
    before = set(door.ask("GET", CODES).json()["data"]["unused_codes"])
    after = set(door.ask("POST", CODES).json()["data"]["unused_codes"])
    assert len(after) == 10
    assert not before & after


def test_taking_the_app_away_takes_the_recovery_codes_with_it(enter: Enter, pia: Account) -> None:
    door = enter(pia)
    sets_up(door)
    assert door.ask("DELETE", TOTP).status_code == 200
    assert not Authenticator.objects.exists()
    assert enter().signs_in(pia).status_code == 200


def test_tries_of_a_second_factor_are_counted_for_the_account(
    enter: Enter, pia: Account, settings: LazySettings
) -> None:
    secret = sets_up(enter(pia))
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/h/key"}
    door = enter()
    door.signs_in(pia)
    for _ in range(3):
        door.ask("POST", "auth/2fa/authenticate", code="000000")
    elsewhere = enter(REMOTE_ADDR="192.0.2.8")
    elsewhere.signs_in(pia)
    for each in (door, elsewhere):
        assert each.ask("POST", "auth/2fa/authenticate", code=code_of(secret)).status_code == 400


@pytest.mark.usefixtures("mail_is_set_up")
def test_a_passkey_is_offered_for_this_host_and_bound_to_the_account(enter: Enter, pia: Account) -> None:
    door = enter()
    told = door.ask("GET", "auth/webauthn/login").json()["data"]["request_options"]["publicKey"]
    assert told["rpId"] == "testserver"
    assert not told.get("allowCredentials")
