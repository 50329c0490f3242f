"""R7: Redis goes and comes back, or has no room, while people write at two server processes: no command is refused for
it, everybody has every entry in the end, each once, and also while it is away nobody waits longer than for a head."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from redis import Redis
from redis.exceptions import RedisError

from decisions.live.relay import QUIET
from tests.decisions.story import Story
from tests.faults.circle import Circle, a_circle, summed_up
from tests.faults.run import Run, running, times
from tests.faults.writers import Writers, stories, writing
from tests.servers import free_port, redis
from tests.story.conftest import a_database
from tests.story.listener import Listener
from tests.story.people import Cast
from tests.story.rondo import Rondo

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.redis, pytest.mark.timeout(7200)]

THERE = 15.0  # seconds: how late an entry may be that nobody published
SOME = 12  # answered commands that each of its absences lasts
LONG = 3  # of so many absences one lasts until all is heard at the other process too
ROOM = ("--maxmemory", "2mb", "--maxmemory-policy", "noeviction")
SPEAKS = re.compile(r" (?:WARNING|ERROR) (rondo\.live\.relay|channels_redis\.pubsub): ")
Ears = Mapping[tuple[str, int], Listener]


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def circle(port: int) -> Iterator[Circle]:
    """One for all that is done to the Redis at that port: it goes on."""
    with a_database() as database, ExitStack() as served:
        with redis(port) as address:
            made = served.enter_context(a_circle({"REDIS_URL": address, **database}, processes=2))
        yield made


def everybody_has_each_once(run: Run, story: Story, ears: Ears, last: int) -> None:
    """Notes how long that took after the last command, and who has one twice or lacks one."""
    began = time.monotonic()
    topic = f"proposal:{story.id}"
    for (name, process), ear in ears.items():
        ear.wait_for_entry(topic, last, THERE)
        heard = [entry["seq"] for entry in ear.entries(topic)]
        if heard != list(range(1, len(heard) + 1)):
            run.found("gaps", f"{name} at process {process} heard {heard[-20:]}")
    run.converge_p99_ms = round((time.monotonic() - began) * 1000)


def none_refused(run: Run, writers: Writers) -> None:
    for status, often in writers.statuses.items():
        if status >= 300 and status != 409:  # an objection that came when all had consented
            run.found("server_errors", f"{often} × {status}")


def last_of(writers: Writers, story: Story) -> int:
    return max(one.seq for one in writers.acked if one.proposal == story.id)


@dataclass
class Heard:
    """A story, those who hear of it, and the numbers of the entries that were made while Redis was away."""

    story: Story
    ears: Ears
    made: set[int] = field(default_factory=set)

    @property
    def topic(self) -> str:
        return f"proposal:{self.story.id}"

    def by_all(self) -> None:
        for ear in self.ears.values():
            ear.wait_for_entry(self.topic, max(self.made), THERE)

    def lags(self) -> list[float]:
        """For each: seconds from its first hearing, at the process that made it, until the last had heard it."""
        times = [ear.times(self.topic) for ear in self.ears.values()]
        heard = [[at[seq] for at in times] for seq in sorted(self.made)]
        return [max(moments) - min(moments) for moments in heard]


def said_once(cast: Cast, story: Story, process: int, number: int) -> int:
    """The number of the entry."""
    path, thought = f"rounds/{story.round}/reactions/", {"text": f"Absence {number}"}
    answer = cast["pia"].send(cast.rondo.url(process), "POST", path, thought)
    assert answer.status_code in (200, 201), answer.text
    return max(int(entry["seq"]) for entry in answer.json()["entries"])


def one_line_a_minute(run: Run, rondo: Rondo, since: float) -> None:
    """Of each of the two who speak of Redis, in the log of each process: its being away is told, and not each try."""
    minutes = int((time.monotonic() - since) / QUIET) + 1
    told = [Counter(SPEAKS.findall(rondo.log(process).read_text())) for process in range(len(rondo.ports))]
    run.figures["lines_about_redis"] = sum(sum(lines.values()) for lines in told)
    for lines in told:
        assert lines["rondo.live.relay"] > 0, told
        assert max(lines.values()) <= minutes, (told, minutes)


def test_while_redis_goes_and_comes_back_no_command_is_refused_and_nobody_waits_longer_than_for_a_head(
    port: int, circle: Circle
) -> None:
    """Of the quiet proposal one thing is said in each absence, at one process: no later word tells the other of it."""
    rondo, cast, told = circle
    began = time.monotonic()
    with running("R7") as run, ExitStack() as away, ExitStack() as listening:
        away.enter_context(redis(port))
        busy, quiet = (
            Heard(one, listening.enter_context(cast.listening(f"proposal:{one.id}", "obi", "fay"))) for one in told[1:]
        )
        with writing(cast, told[:2]) as writers:
            for number in range(1, times(3, 60) + 1):
                writers.wait_for(run.chance.randint(5, SOME))
                away.close()
                run.fault("Redis away")
                before = last_of(writers, busy.story)
                quiet.made.add(said_once(cast, quiet.story, number % 2, number))
                writers.wait_for(SOME)
                if number % LONG == 0:
                    quiet.by_all()
                busy.made.update(range(before + 1, last_of(writers, busy.story) + 1))
                away.enter_context(redis(port))
            writers.wait_for(SOME)
        everybody_has_each_once(run, busy.story, busy.ears, last_of(writers, busy.story))
        quiet.by_all()
        for what, one in (("busy", busy), ("quiet", quiet)):
            lags = one.lags()
            run.figures[f"{what}_entries_while_redis_was_away"] = len(lags)
            run.figures[f"{what}_entries_heard_at_the_other_process_within_ms"] = round(max(lags) * 1000)
            assert max(lags) <= THERE, lags
        none_refused(run, writers)
        one_line_a_minute(run, rondo, began)
        summed_up(run, rondo, writers, [])


def fill(url: str) -> None:
    """Until it takes nothing more."""
    client, number = Redis.from_url(url), 0
    try:
        while True:
            client.set(f"ballast:{number}", b"\0" * 4096)
            number += 1
    except RedisError:
        return
    finally:
        client.close()


def test_a_redis_without_room_refuses_no_command_and_everybody_has_each_entry_once(port: int, circle: Circle) -> None:
    rondo, cast, _ = circle
    with running("R7-full") as run, redis(port, *ROOM) as address:
        told = stories(cast, 3)  # of the others there may be more than a socket is sent from the beginning
        with cast.listening(f"proposal:{told[0].id}", "obi", "fay") as ears:
            with writing(cast, told) as writers:
                writers.wait_for(5)
                fill(address)
                run.fault("a Redis that is full")
                writers.wait_for(times(40, 2000), 600)
            everybody_has_each_once(run, told[0], ears, last_of(writers, told[0]))
        none_refused(run, writers)
        summed_up(run, rondo, writers, [])
