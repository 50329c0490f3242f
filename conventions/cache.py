"""What several server processes share in passing: allowances and the like. It may be forgotten; no request may fail.

While Redis is gone every reading finds nothing and every writing is let go, without waiting for it each time.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

REST = 5.0  # seconds until a Redis that was gone is asked again

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F")

log = logging.getLogger("rondo.cache")


class KeptClient(RedisCacheClient):
    """Django makes a client for each call, which costs as much as what it then asks; they all share one pool."""

    def __init__(self, *servers: Any, **options: Any) -> None:
        super().__init__(*servers, **options)
        self._kept = super().get_client(write=True)

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._kept


class RedisWhileItLasts(RedisCache):
    """Of one Redis: reading and writing go to the same."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
        self._gone_until = 0.0

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._or(True, super().add, key, value, timeout, version)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, super().get, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._or(None, super().set, key, value, timeout, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._or({}, super().get_many, keys, version)

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        return self._or(list(data), super().set_many, data, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._or(False, super().delete, key, version)

    def count(self, key: str, seconds: int, more: int = 1) -> int:
        """How often this was counted, `more` times by this, since it began, at most so many seconds ago."""
        return self._or(1, self._count, self.make_and_validate_key(key), seconds, more)

    def _count(self, key: str, seconds: int, more: int) -> int:
        with self._cache.get_client(key, write=True).pipeline() as both:  # at once: it cannot expire between the two
            both.set(key, 0, ex=seconds, nx=True)
            both.incrby(key, more)
            return int(both.execute()[1])

    def _or(self, forgotten: F, ask: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> F | R:
        if time.monotonic() < self._gone_until:
            return forgotten
        try:
            return ask(*args, **kwargs)
        except RedisError as trouble:
            self._gone_until = time.monotonic() + REST
            log.warning("Redis is not there; its cache is forgotten for now: %s", trouble)
            return forgotten
