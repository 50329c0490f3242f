"""What is asked of one state several times is worked out once: by the judge of a command, by whoever waits, by the
picture. A state never changes, so what was found of it stays true. What it gains is measured by `bench commands`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from .state import Proposal

T = TypeVar("T")
KEPT = 512


def once(work: Callable[[Proposal], T]) -> Callable[[Proposal], T]:
    """The same, remembered for the last state of each proposal; it must not return what somebody could change."""
    last: dict[str, tuple[Proposal, T]] = {}

    @wraps(work)
    def found(state: Proposal) -> T:
        known = last.get(state.id)
        if known is not None and known[0] is state:
            return known[1]
        if len(last) >= KEPT:
            last.clear()
        result = work(state)
        last[state.id] = state, result
        return result

    return found
