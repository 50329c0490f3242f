"""Ids say nothing; times say the same everywhere."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from conventions import clock
from conventions.ids import ALPHABET, new_id


def test_an_id_is_sixteen_characters_nobody_mistakes() -> None:
    found = {new_id() for _ in range(500)}
    assert len(found) == 500
    assert all(len(one) == 16 and set(one) <= set(ALPHABET) for one in found)
    assert not set(ALPHABET) & set("ilou")


def test_every_place_of_an_id_takes_every_character() -> None:
    seen: list[set[str]] = [set() for _ in range(16)]
    for _ in range(2000):
        for place, character in zip(seen, new_id(), strict=True):
            place.add(character)
    assert all(place == set(ALPHABET) for place in seen)


def test_now_is_utc_in_whole_milliseconds() -> None:
    now = clock.now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0


def test_a_time_is_written_with_milliseconds_and_z() -> None:
    at = datetime(2026, 11, 21, 15, 2, 7, 123999, tzinfo=timezone(timedelta(hours=1)))
    assert clock.rfc3339(at) == "2026-11-21T14:02:07.123Z"


def test_what_was_written_is_read_back_the_same() -> None:
    assert clock.rfc3339(clock.parse("2026-11-21T14:02:07.123Z")) == "2026-11-21T14:02:07.123Z"
    assert clock.parse("2026-11-21T15:02:07+01:00") == datetime(2026, 11, 21, 14, 2, 7, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 33, 999, 9998])
def test_a_year_has_four_digits_whichever_it_is(year: int) -> None:
    at = datetime(year, 11, 21, 14, 2, 7, tzinfo=UTC)
    assert clock.rfc3339(at) == f"{year:04d}-11-21T14:02:07.000Z"
    assert clock.parse(clock.rfc3339(at)) == at


@pytest.mark.parametrize("text", ["2026-11-21T14:02:07", "2026-11-21", "tomorrow", ""])
def test_a_time_without_its_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        clock.parse(text)


def test_the_clock_can_stand_still_and_move() -> None:
    at = datetime(2030, 1, 1, tzinfo=UTC)
    with clock.frozen(at):
        assert clock.now() == at
        with clock.moved(timedelta(days=2)):
            assert clock.now() == at + timedelta(days=2)
        assert clock.now() == at
    assert clock.now() < at
