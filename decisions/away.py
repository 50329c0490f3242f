"""Who has been gone: when the server last saw somebody connected, or heard a command of theirs.

Kept in the cache, which all processes share where there are several, and lost with it: then everybody counts anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core.cache import caches
from django.utils.connection import ConnectionProxy

from conventions import clock

GONE = timedelta(minutes=2)
FRESH = timedelta(seconds=10)
"""So long it is not said again that somebody is here, and so much longer nobody is taken for gone."""
KEPT_FOR = int(GONE.total_seconds()) * 5
SINCE = "seen-since"
cache = ConnectionProxy(caches, "seen")
_started = clock.now()
_said: dict[str, float] = {}  # when this process said last that somebody is here
MOST = 10_000


def seen(accounts: Iterable[str]) -> None:
    """These people are here now."""
    now, fresh = clock.now().timestamp(), FRESH.total_seconds()
    people = [who for who in accounts if not 0 <= now - _said.get(who, 0) < fresh]
    if not people:
        return
    cache.set_many({f"seen:{who}": now for who in people}, timeout=KEPT_FOR)
    if len(_said) > MOST:
        _said.clear()
    if not 0 <= now - _said.get(SINCE, 0) < fresh:
        cache.add(SINCE, now, timeout=None)
        _said[SINCE] = now
    _said.update(dict.fromkeys(people, now))


def gone(accounts: Iterable[str | None]) -> frozenset[str]:
    """Which of these nobody has seen for two minutes, counted from the start of the server, or from when the cache
    was last emptied. While there is no cache, nobody is known to be gone."""
    since = cache.get(SINCE)
    if since is None:
        return frozenset()
    people = [who for who in accounts if who]
    last = cache.get_many([f"seen:{who}" for who in people])
    never = max(float(since), _started.timestamp())
    limit = (clock.now() - GONE - FRESH).timestamp()
    return frozenset(who for who in people if last.get(f"seen:{who}", never) <= limit)
