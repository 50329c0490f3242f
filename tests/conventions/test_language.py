"""In which language and zone somebody is spoken to: what they chose, else what their browser asks for, else English."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone, translation
from django.utils.translation import gettext
from rest_framework.test import APIClient

from conventions.language import moment, speaking_to
from notices.models import Mail
from teams.models import Account, Team
from tests.conftest import PASSWORD, Client

ME = "/api/v1/me/"
NOT_FOUND = "There is nothing here that you can see."
MOMENT = datetime(2026, 11, 26, 13, 2, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def german(text: str) -> str:
    with translation.override("de"):
        said = gettext(text)
    assert said != text
    return said


def spoken(client: Any, **headers: str) -> str:
    """The language that a page says it is in."""
    answer = client.get("/home", **headers)
    found = re.search(r'<html lang="(\w+)">', answer.content.decode())
    assert found is not None
    assert answer.headers["Content-Language"] == found[1]
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))
    return found[1]


@pytest.fixture(autouse=True)
def built(tmp_path: Any, settings: LazySettings) -> None:
    (tmp_path / "index.html").write_text('<!doctype html><html lang="en"><head></head></html>')
    settings.FRONTEND = tmp_path


def speaks(account: Account, **chosen: str) -> Account:
    for name, value in chosen.items():
        setattr(account, name, value)
    account.save(update_fields=list(chosen))
    return account


def test_the_account_comes_before_the_cookie_and_that_before_the_browser(pia: Account, browser: Client) -> None:
    client = browser(pia)
    asked = {"HTTP_ACCEPT_LANGUAGE": "nl-BE,nl;q=0.9,en;q=0.5"}
    assert spoken(client, **asked) == "nl"
    client.cookies["language"] = "fr"
    assert spoken(client, **asked) == "fr"
    speaks(pia, language="es")
    assert spoken(client, **asked) == "es"


@pytest.mark.parametrize("asked", ["", "ja", "xx-YY;q=1", "*"])
def test_where_nothing_else_is_asked_for_it_is_english(client: Any, asked: str) -> None:
    assert spoken(client, HTTP_ACCEPT_LANGUAGE=asked) == "en"


def test_a_refusal_is_in_the_language_of_who_asks_and_its_code_in_none(
    pia: Account, browser: Client, script: Client
) -> None:
    for client in (browser(pia), script(pia)):
        assert client.get("/api/v1/teams/nowhere/").json()["detail"] == NOT_FOUND
    speaks(pia, language="de")
    for client in (browser(pia), script(pia)):
        told = client.get("/api/v1/teams/nowhere/", HTTP_ACCEPT_LANGUAGE="es").json()
        assert (told["code"], told["detail"]) == ("not_found", german(NOT_FOUND))


def test_what_the_rules_refuse_and_what_is_amiss_with_a_field_is_translated_too(
    pia: Account, team: Team, browser: Client
) -> None:
    client = browser(speaks(pia, language="de"))
    client.post("/api/v1/teams/harbour/proposals/", {"title": "", "body": "We go."})
    told = client.post("/api/v1/teams/harbour/proposals/", {"title": " ", "body": "We go."}).json()
    empty = german("{name} is empty. Write a few words.").format(name=german("Title"))
    assert told["errors"]["title"] == [empty]
    draft = client.post("/api/v1/teams/harbour/proposals/", {"title": "Six", "body": "We go."}).json()
    refused = client.post(f"/api/v1/proposals/{draft['id']}/withdraw/", {})
    opened = client.post(f"/api/v1/proposals/{draft['id']}/open/", {})
    assert opened.status_code in (200, 201), (refused.content, opened.content)
    early = client.post(f"/api/v1/proposals/{draft['id']}/ask-for-consent/", {}).json()
    assert early["detail"] == german("The proposal is not at this step now. Look at where it stands and try again.")


def test_nothing_of_a_language_is_left_for_the_next_request(pia: Account, browser: Client, client: Any) -> None:
    speaks(pia, language="de")
    browser(pia).get("/api/v1/teams/nowhere/")
    assert client.get("/api/v1/nowhere/").json()["detail"] == NOT_FOUND
    assert translation.get_language() == "en"


def test_a_choice_counts_from_the_answer_that_takes_it_on(pia: Account, browser: Client) -> None:
    client = browser(pia)
    chosen = {"language": "nl", "time_zone": "America/Argentina/Buenos_Aires"}
    told = client.patch(ME, chosen).json()
    assert {name: told[name] for name in chosen} == chosen
    assert spoken(client) == "nl"
    cleared = client.patch(ME, {"language": None, "time_zone": None}).json()
    assert (cleared["language"], cleared["time_zone"]) == (None, None)
    assert spoken(client) == "en"


@pytest.mark.parametrize(
    "given",
    [{"language": "tlh"}, {"language": ""}, {"time_zone": "Mars/Olympus"}, {"time_zone": "../etc"}, {"time_zone": ""}],
)
def test_what_is_no_language_and_no_zone_is_refused_and_changes_nothing(
    pia: Account, browser: Client, given: dict[str, str]
) -> None:
    speaks(pia, language="de", time_zone="Europe/Berlin")
    answer = browser(pia).patch(ME, given)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(given)
    pia.refresh_from_db()
    assert (pia.language, pia.time_zone) == ("de", "Europe/Berlin")


def test_who_signs_up_is_written_to_in_the_language_in_which_they_did(client: Any, settings: LazySettings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    told = {"name": "Nea", "email": "nea@example.org", "password": PASSWORD}
    client.post("/_allauth/browser/v1/auth/signup", told, content_type="application/json", HTTP_ACCEPT_LANGUAGE="fr-CA")
    assert Account.objects.get(email="nea@example.org").language == "fr"


@pytest.mark.parametrize(
    ("language", "zone", "said"),
    [
        ("", "", "Thursday, 26 November 2026, 13:02 UTC"),
        ("en", "Europe/Berlin", "Thursday, 26 November 2026, 14:02 (Europe/Berlin)"),
        ("de", "Europe/Berlin", "Donnerstag, 26. November 2026, 14:02 (Europe/Berlin)"),
        ("es", "America/Bogota", "jueves, 26 de noviembre de 2026, 08:02 (America/Bogota)"),
    ],
)
def test_a_moment_is_told_in_the_readers_zone_which_is_named(language: str, zone: str, said: str) -> None:
    with speaking_to(Account(language=language, time_zone=zone)):
        assert moment(MOMENT) == said
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_mail_of_an_account_is_in_its_language_whoever_asks_for_it(
    pia: Account, client: Any, settings: LazySettings
) -> None:
    settings.RONDO_MAIL = "sent"
    speaks(pia, language="de")
    client.post(
        "/_allauth/browser/v1/auth/password/request",
        {"email": pia.email},
        content_type="application/json",
        HTTP_ACCEPT_LANGUAGE="es",
    )
    mail = Mail.objects.get(address=pia.email)
    assert german("Choose a new password") in mail.subject


def test_who_tries_it_out_is_answered_in_their_own_language(settings: LazySettings) -> None:
    visitor = APIClient(HTTP_ACCEPT_LANGUAGE="de")
    answer = visitor.post("/api/v1/try/", {"title": "Ruhe", "body": "Mittags ist Ruhe."})
    assert answer.status_code == 201, answer.content
    told = visitor.get(f"/api/v1/proposals/{answer.json()['proposal']}/").json()
    assert told["team_name"] == german("The shared room")
    assert german("Ana (played)") in {one["name"] for one in told["participants"].values()}
