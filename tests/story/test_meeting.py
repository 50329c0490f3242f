"""A circle decides in one room over two servers, cut off again and again: nothing is lost, and nobody goes unheard."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bench.meeting import circle
from bench.parts.judge import judged
from bench.parts.meeting import Meeting
from tests.servers import redis
from tests.story.conftest import a_database
from tests.story.rondo import Rondo, serving

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.timeout(300)]

MEMBERS = 12
SEED = 7


@pytest.fixture
def two() -> Iterator[Rondo]:
    """An installation of its own: what is cut and killed here disturbs nobody."""
    with (
        a_database() as database,
        redis() as between,
        serving(2, {**database, "REDIS_URL": between}) as it,
    ):
        yield it
        assert it.complaints() == ""


def test_a_meeting_that_is_cut_off_again_and_again_ends_with_one_picture_for_all_and_everybody_heard(
    two: Rondo,
) -> None:
    made = circle(two, MEMBERS)
    meeting = Meeting(two.ports, made["people"], made["team"], SEED)
    judgement = asyncio.run(decided(meeting))
    assert judgement == dict.fromkeys(judgement, 0), meeting.surprises
    assert set(meeting.refused) <= {"paused", "round_closed", "wrong_phase"}
    screens = [seat.screen for seat in meeting.seats]
    assert sum(screen.cuts for screen in screens) > MEMBERS / 2
    assert sum(screen.re_asked for screen in screens) > 0
    assert sum(screen.lost for screen in screens) > 0
    two.manage("verify_journal")


async def decided(meeting: Meeting) -> dict[str, int]:
    await meeting.gather()
    await meeting.play()
    try:
        snapshot = await meeting.snapshot()
        assert (snapshot["phase"], snapshot["revision"]) == ("adopted", 2)
        return await judged(meeting)
    finally:
        await meeting.end()
