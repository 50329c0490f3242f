"""What an answer holds is written in one way, however deep it stands."""

from __future__ import annotations

from datetime import UTC, date, datetime

from conventions.answer import encode

NOON = datetime(2026, 11, 29, 12, 0, 0, 5000, tzinfo=UTC)


def test_a_time_has_its_milliseconds_wherever_it_stands() -> None:
    told = encode({"at": NOON, "all": ["a", NOON, ["b", (NOON,), {"at": NOON}]], "day": date(2026, 11, 29)})
    noon = b'"2026-11-29T12:00:00.005Z"'
    assert told.count(noon) == 4
    assert told.startswith(b'{"at":%s,"all":["a",%s,["b",' % (noon, noon))
    assert told.endswith(b'"day":"2026-11-29"}')
