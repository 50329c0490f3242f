"""The one clock: aware, UTC, whole milliseconds, and replaceable where time itself is under test."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    return in_milliseconds(_source())


def in_milliseconds(at: datetime) -> datetime:
    return _in_utc(at).replace(microsecond=at.microsecond // 1000 * 1000)


def _in_utc(at: datetime) -> datetime:
    return at if at.tzinfo is UTC else at.astimezone(UTC)


@lru_cache(maxsize=4096)
def rfc3339(at: datetime) -> str:
    """With four digits for the year, whichever it is: `strftime` has fewer for the first ones."""
    return _in_utc(at).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def parse(text: str) -> datetime:
    """A time as it came in; a time without a zone says too little and is refused (ValueError)."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time needs its zone")
    return in_milliseconds(at)


def at(day: date, hour: time) -> datetime:
    """That hour of that day, in UTC."""
    return datetime.combine(day, hour, UTC)


@contextmanager
def _replaced(source: Callable[[], datetime]) -> Iterator[None]:
    global _source  # noqa: PLW0603 - the clock is one, for every thread
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before


def frozen(at: datetime) -> AbstractContextManager[None]:
    """While this lasts it is always `at`."""
    return _replaced(lambda: at)


def moved(by: timedelta) -> AbstractContextManager[None]:
    """While this lasts the clock shows `by` more than it did."""
    before = _source
    return _replaced(lambda: before() + by)
