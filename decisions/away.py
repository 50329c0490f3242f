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
KEPT_FOR = int(GONE.total_seconds()) * 5
SINCE = "seen-since"
cache = ConnectionProxy(caches, "seen")
_started = clock.now()


def seen(accounts: Iterable[str]) -> None:
    """These people are here now."""
    now = clock.now().timestamp()
    cache.add(SINCE, now, timeout=None)
    cache.set_many({f"seen:{who}": now for who in accounts}, timeout=KEPT_FOR)


def gone(accounts: Iterable[str | None]) -> frozenset[str]:
    """Which of these nobody has seen for two minutes, counted from the start of the server, or from when the cache
    was last emptied. While there is no cache, nobody is known to be gone."""
    since = cache.get(SINCE)
    if since is None:
        return frozenset()
    people = [who for who in accounts if who]
    last = cache.get_many([f"seen:{who}" for who in people])
    never = max(float(since), _started.timestamp())
    limit = (clock.now() - GONE).timestamp()
    return frozenset(who for who in people if last.get(f"seen:{who}", never) <= limit)
