"""R1: the server is killed without a word while people write, at any moment and at the worst ones."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import uuid4

import httpx
import pytest

from tests.faults.circle import Circle, a_circle, database, summed_up
from tests.faults.crashing import POINTS
from tests.faults.judge import MAILS, Rows
from tests.faults.run import Run, running, times
from tests.faults.writers import writing
from tests.story.people import Cast
from tests.story.rondo import Rondo

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]

PATIENCE = 30.0


@pytest.fixture(scope="module")
def circle() -> Iterator[Circle]:
    """One that is killed all the time, and goes on."""
    with a_circle() as made:
        yield made


def test_a_server_killed_at_any_moment_loses_nothing_that_it_answered_for_and_doubles_nothing(circle: Circle) -> None:
    rondo, cast, told = circle
    with running("R1-random") as run:
        back: list[float] = []
        with writing(cast, told) as writers:
            for _ in range(times(4, 200)):
                writers.wait_for(1)
                threading.Event().wait(run.chance.uniform(0.05, 0.8))  # the moment of the fault, not a wait for one
                rondo.kill(0)
                run.fault("kill -9 of the server")
                began = time.monotonic()
                rondo.start(0)
                back.append(time.monotonic() - began)
            writers.wait_for(20)
        summed_up(run, rondo, writers, back)


def test_a_server_killed_at_a_pointed_moment_loses_nothing_and_doubles_nothing(circle: Circle) -> None:
    rondo, cast, told = circle
    with running("R1-pointed") as run:
        points = [*POINTS] * times(1, 20)
        run.chance.shuffle(points)
        with writing(cast, told) as writers, inviting(cast, told[0].team) as invited:
            writers.wait_for(1)
            rondo.kill(0)
            rondo.program = "tests.faults.crashing"
            for point in points:
                rondo.env["RONDO_CRASH_AT"] = f"{point}:{1 if point == 'in_outbox' else run.chance.randint(1, 10)}"
                rondo.start_to_end(0, PATIENCE)
                run.fault(f"kill -9 at {point}")
            rondo.program = "config.server"
            rondo.start(0)
            writers.wait_for(20)
        letters(run, rondo, invited)
        summed_up(run, rondo, writers, back=())


@contextmanager
def inviting(cast: Cast, team: str) -> Iterator[list[str]]:
    """Fay invites one address after the other, each with a key of its own, and notes those that were answered for."""
    fay, url = cast["fay"], cast.rondo.url(0)
    over, answered = threading.Event(), list[str]()

    def invite() -> None:
        while not over.is_set():
            email = f"{uuid4().hex}@example.org"
            key = {"Idempotency-Key": email}
            while not over.is_set():
                with suppress(httpx.TransportError):
                    made = fay.send(
                        url, "POST", f"teams/{team}/invitations/", {"email": email, "role": "member"}, **key
                    )
                    if made.status_code == 201:
                        answered.append(email)
                        break
                over.wait(0.1)

    one = threading.Thread(target=invite)
    one.start()
    try:
        yield answered
    finally:
        over.set()
        one.join(60)


def letters(run: Run, rondo: Rondo, invited: Sequence[str]) -> None:
    """Each invitation that was answered for has its one mail in the outbox, however often the server died."""
    queued = Counter(address for (address,) in Rows(database(rondo)).ask(MAILS))
    run.figures["invitations_answered"] = len(invited)
    for address in invited:
        if queued[address] != 1:
            run.found("dup" if queued[address] else "lost", f"{queued[address]} mails to {address}")
