"""R7b: PostgreSQL's machine is gone, and its standby takes over. Rondo knows both by `DATABASE_URL` and goes on.

Where the primary waits for its standby, nothing that was answered for is lost. Where it does not, what the standby had
not heard of yet is gone: that is counted and told, and `manage.py restored` names it to whoever holds a receipt."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence

import pytest

from tests.faults.circle import Circle, a_circle, summed_up
from tests.faults.cluster import Cluster, cluster, unmade
from tests.faults.judge import Acked, Rows
from tests.faults.receipts import newer_are_named
from tests.faults.run import running, times
from tests.faults.writers import WRITERS, Writers, writing

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(7200)]


class Pair:
    """A primary and its standby, which it does not wait for; `url` is of whichever takes what is written."""

    def __init__(self, one: Cluster, other: Cluster) -> None:
        self.primary, self.standby = one, other
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in (one, other))
        self.url = f"postgres://rondo@{hosts}/rondo?target_session_attrs=read-write"
        other.follow(one)

    def waits(self) -> None:
        """From here on. Not before there is a standby, nor in what that is a copy of: it would wait for ever."""
        self.primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.ask("SELECT pg_reload_conf()")

    def hands_over(self, writers: Writers) -> float:
        """On purpose: the primary takes nothing any more, tells its standby all it has, and ends."""
        self.primary.ask("ALTER SYSTEM SET default_transaction_read_only = on")
        self.primary.ask("SELECT pg_reload_conf()")
        writers.wait_to_be_refused(1)
        self.primary.stop()
        return self.standby.promote()

    def is_taken_over(self, writers: Writers) -> float:
        self.primary.vanish()
        writers.wait_to_be_refused(1)
        return self.standby.promote()

    def hears_nothing(self) -> None:
        """The line to the standby is as if cut: the process that sends stands still."""
        ((sender,),) = self.primary.ask("SELECT pid FROM pg_stat_replication")
        os.kill(sender, signal.SIGSTOP)

    def have_a_standby(self) -> None:
        """Who took over has one again: a new one, where the old primary was."""
        if self.primary.is_gone:
            self.primary, self.standby = self.standby, self.primary
            self.standby.follow(self.primary)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with cluster() as primary, unmade() as standby:
        yield Pair(primary, standby)


@pytest.fixture(scope="module")
def circle(pair: Pair) -> Iterator[Circle]:
    """One for all that is done to the pair: it goes on whoever leads."""
    with a_circle({"DATABASE_URL": pair.url}) as made:
        yield made


def test_a_standby_that_is_waited_for_or_handed_over_to_has_everything_that_was_answered_for(
    pair: Pair, circle: Circle
) -> None:
    rondo, cast, told = circle
    with running("R7b-standby") as run:
        back = []
        with writing(cast, told) as writers:
            for turn in range(times(2, 20)):
                pair.have_a_standby()
                if turn % 2 == 0:
                    pair.waits()
                writers.wait_for(run.chance.randint(10, 30))
                if turn % 2:
                    back.append(pair.hands_over(writers))
                    run.fault("a primary that hands over")
                else:
                    back.append(pair.is_taken_over(writers))
                    run.fault("a primary gone, its standby promoted")
                writers.wait_for(20)
        summed_up(run, rondo, writers, back)


def test_what_a_standby_that_is_not_waited_for_had_not_heard_of_is_counted_and_named_to_its_authors(
    pair: Pair, circle: Circle
) -> None:
    rondo, cast, told = circle
    with running("R7b-standby-behind") as run:
        gone = answered = 0
        for _ in range(times(1, 10)):
            pair.have_a_standby()
            with writing(cast, told) as writers:
                writers.wait_for(10)
                pair.hears_nothing()
                writers.wait_for(run.chance.randint(5, 20))
                pair.primary.vanish()
                writers.wait_to_be_refused(2 * WRITERS)  # so nobody is still being answered
                before = list(writers.acked)
                pair.standby.promote()
                run.fault("a primary gone while its standby was behind")
                writers.wait_for(10)
            assert "Epoch" in rondo.manage("restored")
            newer_are_named(run, cast, Rows(pair.url), writers.acked)
            there = still_there(Rows(pair.url), before)
            gone, answered = gone + len(before) - len(there), answered + len(before)
            writers.acked = there + writers.acked[len(before) :]
            writers.broken_off.clear()  # what was to be gone on with is gone
            summed_up(run, rondo, writers, [])
        run.figures["answered_for_and_gone"] = f"{gone} of {answered}"
        assert gone, "the standby had heard of everything, so nothing was measured"


def still_there(rows: Rows, acked: Sequence[Acked]) -> list[Acked]:
    kept = {(row[0], row[1]): row[8] for row in rows.journal()}
    return [one for one in acked if kept.get((one.proposal, one.seq)) == one.hash]
