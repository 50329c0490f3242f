"""R6: who leads, who belongs to the circle and what time it is change at the moment at which somebody acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from decisions import submit
from teams.models import Account, Team
from tests.api.test_races import press
from tests.conftest import bring
from tests.decisions.conftest import Clients
from tests.decisions.story import Json, Story
from tests.faults.orders import (
    ALL_BUT_PIA,
    CONSENT,
    OBJECTION,
    Pair,
    consented,
    forced,
    on_it,
)
from tests.faults.run import running, times

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]

PAST_DUE = timedelta(days=3, hours=1)
GONE = 403 if connection.vendor == "postgresql" else 404
"""PostgreSQL looked for the row while Max belonged to the team still, and he waited at its lock; SQLite looks later."""


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Threads see only what is committed."""


def heard_in_a_room(story: Story) -> None:
    """Everybody is heard, the room waits for *next*, and Max is asked to take the chair."""
    for path in ("room/", "room/join/"):
        story.does("fay", "POST", f"proposals/{story.id}/{path}", {})
    story.does("pia", "POST", f"proposals/{story.id}/room/join/", {})
    story.clear()
    story.does("fay", "POST", f"proposals/{story.id}/facilitator/", {"to": story.people["max"]})


def the_clock_strikes(_circle: Clients, story: Story) -> Callable[[], tuple[int, Json]]:
    def act() -> tuple[int, Json]:
        submit.let_time_pass(story.id)
        return 200, {}

    return act


def max_leaves(circle: Clients, story: Story) -> Callable[[], tuple[int, Json]]:
    return press(circle["max"], "DELETE", f"teams/{story.team}/members/{story.people['max']}/")


def ended(story: Story) -> None:
    """Whoever leaves a team leaves all that is open in it: what is over for this test is to be over."""
    if story.snapshot("pia")["phase"] not in ("adopted", "withdrawn"):
        story.does("pia", "POST", f"proposals/{story.id}/withdraw/", {})


def max_comes_back(story: Story) -> None:
    """To the team; not to this proposal, if it is open still."""
    ended(story)
    fay, back = (Account.objects.get(pk=story.people[who]) for who in ("fay", "max"))
    bring(Team.objects.get(slug=story.team), fay, back)


ACCEPT = on_it("max", "facilitator/accept", lambda story: {})
NEXT = on_it("fay", "room/next", lambda story: {"on": story.round})
MARK_PIA = on_it("fay", "absences", lambda story: {"participant": story.people["pia"], "on": story.round})

CHAIR = (
    Pair(
        "another chair, then leading on by the former one",
        "open",
        heard_in_a_room,
        ACCEPT,
        NEXT,
        (200, 403),
        "clarifying",
        {"facilitator_changed": 1, "round_closed": 0},
        after=ended,
    ),
    Pair(
        "leading on, then another chair",
        "open",
        heard_in_a_room,
        NEXT,
        ACCEPT,
        (200, 200),
        "reaction",
        {"facilitator_changed": 1, "round_closed": 1},
        after=ended,
    ),
)
DUE = (
    Pair(
        "the due time, then the last answer",
        "ask_for_consent",
        ALL_BUT_PIA,
        the_clock_strikes,
        CONSENT,
        (200, 200),
        "adopted",
        {"time_passed": 1, "adopted": 1},
        PAST_DUE,
    ),
    Pair(
        "the last answer, then the due time",
        "ask_for_consent",
        ALL_BUT_PIA,
        CONSENT,
        the_clock_strikes,
        (200, 200),
        "adopted",
        {"time_passed": 1, "adopted": 1},
        PAST_DUE,
    ),
    Pair(
        "marked absent as the last one, then an answer",
        "ask_for_consent",
        ALL_BUT_PIA,
        MARK_PIA,
        CONSENT,
        (200, 409),
        "adopted",
        {"marked_absent": 1, "consented": 2, "adopted": 1},
        PAST_DUE,
    ),
    Pair(
        "the last answer, then marked absent",
        "ask_for_consent",
        ALL_BUT_PIA,
        CONSENT,
        MARK_PIA,
        (200, 409),
        "adopted",
        {"marked_absent": 0, "consented": 3, "adopted": 1},
        PAST_DUE,
    ),
)
LEAVING = (
    Pair(
        "leaving, then the last answer of another",
        "ask_for_consent",
        consented("fay"),
        max_leaves,
        CONSENT,
        (204, 200),
        "adopted",
        {"participant_left": 1, "adopted": 1},
        after=max_comes_back,
    ),
    Pair(
        "an answer of another, then the last one awaited leaves",
        "ask_for_consent",
        consented("fay"),
        CONSENT,
        max_leaves,
        (200, 204),
        "adopted",
        {"participant_left": 1, "adopted": 1},
        after=max_comes_back,
    ),
    Pair(
        "leaving, then an objection by who left",
        "ask_for_consent",
        consented("fay", "pia"),
        max_leaves,
        OBJECTION,
        (204, GONE),
        "adopted",
        {"adopted": 1, "objection_raised": 0},
        after=max_comes_back,
    ),
    Pair(
        "the last answer an objection, then leaving",
        "ask_for_consent",
        consented("fay", "pia"),
        OBJECTION,
        max_leaves,
        (200, 204),
        "revising",
        {"adopted": 0, "objection_raised": 1, "returned": 1},
        after=max_comes_back,
    ),
)


def test_whatever_changes_around_somebody_who_acts_the_first_counts_and_the_second_is_told_the_truth(
    fresh: Callable[[str], Story], circle: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running("R6-changes") as run:
        for _ in range(times(1, 1000)):
            forced(run, CHAIR + DUE + LEAVING, fresh, circle, monkeypatch)
