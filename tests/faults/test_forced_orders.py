"""R6: two acts at the same moment of which one makes the other impossible, each of them first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.decisions.conftest import Clients
from tests.decisions.story import Story
from tests.faults.orders import (
    ALL_BUT_PIA,
    ANOTHER_TEXT,
    ASK,
    CONSENT,
    CONSENTED,
    OBJECTION,
    RETURN,
    REVISE,
    WITHDRAW,
    Pair,
    as_it_is,
    forced,
    take_back,
    withdraw_objection,
)
from tests.faults.run import running, times

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Threads see only what is committed."""


OTHERS = (
    Pair(
        "adoption, then a change of mind",
        "ask_for_consent",
        ALL_BUT_PIA,
        CONSENT,
        OBJECTION,
        (200, 409),
        "adopted",
        {"adopted": 1, "returned": 0, "objection_raised": 0},
    ),
    Pair(
        "a change of mind, then the last consent",
        "ask_for_consent",
        ALL_BUT_PIA,
        OBJECTION,
        CONSENT,
        (200, 200),
        "revising",
        {"adopted": 0, "returned": 1, "objection_raised": 1},
    ),
    Pair(
        "adoption, then taking back",
        "ask_for_consent",
        ALL_BUT_PIA,
        CONSENT,
        take_back("max"),
        (200, 409),
        "adopted",
        {"adopted": 1, "response_taken_back": 0},
    ),
    Pair(
        "taking back, then what would have been the last consent",
        "ask_for_consent",
        ALL_BUT_PIA,
        take_back("max"),
        CONSENT,
        (200, 200),
        "consent",
        {"adopted": 0, "response_taken_back": 1},
    ),
    Pair(
        "return, then the last answer",
        "object",
        CONSENTED,
        RETURN,
        CONSENT,
        (200, 409),
        "revising",
        {"returned": 1},
    ),
    Pair(
        "the last answer, then return",
        "object",
        CONSENTED,
        CONSENT,
        RETURN,
        (200, 409),
        "revising",
        {"returned": 1},
    ),
    Pair(
        "withdrawal of the proposal, then an objection",
        "ask_for_consent",
        as_it_is,
        WITHDRAW,
        OBJECTION,
        (200, 409),
        "withdrawn",
        {"withdrawn": 1, "objection_raised": 0},
    ),
    Pair(
        "an objection, then withdrawal of the proposal",
        "ask_for_consent",
        as_it_is,
        OBJECTION,
        WITHDRAW,
        (200, 200),
        "withdrawn",
        {"withdrawn": 1, "objection_raised": 1},
    ),
    Pair(
        "a revision, then withdrawal of the objection",
        "return_now",
        as_it_is,
        REVISE,
        withdraw_objection,
        (201, 409),
        "clarifying",
        {"revised": 1, "objection_withdrawn": 0},
    ),
    Pair(
        "withdrawal of the objection, then a revision",
        "return_now",
        as_it_is,
        withdraw_objection,
        REVISE,
        (200, 201),
        "clarifying",
        {"revised": 1, "objection_withdrawn": 1},
    ),
    Pair(
        "two revisions",
        "react",
        as_it_is,
        ANOTHER_TEXT,
        ANOTHER_TEXT,
        (201, 409),
        "clarifying",
        {"revised": 1},
    ),
    Pair(
        "a request for consent, then another text",
        "react",
        as_it_is,
        ASK,
        ANOTHER_TEXT,
        (200, 409),
        "consent",
        {"revised": 0},
    ),
    Pair(
        "another text, then a request for consent",
        "react",
        as_it_is,
        ANOTHER_TEXT,
        ASK,
        (201, 409),
        "clarifying",
        {"revised": 1},
    ),
)


def test_of_two_acts_that_exclude_each_other_the_first_counts_and_the_second_is_told_the_truth(
    fresh: Callable[[str], Story], circle: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running("R6") as run:
        for _ in range(times(3, 1000)):
            forced(run, OTHERS, fresh, circle, monkeypatch)
