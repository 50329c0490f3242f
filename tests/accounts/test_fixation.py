"""A session that somebody planted in a browser beforehand is nobody's once its owner has signed in there."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from teams import signin
from teams.models import Account
from teams.sessions import SessionStore
from tests.accounts.conftest import Door, Enter, code_in
from tests.accounts.test_sessions import key_of


@pytest.fixture
def planted(db: None) -> str:
    """The key of an anonymous session that there is, as anybody can have one made for themselves."""
    store = SessionStore()
    store["kept"] = "by a stranger"
    store.create()
    return str(store.session_key)


def with_session(door: Door, key: str) -> Door:
    door.cookies[settings.SESSION_COOKIE_NAME] = key
    return door


def assert_dead(key: str, enter: Enter) -> None:
    assert not Session.objects.filter(session_key=key).exists()
    assert signin.account_of_session(key) is None
    assert with_session(enter(), key).who() is None


def test_a_session_that_was_planted_before_signing_in_by_password_lets_nobody_in_after(
    enter: Enter, pia: Account, planted: str
) -> None:
    door = with_session(enter(), planted)
    assert Session.objects.filter(session_key=planted).exists()
    assert door.signs_in(pia).status_code == 200
    assert key_of(door) != planted
    assert door.who() == pia.pk
    assert_dead(planted, enter)


def test_nor_one_that_was_planted_before_signing_in_by_a_code(
    enter: Enter, pia: Account, planted: str, mailoutbox: list[Any]
) -> None:
    door = with_session(enter(), planted)
    door.ask("POST", "auth/code/request", email=pia.email)
    assert door.ask("POST", "auth/code/confirm", code=code_in(mailoutbox[0])).status_code == 200
    assert key_of(door) != planted
    assert door.who() == pia.pk
    assert_dead(planted, enter)
