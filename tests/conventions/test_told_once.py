"""Tokens are told once, and again to whoever repeats the request; what lies in the database does not tell them."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from conventions.models import KeptAnswer
from teams.models import Account, Team
from tests.conftest import Client
from tests.decisions.rows import everything

ASKED = {
    "a token for scripts": ("/api/v1/me/tokens/", {"name": "Build server"}),
    "a link into a team": ("/api/v1/teams/harbour/invitations/", {"role": "member"}),
    "an invitation by mail": ("/api/v1/teams/harbour/invitations/", {"role": "member", "email": "eve@example.org"}),
}
EVERY_SECRET = pytest.mark.parametrize("asked", ASKED.values(), ids=list(ASKED))
Asked = tuple[str, dict[str, str]]


def ask(client: APIClient, asked: Asked) -> Any:
    path, data = asked
    return client.post(path, data, HTTP_IDEMPOTENCY_KEY="once")


@EVERY_SECRET
def test_a_repeated_request_is_told_the_same_secret(team: Team, fay: Account, browser: Client, asked: Asked) -> None:
    first, again = (ask(browser(fay), asked) for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.status_code, again.json()) == (201, first.json())


@EVERY_SECRET
def test_no_row_tells_a_secret(team: Team, fay: Account, browser: Client, asked: Asked) -> None:
    told = ask(browser(fay), asked).json()
    assert KeptAnswer.objects.count() == 1
    if "email" not in asked[1]:  # its mail has to hold it until it is sent
        assert told["token"] not in repr(everything())
    assert told["token"].encode() not in bytes(KeptAnswer.objects.get().body)


@EVERY_SECRET
def test_after_the_servers_secret_was_changed_it_is_told_while_the_old_one_is_named(
    team: Team, fay: Account, browser: Client, asked: Asked, settings: LazySettings
) -> None:
    first = ask(browser(fay), asked).json()
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 8
    settings.SECRET_KEY_FALLBACKS = [old]
    assert ask(browser(fay), asked).json() == first
    settings.SECRET_KEY_FALLBACKS = []
    answer = ask(browser(fay), asked)
    assert (answer.status_code, answer.json()["code"]) == (409, "told_once")
