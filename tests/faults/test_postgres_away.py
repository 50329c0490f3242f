"""R1b and R7b: PostgreSQL is killed, stopped and away; what was answered for stays, and nobody is answered with 500."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.faults.circle import Circle, a_circle, summed_up
from tests.faults.cluster import Cluster, cluster
from tests.faults.run import FULL, running, times
from tests.faults.writers import writing

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(7200)]

REFUSED = 3  # answers with 503 that each absence has to bring
LONG = 30.0  # seconds that one more absence lasts before a release, with such answers until its end


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.fixture(scope="module")
def circle(postgres: Cluster) -> Iterator[Circle]:
    """One for all that is done to its PostgreSQL: it goes on."""
    with a_circle({"DATABASE_URL": postgres.url}) as made:
        yield made


def test_a_postgresql_that_crashes_while_people_write_loses_nothing_that_was_answered_for(
    postgres: Cluster, circle: Circle
) -> None:
    rondo, cast, told = circle
    with running("R1b") as run:
        back = []
        with writing(cast, told) as writers:
            for _ in range(times(3, 100)):
                writers.wait_for(run.chance.randint(1, 30))
                crash = run.chance.choice([postgres.kill, postgres.stop_at_once])
                crash()
                run.fault("kill -9 of the postmaster" if crash == postgres.kill else "pg_ctl -m immediate")
                back.append(postgres.start())
            writers.wait_for(20)
        summed_up(run, rondo, writers, back)


def test_while_postgresql_is_away_commands_are_answered_with_503_and_when_to_come_again(
    postgres: Cluster, circle: Circle
) -> None:
    rondo, cast, told = circle
    with running("R7b") as run:
        back = []
        with writing(cast, told) as writers:
            for _ in range(times(2, 30)):
                writers.wait_for(5)
                stop = run.chance.choice([postgres.stop, postgres.stop_at_once])
                stop()
                run.fault("PostgreSQL away")
                writers.wait_to_be_refused(REFUSED)
                back.append(postgres.start())
            if FULL:
                writers.wait_for(5)
                postgres.stop()
                run.fault("PostgreSQL away for half a minute")
                until = time.monotonic() + LONG
                while time.monotonic() < until:
                    writers.wait_to_be_refused(REFUSED)
                back.append(postgres.start())
            writers.wait_for(20)
        summed_up(run, rondo, writers, back)


def test_a_postgresql_without_a_free_connection_is_answered_with_503() -> None:
    few = ("-c", "max_connections=6", "-c", "superuser_reserved_connections=1")
    with (
        running("R7b-connections") as run,
        cluster(*few) as postgres,
        a_circle({"DATABASE_URL": postgres.url, "RONDO_THREADS": "8"}) as (rondo, cast, told),
    ):
        with writing(cast, told) as writers:
            writers.wait_for(times(20, 500))
        run.fault("answers for want of a connection", writers.statuses[503])
        rondo.stop()
        summed_up(run, rondo, writers, [])
