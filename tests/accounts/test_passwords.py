"""What a password may be and how it is asked for: as somebody likes it, whole, for as long as they keep it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

import config.settings
from conventions import clock
from teams.models import Account
from tests.accounts.conftest import Enter

SOURCES = Path(__file__).resolve().parents[2] / "frontend" / "src"
LONG = "Over the harbour wall, and under it too: " * 5 + "A"


def with_password(account: Account, password: str) -> Account:
    account.set_password(password)
    account.save()
    return account


@pytest.mark.parametrize(
    "password",
    ["onlysmallletterswest", "ONLYLARGELETTERSWEST", "830271946512", "!?!?.;!?!?.;", "mit Äpfeln 日本 😀", LONG],
)
def test_a_password_is_made_of_whatever_somebody_likes_and_as_long(enter: Enter, password: str) -> None:
    told = {"email": "nea@example.org", "name": "Nea", "password": password}
    assert enter().ask("POST", "auth/signup", **told).status_code == 200
    assert enter().signs_in(Account.objects.get(), password).status_code == 200


@pytest.mark.parametrize("other", [LONG[:-1], LONG[:-1] + "B", LONG[:72], LONG[:128], LONG.lower(), LONG.swapcase()])
def test_every_character_of_a_password_counts(enter: Enter, pia: Account, settings: LazySettings, other: str) -> None:
    """By the hash that keeps them: some look at the beginning alone."""
    settings.PASSWORD_HASHERS = config.settings.PASSWORD_HASHERS
    assert enter().signs_in(with_password(pia, LONG), other).status_code == 400
    assert enter().signs_in(pia, LONG).status_code == 200


def test_spaces_within_a_password_count_and_those_around_it_do_not(enter: Enter, pia: Account) -> None:
    with_password(pia, "over  the wall")
    assert enter().signs_in(pia, "over the wall").status_code == 400
    assert enter().signs_in(pia, " over  the wall ").status_code == 200


def test_a_password_is_good_until_its_owner_changes_it(enter: Enter, pia: Account) -> None:
    with clock.moved(timedelta(days=3650)):
        assert enter(pia).who() == pia.pk


def fields(source: str) -> list[str]:
    """Everything in a page that is a field for words, or asks for a secret."""
    return re.findall(r"<(?:input|Secret)\b(?:\{[^}]*\}|[^>{])*>", source)


def test_every_password_is_asked_for_by_the_one_field_that_shows_none() -> None:
    pages = {path: path.read_text() for path in SOURCES.rglob("*.svelte")}
    asked = [field for text in pages.values() for field in fields(text) if re.search(r'="(?:current|new)-pass', field)]
    assert len(asked) >= 5
    assert not [field for field in asked if not field.startswith("<Secret") or re.search(r"\scode\b", field)]
    (one,) = fields(pages[SOURCES / "components" / "Secret.svelte"])
    assert 'type={code ? "text" : "password"}' in one
    assert "{autocomplete}" in one


def test_nothing_keeps_a_password_from_being_pasted_or_filled_in() -> None:
    sources = [*SOURCES.rglob("*.svelte"), *SOURCES.rglob("*.ts")]
    assert not [path.name for path in sources if re.search(r"onpaste|[\"']paste[\"']", path.read_text())]
    asked = [field for path in sources for field in fields(path.read_text()) if field.startswith("<Secret")]
    named = [re.search(r'autocomplete="([a-z-]+)"', field) for field in asked]
    assert {found[1] for found in named if found} == {"current-password", "new-password", "one-time-code"}
    assert all(named)
