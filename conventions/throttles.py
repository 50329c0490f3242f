"""Allowances: how much one account or one address may ask in a while; nobody's use eats into another's."""

import time
from math import ceil
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
READS = frozenset({"GET", "HEAD", "OPTIONS"})


def rate(scope: str) -> tuple[int, int] | None:
    """As (how many, in how many seconds); None where there is no bound."""
    text = settings.RONDO_ALLOWANCES.get(scope)
    if not text:
        return None
    number, unit = text.split("/")
    return int(number), SECONDS[unit]


class Allowance(BaseThrottle):
    """Counts in fixed windows, in the shared cache: one increment a request, one key an account and scope."""

    def __init__(self) -> None:
        self._wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        who = self.whose(request)
        return all(self._room(scope, who) for scope in self.scopes(request, view))

    def whose(self, request: Request) -> str:
        if request.user.is_authenticated:
            return f"account:{request.user.pk}"
        return f"address:{self.get_ident(request)}"

    def scopes(self, request: Request, view: Any) -> list[str]:
        if not request.user.is_authenticated:
            return ["anonymous"]
        own = getattr(view, "allowances", {}).get(request.method)
        usual = "reads" if request.method in READS else "commands"
        return [usual, own] if own else [usual]

    def _room(self, scope: str, who: str) -> bool:
        bound = rate(scope)
        if bound is None:
            return True
        number, seconds = bound
        now = time.time()
        left = seconds - now % seconds
        if _count(f"allowance:{scope}:{who}", ceil(left)) <= number:
            return True
        self._wait = left
        return False

    def wait(self) -> float | None:
        return self._wait


def _count(name: str, left: int) -> int:
    """`left`: whole seconds until the window ends, and counting begins anew."""
    at_once = getattr(cache, "count", None)
    if at_once is not None:
        return int(at_once(name, left))
    if cache.add(name, 1, left):
        return 1
    try:
        return cache.incr(name)
    except ValueError:  # it expired between the two
        cache.set(name, 1, left)
        return 1
