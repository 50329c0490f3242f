"""Allowances: how much one account or one address may ask in a while; nobody's use eats into another's."""

import time
from dataclasses import dataclass
from math import ceil
from threading import Lock
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
    """Counts in fixed windows, in the shared cache: one key an account and scope."""

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
        if tallies.count(f"allowance:{scope}:{who}", number, now, left) <= number:
            return True
        self._wait = left
        return False

    def wait(self) -> float | None:
        return self._wait


FEW = 8  # requests that a process may count by itself before it says so to the others
MOST = 10_000


@dataclass(slots=True)
class Tally:
    """A window as this process knows it: `known` were counted when the cache was last asked, `more` here since."""

    ends: float
    known: int = 0
    more: int = 0


class Tallies:
    """Counts in the shared cache, and while somebody is far from their bound asks it every few requests only.

    In the upper half it is asked each time, so that the bound holds; others may then not have said their last few.
    """

    def __init__(self) -> None:
        self._open: dict[str, Tally] = {}
        self._guard = Lock()

    def count(self, name: str, bound: int, now: float, left: float) -> int:
        """How many there were in this window, this one included, of which `left` seconds are left."""
        few = min(FEW, bound // 16)
        if few < 2:
            return _count(name, ceil(left), 1)
        with self._guard:
            tally = self._of(name, now, now + left)
            tally.more += 1
            here = tally.known + tally.more
            if tally.known and tally.more < few and here <= bound // 2:
                return here
            said, tally.more = tally.more, 0
        known = _count(name, ceil(left), said)
        with self._guard:
            tally.known = max(tally.known, known)
        return known

    def _of(self, name: str, now: float, ends: float) -> Tally:
        tally = self._open.get(name)
        if tally is None or tally.ends <= now:
            if len(self._open) >= MOST:
                self._open = {name: tally for name, tally in self._open.items() if tally.ends > now}
            if len(self._open) >= MOST:
                self._open.clear()
            tally = self._open[name] = Tally(ends)
        return tally

    def clear(self) -> None:
        with self._guard:
            self._open.clear()


tallies = Tallies()


def _count(name: str, left: int, more: int) -> int:
    """`left`: whole seconds until the window ends, and counting begins anew."""
    at_once = getattr(cache, "count", None)
    if at_once is not None:
        return int(at_once(name, left, more))
    if cache.add(name, more, left):
        return more
    try:
        return cache.incr(name, more)
    except ValueError:  # it expired between the two
        cache.set(name, more, left)
        return more
