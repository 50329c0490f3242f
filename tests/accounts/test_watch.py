"""What the log says of signing in and out, of changes to an account and of refusals; and what it never says."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.conf import LazySettings
from rest_framework.test import APIClient

from decisions.models import Proposal
from teams import watch
from teams.models import Account, Team
from tests.accounts.conftest import Door, Enter
from tests.conftest import PASSWORD, Client

Told = dict[str, str]
WRONG = "not-the-password-at-all"
UNKNOWN = "who.is.this@example.org"


class Log:
    """The lines since it was read last."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog
        self.whole = ""

    def read(self) -> list[Told]:
        records = [record for record in self._caplog.records if record.name == watch.log.name]
        self.whole += self._caplog.text
        self._caplog.clear()
        told = [dict(re.findall(r"(\w+)=(\S+)", record.getMessage())) for record in records]
        return [{"event": record.getMessage().split()[0], **each} for record, each in zip(records, told, strict=True)]

    def one(self) -> Told:
        (told,) = self.read()
        return told


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(watch, "_counted", watch.Counted())
    kept = Log(caplog)
    yield kept
    kept.read()
    for typed in (PASSWORD, WRONG, UNKNOWN, "@example.org"):
        assert typed not in kept.whole


def events(told: list[Told]) -> list[str]:
    return [one["event"] for one in told]


def test_signing_in_and_out_is_told_with_the_account_and_from_where(pia: Account, log: Log) -> None:
    door = Door(REMOTE_ADDR="192.0.2.7")
    door.signs_in(pia)
    call, into = log.read()
    assert (call["event"], call["route"], call["status"]) == ("account_call", "/_allauth/browser/v1/auth/login", "200")
    assert into == {"event": "signed_in", "account": pia.pk, "ip": "192.0.2.7"}
    door.ask("DELETE", "auth/session")
    call, out = log.read()
    assert (call["method"], call["account"]) == ("DELETE", pia.pk)
    assert out == {"event": "signed_out", "account": pia.pk, "ip": "192.0.2.7"}


def test_a_wrong_password_is_told_with_the_account_that_was_tried(pia: Account, log: Log) -> None:
    Door().signs_in(pia, WRONG)
    told = log.one()
    assert (told["event"], told["account"], told["status"]) == ("account_refused", pia.pk, "400")


def test_of_an_unknown_address_the_log_says_nothing_but_that_somebody_tried(db: None, log: Log) -> None:
    Door().ask("POST", "auth/login", email=UNKNOWN, password=WRONG)
    told = log.one()
    assert (told["event"], told["account"], told["ip"]) == ("account_refused", "-", "127.0.0.1")


def test_a_wrong_second_factor_is_told_with_the_account(pia: Account, enter: Enter, log: Log) -> None:
    door = enter(pia)
    door.confirms()
    secret = door.ask("GET", "account/authenticators/totp").json()["meta"]["secret"]
    code = hotp_value(secret, next(iter(yield_hotp_counters_from_time())))
    assert door.ask("POST", "account/authenticators/totp", code=f"{code:06}").status_code == 200
    set_up = log.read()[-1]
    assert (set_up["event"], set_up["account"], set_up["method"]) == ("account_call", pia.pk, "POST")
    assert set_up["route"].endswith("/authenticators/totp")
    other = Door()
    other.signs_in(pia)
    assert events(log.read()) == ["account_call"]  # not in yet
    other.ask("POST", "auth/2fa/authenticate", code="000000")
    told = log.one()
    assert (told["event"], told["account"]) == ("account_refused", pia.pk)


def test_a_change_of_the_password_is_told_and_so_is_a_refused_one(pia: Account, enter: Enter, log: Log) -> None:
    door = enter(pia)
    log.read()
    change = {"current_password": WRONG, "new_password": "another-" + PASSWORD}
    door.ask("POST", "account/password/change", **change)
    door.ask("POST", "account/password/change", **{**change, "current_password": PASSWORD})
    refused, done = (one for one in log.read() if one["event"].startswith("account"))
    assert refused["event"] == "account_refused"
    assert (done["event"], done["status"], done["account"]) == ("account_call", "200", pia.pk)
    assert done["route"].endswith("/password/change")


