"""The postman as processes and threads: killed as often as one likes it loses nothing, and several never double."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, transaction

from conventions import clock
from conventions.models import KeptAnswer
from notices import delivery, postman
from notices.models import Mail, State
from notices.outbox import Letter, bell, queue
from notices.postman import Postman
from tests.faults.run import Run, running, times
from tests.notices.conftest import written
from tests.notices.nursery import Nursery
from tests.notices.sink import Sink

MAILS = 8
SHORT, LONG = 0.1, 300.0  # seconds of a lease
PATIENCE = 30.0


def wait_until(true: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit, what
        time.sleep(0.01)


def all_sent() -> bool:
    return not Mail.objects.exclude(state=State.SENT).exists()


class Killer:
    """Kills the postman in the middle of a mail: before it is taken, before it is told so, or while it notes it."""

    def __init__(self, nursery: Nursery, kills: int, chance: random.Random) -> None:
        self._nursery, self._left, self._chance = nursery, kills, chance
        self._later: threading.Timer | None = None
        self.deaths = 0

    def before_it_is_taken(self) -> None:
        if self._left and self._chance.random() < 0.3:
            self._kill()

    def when_it_is_taken(self) -> None:
        if not self._left or self._chance.random() < 0.2:
            return
        if self._chance.random() < 0.5:
            self._kill()
        else:
            self._later = threading.Timer(self._chance.uniform(0, 0.01), self._kill)
            self._later.start()

    def _kill(self) -> None:
        if self._nursery.pids:
            self._left -= 1
            self._nursery.kill()
            self.deaths += 1

    def rest(self) -> None:
        if self._later is not None:
            self._later.join()


def test_however_often_it_is_killed_each_mail_arrives_and_no_death_doubles_more_than_one(
    nursery: Nursery, sink: Sink
) -> None:
    with running("R16") as run:
        killer = Killer(nursery, kills := times(16, 50), run.chance)
        sink.on_recipient, sink.on_data = killer.before_it_is_taken, killer.when_it_is_taken
        number = 0
        while killer.deaths < kills:
            number += 1
            with transaction.atomic():
                queue(f"never:{number}", [Letter("nobody@example.org", "Never", "Words.")])
                transaction.set_rollback(True)
            written(f"event:{number}", *(f"m{one}@example.org" for one in range(MAILS)))
            while not all_sent():
                if not nursery.pids:
                    nursery.start(sink.port, SHORT)
                wait_until(lambda: not nursery.pids or all_sent(), "the postman neither died nor finished")
            killer.rest()
        run.fault("kill -9 of the postman", killer.deaths)
        counted(run, sink)


def counted(run: Run, sink: Sink) -> None:
    came = Counter(one.message_id for one in sink.received)
    told = set(Mail.objects.values_list("message_id", flat=True))
    again, deaths = came.total() - len(came), sum(run.faults.values())
    run.acked = len(told)
    run.figures["mails_that_came_again_with_the_same_id"] = again
    for name in told - came.keys():
        run.found("lost", f"the mail {name} never came")
    if came.keys() - told or sink.of("nobody@example.org"):
        run.found("impossible", "a mail of what was never committed")
    if again > deaths:
        run.found("dup", f"{again} mails came again after {deaths} deaths")


def test_several_at_once_send_each_mail_once(nursery: Nursery, sink: Sink) -> None:
    for _ in range(3):
        nursery.start(sink.port, LONG)
    for number in range(2):
        written(f"event:{number}", *(f"m{one}@example.org" for one in range(20)))
    wait_until(all_sent, "the postmen did not finish")
    assert set(sink.counts().values()) == {2}
    assert len({one.message_id for one in sink.received}) == len(sink.received) == 40
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}


@pytest.fixture
def sleepy(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Postman:
    """A postman of this process that would not look again by itself."""
    monkeypatch.setattr(postman, "EVERY", 3600.0)
    bell.clear()
    return Postman()


def test_a_commit_wakes_it_at_once(sleepy: Postman, sink: Sink) -> None:
    sleepy.start()
    for number in range(3):
        written(f"event:{number}")
        sink.wait_for(number + 1)
    asyncio.run(sleepy.stop())
    assert not sleepy.is_alive()
    assert all_sent()


def test_answers_that_were_kept_for_two_days_go_at_its_first_look(sleepy: Postman) -> None:
    kept = {"account": "fay", "fingerprint": "", "status": 201, "content_type": "", "body": b"{}"}
    KeptAnswer.objects.create(key="old", made_at=clock.now() - timedelta(hours=48), **kept)
    KeptAnswer.objects.create(key="new", made_at=clock.now() - timedelta(hours=47), **kept)
    sleepy.start()
    wait_until(lambda: not KeptAnswer.objects.filter(key="old").exists(), "the old answer is kept still")
    asyncio.run(sleepy.stop())
    assert [answer.key for answer in KeptAnswer.objects.all()] == ["new"]


def test_a_database_that_is_away_for_a_moment_does_not_end_it(
    sleepy: Postman, sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deliver = delivery.deliver
    answers = iter([InterfaceError("the connection is closed"), OperationalError("not there")])

    def away(worker: str, going_on: Callable[[], bool]) -> int:
        fault = next(answers, None)
        if fault is None:
            return deliver(worker, going_on)
        bell.set()
        raise fault

    monkeypatch.setattr(delivery, "deliver", away)
    written()
    sleepy.start()
    sink.wait_for(1)
    asyncio.run(sleepy.stop())
    assert all_sent()
    assert caplog.text.count("could not look into the outbox") == 2


def test_a_mail_server_that_stalls_does_not_hold_up_the_end(
    sleepy: Postman, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postman, "PATIENCE", 0.05)
    reached = threading.Event()
    sink.answers = ["stalls"]
    sink.on_recipient = reached.set
    sleepy.start()
    written()
    assert reached.wait(PATIENCE)
    asyncio.run(sleepy.stop())
    assert sleepy.is_alive()
    mail = Mail.objects.get()
    assert (mail.state, mail.leased_by) == (State.WAITING, sleepy.worker)
    sink.let_go()
    sleepy.join(PATIENCE)


def test_what_another_process_left_is_found_by_looking(nursery: Nursery, sink: Sink) -> None:
    nursery.start(sink.port, LONG)
    written()
    sink.wait_for(1)
    assert sink.of("max@example.org")
