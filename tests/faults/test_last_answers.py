"""R5: the last answers of a round at the same moment, each of them first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.decisions.conftest import Clients
from tests.decisions.story import Story
from tests.faults.orders import (
    CONSENT,
    CONSENTED,
    OBJECTION,
    Pair,
    forced,
    respond,
)
from tests.faults.run import running, times

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Threads see only what is committed."""


LAST_ANSWERS = (
    Pair(
        "two last consents",
        "ask_for_consent",
        CONSENTED,
        CONSENT,
        respond("max", "consent"),
        (200, 200),
        "adopted",
        {"adopted": 1, "consented": 3, "round_closed": 3},
    ),
    Pair(
        "a last consent and a last objection",
        "ask_for_consent",
        CONSENTED,
        CONSENT,
        OBJECTION,
        (200, 200),
        "revising",
        {"adopted": 0, "returned": 1},
    ),
    Pair(
        "a last objection and a last consent",
        "ask_for_consent",
        CONSENTED,
        OBJECTION,
        CONSENT,
        (200, 200),
        "revising",
        {"adopted": 0, "returned": 1},
    ),
)


def test_two_last_answers_come_to_one_outcome_whichever_is_let_in_first(
    fresh: Callable[[str], Story], circle: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running("R5") as run:
        for _ in range(times(3, 1000)):
            forced(run, LAST_ANSWERS, fresh, circle, monkeypatch)