def test_making_and_taking_back_a_token_is_told(pia: Account, browser: Client, log: Log) -> None:
    client = browser(pia)
    made = client.post("/api/v1/me/tokens/", {"name": "a script"}).json()
    client.delete(f"/api/v1/me/tokens/{made['id']}/")
    routes = [(one["event"], one["method"], one["route"]) for one in log.read()]
    assert routes == [
        ("account_call", "POST", "/api/v1/me/tokens/"),
        ("account_call", "DELETE", "/api/v1/me/tokens/<str:token_id>/"),
    ]
    assert made["token"] not in log.whole


def test_what_an_administrator_does_to_an_account_is_told(
    pia: Account, eve: Account, browser: Client, log: Log
) -> None:
    Account.objects.filter(pk=pia.pk).update(is_site_admin=True)
    pia.refresh_from_db()
    browser(pia).post(f"/api/v1/site/accounts/{eve.pk}/suspend/")
    told = log.one()
    assert (told["event"], told["account"]) == ("account_call", pia.pk)
    assert told["route"] == "/api/v1/site/accounts/<str:account_id>/suspend/"


def test_a_token_that_is_none_is_told_without_it(db: None, log: Log) -> None:
    APIClient(HTTP_AUTHORIZATION="Bearer rondo_nobody-gave-this-out").get("/api/v1/me/")
    assert log.one()["event"] == "token_refused"
    assert "nobody-gave" not in log.whole


def test_a_refused_right_is_told_with_its_code_and_who_asked(
    team: Team, obi: Account, eve: Account, browser: Client, script: Client, log: Log
) -> None:
    browser(eve).get(f"/api/v1/teams/{team.slug}/")
    told = log.one()
    assert (told["event"], told["code"], told["account"]) == ("refused", "not_found", eve.pk)
    assert told["route"] == "/api/v1/teams/<slug:slug>/"
    script(obi).post("/api/v1/me/tokens/", {"name": "more of them"})
    told = log.one()
    assert (told["event"], told["code"], told["account"], told["status"]) == ("refused", "session_only", obi.pk, "403")
    assert team.slug not in log.whole


def test_what_is_asked_too_often_is_told(pia: Account, browser: Client, log: Log, settings: LazySettings) -> None:
    settings.RONDO_ALLOWANCES = {"reads": "1/d"}
    client = browser(pia)
    answers = [client.get("/api/v1/me/").status_code for _ in range(3)]
    assert answers[1:] == [429, 429]
    assert (log.one())["event"] == "throttled"


def test_what_is_refused_again_and_again_is_told_once_a_minute_with_how_often(
    eve: Account, browser: Client, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("teams.watch.time.monotonic", lambda: now)
    client = browser(eve)
    for _ in range(5):
        client.get("/api/v1/teams/nowhere/")
    assert log.one()["times"] == "1"
    now += watch.EVERY
    client.get("/api/v1/teams/nowhere/")
    assert log.one()["times"] == "5"


def test_no_more_is_remembered_than_fits() -> None:
    counted = watch.Counted()
    for number in range(watch.MOST + 10):
        assert counted.due(str(number)) == 1
    assert len(counted._known) <= watch.MOST


def test_what_people_do_and_read_otherwise_is_not_in_this_log(
    team: Team, pia: Account, browser: Client, log: Log
) -> None:
    client = browser(pia)
    draft = {"title": "Leave at six", "driver": "The tide.", "body": "At six."}
    assert client.post(f"/api/v1/teams/{team.slug}/proposals/", draft).status_code == 201
    assert client.get("/api/v1/me/").status_code == 200
    assert APIClient().get("/api/v1/me/").status_code == 401
    assert log.read() == []
    assert Proposal.objects.count() == 1


def test_as_json_each_line_has_its_fields(pia: Account, tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from teams import watch;"
        "watch._write('signed_in', account='7f3a', ip='192.0.2.7')"
    )
    env: dict[str, Any] = {"RONDO_LOG_FORM": "json", "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**env, "RONDO_DATA": str(tmp_path), "PATH": ""}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stderr)
    assert (told["event"], told["account"], told["ip"]) == ("signed_in", "7f3a", "192.0.2.7")
    assert told["logger"] == "rondo.security"
