"""Two minutes without a connection or a command, and what is forgotten never speaks against anybody."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from conventions import clock
from decisions import away


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    away.cache.clear()
    away._said.clear()


def test_who_was_seen_within_two_minutes_is_not_gone() -> None:
    away.seen(["fay"])
    with clock.moved(timedelta(seconds=119)):
        assert away.gone(["fay"]) == frozenset()


def test_who_was_not_seen_for_two_minutes_is_gone() -> None:
    away.seen(["fay"])
    with clock.moved(timedelta(minutes=2) + away.FRESH):
        away.seen(["max"])
        assert away.gone(["fay", "max", None]) == {"fay"}


def test_what_is_not_said_again_makes_nobody_gone_before_two_minutes_are_over() -> None:
    away.seen(["fay"])
    with clock.moved(timedelta(seconds=9)):
        away.seen(["fay"])
    with clock.moved(timedelta(seconds=9 + 119)):
        assert away.gone(["fay"]) == frozenset()


def test_that_somebody_is_here_is_said_once_in_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(away.cache, "set_many", lambda found, timeout: said.extend(found))
    for after in (0, 1, 9, 11):
        with clock.moved(timedelta(seconds=after)):
            away.seen(["fay"])
    assert said == ["seen:fay", "seen:fay"]


def test_who_was_never_seen_is_gone_two_minutes_after_counting_began() -> None:
    away.seen(["max"])
    assert away.gone(["fay"]) == frozenset()
    with clock.moved(timedelta(minutes=2, seconds=1) + away.FRESH):
        assert away.gone(["fay"]) == {"fay"}


def test_where_everything_was_forgotten_nobody_is_gone() -> None:
    away.seen(["fay"])
    away.cache.clear()
    with clock.moved(timedelta(hours=1)):
        assert away.gone(["fay"]) == frozenset()
        away.seen(["max"])
        assert away.gone(["fay"]) == frozenset()


def test_counting_begins_again_within_ten_seconds_of_everything_being_forgotten_however_many_are_here() -> None:
    away.seen(["max"])
    away.cache.clear()
    for after in range(11):
        with clock.moved(timedelta(seconds=after)):
            away.seen([f"somebody {after}"])
    with clock.moved(timedelta(minutes=2, seconds=11) + away.FRESH):
        assert away.gone(["fay"]) == {"fay"}


def test_whoever_is_here_is_not_forgotten_for_the_sake_of_strangers_however_many_come() -> None:
    away.seen(["max"])
    with clock.moved(timedelta(hours=1)):
        away.seen(["fay"])
        for number in range(40_000):
            cache.add(f"allowance:anonymous:address:{number}", 1)
        assert away.gone(["fay", "max"]) == {"max"}
