"""R7: Redis goes and comes back, or has no room, while people write at two server processes: no command is refused for
it, and everybody has every entry in the end, each once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.decisions.story import Story
from tests.faults.circle import a_circle, summed_up
from tests.faults.run import Run, running, times
from tests.faults.writers import Writers, writing
from tests.servers import free_port, redis
from tests.story.conftest import a_database
from tests.story.listener import Listener

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.redis, pytest.mark.timeout(7200)]

THERE = 15.0  # seconds: how late an entry may be that nobody published
SOME = 12  # answered commands that each of its absences lasts
ROOM = ("--maxmemory", "2mb", "--maxmemory-policy", "noeviction")
Ears = Mapping[tuple[str, int], Listener]


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


def test_while_redis_goes_and_comes_back_no_command_is_refused_and_everybody_has_each_entry_once() -> None:
    port = free_port()
    env = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with running("R7") as run, a_database() as database, ExitStack() as there:
        there.enter_context(redis(port))
        with a_circle({**env, **database}, processes=2) as (rondo, cast, told):
            with cast.listening(f"proposal:{told[0].id}", "obi", "fay") as ears:
                with writing(cast, told) as writers:
                    for _ in range(times(3, 60)):
                        writers.wait_for(run.chance.randint(5, SOME))
                        there.close()
                        run.fault("Redis away")
                        writers.wait_for(SOME)
                        there.enter_context(redis(port))
                    writers.wait_for(SOME)
                everybody_has_each_once(run, told[0], ears, last_of(writers, told[0]))
            none_refused(run, writers)
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


def test_a_redis_without_room_refuses_no_command_and_everybody_has_each_entry_once() -> None:
    with running("R7-full") as run, a_database() as database, redis(None, *ROOM) as address:
        env = {"REDIS_URL": address, **database}
        with a_circle(env, processes=2) as (rondo, cast, told):
            with cast.listening(f"proposal:{told[0].id}", "obi", "fay") as ears:
                with writing(cast, told) as writers:
                    writers.wait_for(5)
                    fill(address)
                    run.fault("a Redis that is full")
                    writers.wait_for(times(40, 2000), 600)
                everybody_has_each_once(run, told[0], ears, last_of(writers, told[0]))
            none_refused(run, writers)
            summed_up(run, rondo, writers, [])
