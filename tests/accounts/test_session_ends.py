"""When a session ends by itself, what keeps it alive, and that a new key of the server's ends none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conventions import clock
from teams import sessions, signin
from teams.models import Account
from teams.sessions import LONGEST, RENEWED, UNUSED, SessionStore
from tests.accounts.conftest import Door, Enter
from tests.accounts.test_sessions import key_of

SOON = timedelta(minutes=1)
OLD_KEY, NEW_KEY = "an old key of the server's " * 3, "a new key of the server's " * 3
Later = Callable[[timedelta], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """The clock of the sessions, moved on."""
    began, moved = timezone.now(), timedelta()

    def move(by: timedelta) -> None:
        nonlocal moved
        moved += by

    monkeypatch.setattr(timezone, "now", lambda: began + moved)
    monkeypatch.setattr(clock, "_source", lambda: began + moved)
    return move


def lets_a_socket_in(door: Door) -> bool:
    return signin.account_of_session(key_of(door)) is not None


def test_a_session_that_nobody_uses_ends_after_two_weeks_for_pages_and_sockets(
    pia: Account, enter: Enter, later: Later
) -> None:
    door = enter(pia)
    later(UNUSED - SOON)
    assert lets_a_socket_in(door)
    later(2 * SOON)
    assert not lets_a_socket_in(door)
    assert door.who() is None


def test_a_session_that_is_used_goes_on(pia: Account, enter: Enter, later: Later) -> None:
    door = enter(pia)
    for _ in range(4):
        later(UNUSED - SOON)
        assert door.who() == pia.pk
    assert lets_a_socket_in(door)


def test_a_session_ends_ninety_days_after_signing_in_however_much_it_is_used(
    pia: Account, enter: Enter, later: Later
) -> None:
    door = enter(pia)
    for _ in range(LONGEST // timedelta(days=10) - 1):
        later(timedelta(days=10))
        assert door.who() == pia.pk
    door.confirms()  # what keeps something new in the session makes it no longer
    later(timedelta(days=10) - SOON)
    assert door.who() == pia.pk
    later(2 * SOON)
    assert door.who() is None
    assert not lets_a_socket_in(door)


def written(door: Door) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        door.call("GET", "me/")
    return sum("UPDATE" in one["sql"] and Session._meta.db_table in one["sql"] for one in asked)


def test_using_a_session_writes_to_the_database_at_most_once_an_hour(pia: Account, enter: Enter, later: Later) -> None:
    door = enter(pia)
    later(RENEWED - SOON)
    assert [written(door) for _ in range(3)] == [0, 0, 0]
    later(2 * SOON)
    assert [written(door) for _ in range(3)] == [1, 0, 0]


def test_using_a_session_loses_nothing_that_another_request_keeps_in_it_at_that_moment(
    pia: Account, enter: Enter, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = enter(pia)
    later(2 * RENEWED)
    other = SessionStore(key_of(door))
    renew = sessions._renew

    def renew_a_moment_later(row: Session, until: datetime) -> None:
        monkeypatch.setattr(sessions, "_renew", renew)
        other["kept"] = "by another request"
        other.save()
        Session.objects.filter(pk=row.pk).update(expire_date=row.expire_date)
        renew(row, until)

    monkeypatch.setattr(sessions, "_renew", renew_a_moment_later)
    assert door.who() == pia.pk
    assert Session.objects.get(pk=key_of(door)).expire_date == timezone.now() + UNUSED
    assert SessionStore(key_of(door))["kept"] == "by another request"


def test_the_cookie_lasts_as_long_as_a_session_may(pia: Account) -> None:
    door = Door()
    cookie = door.signs_in(pia).cookies["sessionid"]
    assert cookie["max-age"] == pytest.approx(LONGEST.total_seconds(), abs=60)


def test_a_new_key_of_the_server_ends_no_session_while_the_old_one_is_believed(
    pia: Account, enter: Enter, settings: LazySettings
) -> None:
    settings.SECRET_KEY = OLD_KEY
    door = enter(pia)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, [OLD_KEY]
    assert lets_a_socket_in(door)
    assert door.who() == pia.pk  # and from now on it is signed with the new one
    settings.SECRET_KEY_FALLBACKS = []
    assert door.who() == pia.pk
    assert lets_a_socket_in(door)


def test_without_the_old_key_what_it_signed_is_believed_no_more(
    pia: Account, enter: Enter, settings: LazySettings
) -> None:
    settings.SECRET_KEY = OLD_KEY
    door = enter(pia)
    settings.SECRET_KEY = NEW_KEY
    assert not lets_a_socket_in(door)
    assert door.who() is None
