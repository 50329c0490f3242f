"""Where somebody is signed in, and how that ends: for pages at once, for open sockets within five seconds."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.conf import settings

from decisions.live.database import Database
from decisions.live.journal import Credential, Visitor
from decisions.live.switchboard import RIGHTS
from teams import site
from teams.models import Account
from tests.accounts.conftest import Door, Enter, sessions_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def listed(door: Door) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = door.ask("GET", "auth/sessions").json()["data"]
    return found


def key_of(door: Door) -> str:
    return door.cookies[settings.SESSION_COOKIE_NAME].value


def gone(*doors: tuple[Account, Door]) -> list[bool]:
    """What the switchboard finds when it looks again, as it does every five seconds."""
    visitors = [Visitor(account.pk, Credential(session=key_of(door))) for account, door in doors]

    async def ask() -> list[bool]:
        source = Database()
        try:
            found = await source.gone(visitors)
        finally:
            await source.close()
        return [one in found for one in visitors]

    return asyncio.run(ask())


def test_the_switchboard_looks_again_every_five_seconds() -> None:
    assert RIGHTS <= 5


@pytest.mark.django_db(transaction=True)
def test_each_session_is_listed_with_its_browser_and_this_one_is_marked(pia: Account) -> None:
    here, elsewhere = Door(HTTP_USER_AGENT=FIREFOX), Door()
    for door in (here, elsewhere):
        door.signs_in(pia)
    told = listed(here)
    assert [one["user_agent"] for one in told if one["is_current"]] == [FIREFOX]
    assert len(told) == 2


@pytest.mark.django_db(transaction=True)
def test_one_session_is_ended_from_another_with_its_socket(pia: Account) -> None:
    here, elsewhere = Door(), Door()
    for door in (here, elsewhere):
        door.signs_in(pia)
    assert gone((pia, here), (pia, elsewhere)) == [False, False]
    other = next(one["id"] for one in listed(here) if not one["is_current"])
    assert here.ask("DELETE", "auth/sessions", sessions=[other]).status_code == 200
    assert gone((pia, here), (pia, elsewhere)) == [False, True]
    assert (here.who(), elsewhere.who()) == (pia.pk, None)
    assert sessions_of(pia) == 1


@pytest.mark.django_db(transaction=True)
def test_signing_out_everywhere_ends_all_of_ones_own_and_nobody_elses(pia: Account, max_: Account) -> None:
    here, elsewhere, other = Door(), Door(), Door()
    for door, account in ((here, pia), (elsewhere, pia), (other, max_)):
        door.signs_in(account)
    theirs = [one["id"] for one in listed(other)]
    mine = [one["id"] for one in listed(here)]
    assert here.ask("DELETE", "auth/sessions", sessions=theirs).status_code == 400
    here.ask("DELETE", "auth/sessions", sessions=mine)
    assert gone((pia, here), (pia, elsewhere), (max_, other)) == [True, True, False]
    assert (here.who(), elsewhere.who(), other.who()) == (None, None, max_.pk)


@pytest.mark.django_db(transaction=True)
def test_a_suspended_account_is_out_with_sessions_and_sockets_and_in_again_when_that_is_lifted(
    pia: Account, fay: Account
) -> None:
    door = Door()
    door.signs_in(pia)
    site.suspend(fay, pia.pk)
    assert gone((pia, door)) == [True]
    assert door.who() is None
    answer = Door().signs_in(pia)
    assert answer.status_code == 401
    site.lift(pia.pk)
    assert Door().signs_in(pia).status_code == 200


def test_the_list_is_ones_own(enter: Enter, pia: Account, max_: Account) -> None:
    enter(max_)
    assert len(listed(enter(pia))) == 1
