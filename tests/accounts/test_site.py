"""The site's administrator: the first account, what they see, and what they may do with accounts; nothing in a team."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connections
from rest_framework.test import APIClient

from decisions import drafts
from teams import tokens
from teams.models import Account, Team
from tests.accounts.conftest import Door, Enter, key_in
from tests.conftest import PASSWORD

SECRETS = ("Harbour", "Boats", "In by nine.")


def entrance(browser: Any) -> dict[str, Any]:
    told: dict[str, Any] = browser.get("/api/v1/entrance/").json()
    return told


def sign_up(door: Door, name: str) -> Any:
    return door.ask("POST", "auth/signup", email=f"{name}@example.org", password=PASSWORD, name=name)


@pytest.fixture
def administrator(eve: Account) -> Account:
    """Eve looks after the site, and is in no team."""
    eve.is_site_admin = True
    eve.save()
    return eve


@pytest.mark.django_db
def test_the_first_account_looks_after_the_site_and_no_other(enter: Enter, anonymous: APIClient) -> None:
    assert entrance(anonymous)["first"] is True
    first, second = enter(), enter()
    sign_up(first, "nea")
    assert entrance(anonymous)["first"] is False
    sign_up(second, "bo")
    assert first.call("GET", "me/").json()["site_admin"] is True
    assert second.call("GET", "me/").json()["site_admin"] is False


@pytest.mark.django_db(transaction=True)
def test_of_several_first_accounts_at_the_same_moment_one_looks_after_the_site() -> None:
    def arrive(number: int) -> int:
        try:
            return int(sign_up(Door(), f"n{number}").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(arrive, range(4))) == {200}
    assert Account.objects.filter(is_site_admin=True).count() == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "site/"),
        ("GET", "site/accounts/"),
        ("POST", "site/accounts/{id}/suspend/"),
        ("POST", "site/accounts/{id}/lift/"),
        ("POST", "site/accounts/{id}/recovery/"),
    ],
)
def test_for_everybody_else_there_is_no_such_place(
    enter: Enter, administrator: Account, fay: Account, max_: Account, team: Team, method: str, path: str
) -> None:
    path = path.format(id=max_.pk)
    assert enter().call(method, path).status_code in (401, 403)
    assert enter(fay).call(method, path).status_code == 404, "a steward has no right here"
    _, raw = tokens.make_token(administrator, "script")
    script = APIClient(HTTP_AUTHORIZATION=f"Bearer {raw}")
    assert getattr(script, method.lower())(f"/api/v1/{path}").json()["code"] == "session_only"
    max_.refresh_from_db()
    assert max_.is_active


def test_the_administrator_sees_how_much_there_is_and_no_word_of_it(
    enter: Enter, administrator: Account, team: Team, pia: Account, max_: Account
) -> None:
    row = drafts.start(pia, team, title="Boats", driver="Late.", body="In by nine.", review_on=None)
    drafts.open_(pia, row.pk, via=None)
    Account.objects.filter(pk=max_.pk).update(is_active=False)
    door = enter(administrator)
    overview, accounts = door.call("GET", "site/"), door.call("GET", "site/accounts/")
    told = overview.json()
    counted = ("accounts", "suspended", "teams", "open_decisions", "agreements")
    assert [told[each] for each in counted] == [5, 1, 1, 1, 0]
    assert (told["database_answers"], told["cache_answers"], told["mail"]) == (True, True, False)
    assert not [word for word in SECRETS if word in overview.text + accounts.text]


def test_the_right_to_look_after_the_site_is_none_in_a_team(
    enter: Enter, administrator: Account, team: Team, pia: Account
) -> None:
    row = drafts.start(pia, team, title="Boats", driver="Late.", body="In by nine.", review_on=None)
    drafts.open_(pia, row.pk, via=None)
    door = enter(administrator)
    for path in (f"teams/{team.slug}/", f"proposals/{row.pk}/", f"proposals/{row.pk}/journal/"):
        assert door.call("GET", path).status_code == 404


def test_accounts_are_found_by_their_address(enter: Enter, administrator: Account, pia: Account) -> None:
    door = enter(administrator)
    found = door.call("GET", "site/accounts/", q="PIA@").json()["results"]
    assert [one["email"] for one in found] == [pia.email]
    assert door.call("GET", "site/accounts/", q="nobody").json()["results"] == []


def test_suspending_ends_sessions_for_good_and_tokens_until_it_is_lifted(
    enter: Enter, administrator: Account, pia: Account, script: Any
) -> None:
    door, theirs, bot = enter(administrator), enter(pia), script(pia)
    assert door.call("POST", f"site/accounts/{pia.pk}/suspend/").json()["suspended"] is True
    assert (theirs.who(), bot.get("/api/v1/me/").status_code) == (None, 401)
    assert door.call("POST", f"site/accounts/{pia.pk}/lift/").json()["suspended"] is False
    assert (theirs.who(), bot.get("/api/v1/me/").status_code) == (None, 200)


def test_an_administrator_cannot_suspend_themselves(enter: Enter, administrator: Account) -> None:
    door = enter(administrator)
    assert door.call("POST", f"site/accounts/{administrator.pk}/suspend/").json()["code"] == "yourself"


def test_who_has_deleted_their_account_cannot_be_let_in_again(
    enter: Enter, administrator: Account, max_: Account
) -> None:
    leaver = enter(max_)
    leaver.confirms()
    leaver.call("DELETE", "me/")
    door = enter(administrator)
    assert door.call("POST", f"site/accounts/{max_.pk}/lift/").status_code == 404
    assert "Former member" not in door.call("GET", "site/accounts/").text


def test_a_recovery_link_goes_to_its_owner_and_is_told_to_nobody_else(
    enter: Enter, administrator: Account, pia: Account, mailoutbox: list[Any]
) -> None:
    answer = enter(administrator).call("POST", f"site/accounts/{pia.pk}/recovery/")
    assert answer.status_code == 200
    mail, about_it = mailoutbox
    assert mail.to == about_it.to == [pia.email]
    key = key_in(mail, "password")
    assert key not in answer.text
    assert enter().ask("POST", "auth/password/reset", key=key, password="another-long-password").status_code == 401


def test_the_operator_names_administrators(pia: Account) -> None:
    administrators = Account.objects.filter(is_site_admin=True)
    call_command("administrator", pia.email.upper())
    assert list(administrators.all()) == [pia]
    call_command("administrator", pia.email, "--no-longer")
    assert not administrators.all()
    with pytest.raises(CommandError, match="No account"):
        call_command("administrator", "nobody@example.org")


def test_the_last_check_of_all_journals_is_told(
    enter: Enter, administrator: Account, team: Team, pia: Account, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    door = enter(administrator)
    assert door.call("GET", "site/").json()["journals"] is None
    row = drafts.start(pia, team, title="Boats", driver="Late.", body="In by nine.", review_on=None)
    drafts.open_(pia, row.pk, via=None)
    call_command("verify_journal", row.pk)
    assert door.call("GET", "site/").json()["journals"] is None, "one journal is not all"
    call_command("verify_journal")
    told = door.call("GET", "site/").json()["journals"]
    assert (told["journals"], told["faulty"]) == (1, 0)
