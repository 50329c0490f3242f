"""How long anything takes tells nobody what was sealed: work is counted, for time by the clock varies by itself.

Whoever seals an answer is the only one who sees how long that took; others see when it is there, and how long their own
questions take. So both are the same work: the same statements to the database, in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from conventions import clock

from .matrix import EVERYTHING
from .test_canaries import SEARCHES, answer, sealed
from .test_matrix import filled
from .world import World

__all__ = ["sealed"]
pytestmark = pytest.mark.timeout(300)

ANSWERS: dict[str, dict[str, Any]] = {
    "consents": {"kind": "consent"},
    "has a concern": {"kind": "concern", "text": "A worry of some length, in so many words."},
    "objects": {"kind": "objection", "text": "Risk. " * 500, "suggestion": "Less of it."},
}
OTHERS = ("facilitator", "author", "observer")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement from here on, without what is filled in."""
    made: list[str] = []

    def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        made.append(re.sub(r"'[^']*'|\b\d+\b|_x\d+", "?", sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        yield made


def work_of(world: World, said: dict[str, Any]) -> tuple[list[str], dict[str, list[str]]]:
    """Of sealing this answer, and of everything that anybody else can ask afterwards; and all of it undone."""
    with transaction.atomic():
        with statements() as sealing:
            answer(world, said)
        asking = {role: list(asked_by(world, role)) for role in OTHERS}
        transaction.set_rollback(True)
    return sealing, asking


def asked_by(world: World, role: str) -> Iterator[str]:
    """Each call with its status and the statements that it made; its bytes are compared in test_canaries."""
    calls = [(row.method, row.address, row.body) for row in EVERYTHING]
    for method, address, body in (*calls, *(("GET", search, {}) for search in SEARCHES)):
        with transaction.atomic():
            given = None if method in ("GET", "DELETE") else filled(body, world.names)
            with statements() as made:
                told = world.ask(role, method, filled(address, world.names), given)
            yield f"{method} {address} {told.status_code} {made}"
            transaction.set_rollback(True)


def test_no_kind_of_sealed_answer_makes_other_work_than_another_for_anybody(sealed: World) -> None:
    with clock.frozen(clock.now()):
        work_of(sealed, ANSWERS["consents"])  # so that what is remembered of the proposal is the same each time
        (sealing, asking), *others = (work_of(sealed, said) for said in ANSWERS.values())
    assert any(one.startswith("INSERT") for one in sealing)
    for again, asked in others:
        assert again == sealing
        for role in OTHERS:
            assert asked[role] == asking[role], role
