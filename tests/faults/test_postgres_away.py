"""R1b and R7b: PostgreSQL is killed, stopped and away; what was answered for stays, and nobody is answered with 500."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from psycopg.rows import TupleRow

from tests.faults.circle import Circle, a_circle, summed_up
from tests.faults.cluster import Cluster, cluster
from tests.faults.run import FULL, running, times
from tests.faults.writers import writing

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(7200)]

REFUSED = 3  # answers with 503 that each absence has to bring
LOSE = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> ALL(%s)
"""
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
    """First the server's threads lack some, then all."""
    few = ("-c", "max_connections=7", "-c", "superuser_reserved_connections=1")
    with (
        running("R7b-connections") as run,
        cluster(*few) as postgres,
        psycopg.connect(postgres.url, autocommit=True) as owner,
        a_circle({"DATABASE_URL": postgres.url, "RONDO_THREADS": "8"}) as (rondo, cast, told),
    ):
        with writing(cast, told) as writers:
            for _ in range(times(2, 50)):
                writers.wait_for(10)
                with all_connections_taken(postgres, owner):
                    run.fault("no connection for anybody")
                    writers.wait_to_be_refused(REFUSED)
            writers.wait_for(20)
        rondo.stop()
        summed_up(run, rondo, writers, [])


@contextmanager
def all_connections_taken(postgres: Cluster, owner: psycopg.Connection[TupleRow]) -> Iterator[None]:
    """Whoever has one loses it, and others have it before they ask again."""
    with ExitStack() as stack:
        ours = [owner.info.backend_pid]
        while True:
            try:
                line = stack.enter_context(psycopg.connect(postgres.url))
            except psycopg.OperationalError:
                found = owner.execute(LOSE, [ours]).fetchone()
                if found == (0,):
                    break
            else:
                ours.append(line.info.backend_pid)
        yield
