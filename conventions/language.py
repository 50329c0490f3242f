"""In which language and time zone somebody is spoken to: as they chose, else as their browser asks, else in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import timezone as fixed
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import dates
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from conventions import clock

# The day before the month, and the clock to twenty-four, where somebody says no more than "English".
LOCALES = {"en": "en_GB"}
NOWHERE = ZoneInfo("UTC")
LAST = fixed(timedelta(hours=-12))
"""Where each day begins last."""
API = "/api/"


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """The names of the places that have a clock: `Europe/Berlin`, `UTC`; none of the old abbreviations."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")) | {"UTC"}


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def current() -> str:
    """The code of the language that is spoken right now."""
    return translation.get_language() or str(settings.LANGUAGE_CODE)


@contextmanager
def speaking_to(person: Any) -> Iterator[None]:
    """What is said inside, and its times, in the language and the zone that this person chose.

    Somebody who chose no language is spoken to in the one of the moment; without a zone times are in UTC. `person` may
    be None, for an address that nobody here is known by.
    """
    chosen = getattr(person, "language", "") or current()
    with translation.override(chosen), timezone.override(zone_of(person) or NOWHERE):
        yield


def zone_of(person: Any) -> ZoneInfo | None:
    """The one that they chose, where this machine still knows it."""
    name = getattr(person, "time_zone", "")
    return ZoneInfo(name) if name in zones() else None


def today(person: Any) -> date:
    """The day that it is for them; where nobody knows their zone, the first of those that it is somewhere."""
    return clock.now().astimezone(zone_of(person) or LAST).date()


def as_asked(person: Any) -> None:
    """From here on in this request: somebody was recognised who chose a language."""
    if chosen := getattr(person, "language", ""):
        translation.activate(chosen)


class Spoken:
    """Middleware: the whole of a request in one language, and nothing of it left for the next one in this thread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(self._wanted(request)):
            request.LANGUAGE_CODE = current()
            return self._answer(request)

    def _wanted(self, request: HttpRequest) -> str:
        # The interface recognises people by itself, with tokens too, and then calls `as_asked`.
        if not request.path.startswith(API):
            try:
                if chosen := getattr(request.user, "language", ""):
                    return str(chosen)
            except DatabaseError:
                pass  # who needs more than a language will be told of it
        return translation.get_language_from_request(request)


def day(at: datetime | date) -> str:
    """«26 November 2026», as it is written in the language of the moment."""
    return dates.format_date(_here(at), "long", locale=_locale())


def moment(at: datetime) -> str:
    """«Thursday 26 November 2026, 14:02 (Europe/Berlin)», in the zone of the moment, which is named; in the hour that
    comes twice when clocks are put back, «02:30 (Europe/Berlin, UTC+01:00)»."""
    here, locale = _here(at), _locale()
    named = f"{dates.format_date(here, 'full', locale=locale)}, {dates.format_time(here, 'HH:mm', locale=locale)}"
    zone = timezone.get_current_timezone_name()
    if here.replace(fold=0).utcoffset() != here.replace(fold=1).utcoffset():
        zone += f", UTC{here.isoformat(timespec='minutes')[-6:]}"
    return f"{named} UTC" if zone == "UTC" else f"{named} ({zone})"


def _here(at: Any) -> Any:
    return timezone.localtime(at) if isinstance(at, datetime) else at


def _locale() -> str:
    return LOCALES.get(current(), current())
