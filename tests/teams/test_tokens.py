"""Tokens: a script's way in, which can do less than the person it stands for."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from conventions import clock
from teams import tokens
from teams.models import AccessToken, Account
from tests.conftest import PASSWORD, Client

TOKENS = "/api/v1/me/tokens/"


def with_token(raw: str) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {raw}")


def made(client: APIClient, **asked: Any) -> dict[str, Any]:
    answer = client.post(TOKENS, {"name": "Build server", **asked})
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_a_token_stands_for_its_holder(pia: Account, browser: Client) -> None:
    raw = made(browser(pia))["token"]
    assert raw.startswith("rondo_")
    answer = with_token(raw).get("/api/v1/me/")
    me = {"id": pia.pk, "name": pia.name, "email": pia.email, "guest": False, "site_admin": False}
    me |= {"language": None, "time_zone": None, "epoch": "first"}
    assert answer.json() == me


def test_a_token_is_told_once_and_kept_as_a_hash(pia: Account, browser: Client) -> None:
    client = browser(pia)
    told = made(client)
    assert told["token"] not in str(vars(AccessToken.objects.get()))
    (row,) = client.get(TOKENS).json()["results"]
    assert "token" not in row
    assert {name: row[name] for name in ("id", "name", "made_by")} == {
        "id": told["id"],
        "name": "Build server",
        "made_by": "holder",
    }
    assert told["token"].startswith(row["hint"].rstrip("…"))
    assert len(row["hint"]) < 20


def test_a_token_taken_back_opens_nothing(pia: Account, browser: Client) -> None:
    told = made(browser(pia))
    assert browser(pia).delete(f"{TOKENS}{told['id']}/").status_code == 204
    assert with_token(told["token"]).get("/api/v1/me/").status_code == 401
    assert browser(pia).delete(f"{TOKENS}{told['id']}/").status_code == 404


def test_nobody_takes_back_the_token_of_another(pia: Account, eve: Account, browser: Client) -> None:
    told = made(browser(pia))
    assert browser(eve).delete(f"{TOKENS}{told['id']}/").status_code == 404
    assert browser(eve).get(TOKENS).json()["results"] == []
    assert with_token(told["token"]).get("/api/v1/me/").status_code == 200


def test_a_token_ends(pia: Account, browser: Client) -> None:
    raw = made(browser(pia), days=30)["token"]
    with clock.moved(timedelta(days=29)):
        assert with_token(raw).get("/api/v1/me/").status_code == 200
    with clock.moved(timedelta(days=31)):
        assert with_token(raw).get("/api/v1/me/").status_code == 401
        assert list(tokens.tokens_of(pia)) == []


def test_the_token_of_a_suspended_account_opens_nothing(pia: Account, browser: Client) -> None:
    raw = made(browser(pia))["token"]
    Account.objects.filter(pk=pia.pk).update(is_active=False)
    assert with_token(raw).get("/api/v1/me/").status_code == 401


def test_a_token_makes_sees_and_ends_no_tokens_and_changes_nobody(pia: Account, script: Client) -> None:
    client = script(pia)
    (token,) = AccessToken.objects.all()
    for answer in (
        client.get(TOKENS),
        client.post(TOKENS, {"name": "Another"}),
        client.delete(f"{TOKENS}{token.pk}/"),
        client.patch("/api/v1/me/", {"name": "Somebody else"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "session_only")
    assert AccessToken.objects.count() == 1


def test_a_token_changes_no_password_and_no_address(pia: Account, script: Client) -> None:
    client = script(pia)
    for path in ("account/password/change", "account/email"):
        answer = client.post(f"/_allauth/browser/v1/{path}", {"new_password": "x" * 12, "email": "x@example.org"})
        assert answer.status_code in (401, 403, 409)
    pia.refresh_from_db()
    assert pia.check_password(PASSWORD)
    assert pia.email == "pia@example.org"


@pytest.mark.parametrize("asked", [{"name": ""}, {"name": "x" * 81}, {"days": 0}, {"days": 367}, {"name": None}])
def test_a_token_has_a_name_and_an_end(pia: Account, browser: Client, asked: dict[str, Any]) -> None:
    assert browser(pia).post(TOKENS, {"name": "Build server", **asked}).status_code == 400


def test_one_has_twenty_tokens_at_most(pia: Account, browser: Client) -> None:
    for number in range(20):
        tokens.make_token(pia, f"number {number}")
    answer = browser(pia).post(TOKENS, {"name": "One more"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_tokens")


def test_a_browser_is_no_token(pia: Account, browser: Client, script: Client) -> None:
    client = browser(pia)
    assert client.patch("/api/v1/me/", {"name": "Pia  Quist"}).json()["name"] == "Pia Quist"


def command(*asked: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("access_token", *asked, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_operators_command_prints_the_token_and_nothing_else(pia: Account) -> None:
    out, err = command("PIA@example.org")
    assert out == f"{out.strip()}\n"
    assert with_token(out.strip()).get("/api/v1/me/").json()["id"] == pia.pk
    assert pia.name in err
    assert out.strip() not in err


def test_what_the_operator_made_says_so(pia: Account, browser: Client) -> None:
    command(pia.email)
    assert AccessToken.objects.get().via == "token:operator"
    assert browser(pia).get(TOKENS).json()["results"][0]["made_by"] == "operator"
    tokens.make_token(pia, "mine")
    assert AccessToken.objects.get(name="mine").via == "token:holder"


def test_the_operator_makes_an_account_that_no_password_opens(db: None) -> None:
    out, _ = command("New@Example.org", "--create", "Nea Ntúli")
    account = Account.objects.get()
    assert (account.email, account.name) == ("new@example.org", "Nea Ntúli")
    assert not account.has_usable_password()
    assert with_token(out.strip()).get("/api/v1/me/").status_code == 200


def test_making_an_account_twice_makes_it_once(db: None) -> None:
    command("new@example.org", "--create", "Nea")
    command("NEW@example.org", "--create", "Somebody")
    assert Account.objects.get().name == "Nea"


def test_without_an_account_the_command_says_how_to_make_one(db: None) -> None:
    with pytest.raises(CommandError, match="--create"):
        command("nobody@example.org")
    with pytest.raises(CommandError):
        command("nonsense", "--create", "Nea")
    with pytest.raises(CommandError):
        command("new@example.org", "--create", "")
    assert not Account.objects.exists()
