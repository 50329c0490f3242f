"""One process after the other is restarted, as docs/operating.md has it, while people write and read: nobody's command
fails, and everybody has everything."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from math import inf
from pathlib import Path

import pytest

from config.leaving import SPREAD
from tests.faults.circle import summed_up
from tests.faults.run import quantile, running, times
from tests.faults.writers import stories, writing
from tests.operating.crowd import Crowd, by_tenths, listening
from tests.operating.front import HOST, ROOT, nginx, trusting
from tests.operating.test_stopping import stop_within
from tests.servers import redis
from tests.story.conftest import a_database
from tests.story.people import Cast
from tests.story.rondo import Rondo, serving

pytestmark = [pytest.mark.redis, pytest.mark.postgres, pytest.mark.timeout(1800)]

CROWD = 100
BACK = 30.0  # seconds, of which a process takes a few to begin
RESTARTS = 1012


@pytest.fixture
def rondo() -> Iterator[Rondo]:
    with a_database() as database, redis() as address:
        env = {**database, "REDIS_URL": address, "RONDO_PROXIES": "1", "RONDO_HOSTS": f"{HOST},127.0.0.1"}
        with serving(2, env) as running:
            yield running
            assert running.complaints() == ""


def restarting(rondo: Rondo) -> str:
    """The commands of the page, for this test's ports."""
    page = (ROOT / "docs" / "operating.md").read_text()
    (commands,) = [block for block in re.findall(r"```bash\n(.*?)```", page, re.DOTALL) if "systemctl restart" in block]
    assert "8001 8002" in commands
    return str(commands.replace("8001 8002", " ".join(map(str, rondo.ports))))


@contextmanager
def systemd(rondo: Rondo, folder: Path, ends: list[float]) -> Iterator[dict[str, str]]:
    """A `systemctl` that restarts this test's processes as systemd would, and no `sudo` needed. `ends`: when each was
    told to end."""
    asked, done = folder / "asked", folder / "done"
    os.mkfifo(asked)
    os.mkfifo(done)
    programs = {"systemctl": f'echo "$1 $2" > {asked}; read _ < {done}', "sudo": 'exec "$@"'}
    for name, body in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)

    def serve() -> None:
        while words := asked.read_text().split():
            assert words[0] == "restart", words
            process = rondo.ports.index(int(words[1].removeprefix("rondo@")))
            ends.append(time.monotonic())
            rondo.end(process, stop_within())
            rondo.launch(process)
            done.write_text("done\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    asked.write_text("")
    thread.join(20)


def departures(goings: list[float], ends: list[float]) -> list[list[float]]:
    """When sockets were let go, by the process that let them go: no two end at the same time."""
    return [[at for at in goings if end <= at < later] for end, later in pairwise([*ends, inf])]


def test_restarting_one_after_the_other_fails_no_command_and_costs_no_reader_an_entry(
    rondo: Rondo, tmp_path: Path
) -> None:
    cast, turns, ends = Cast(rondo), times(1, 10), list[float]()
    told = stories(cast, 3)
    topic, token = f"proposal:{told[0].id}", str(cast["pia"].token)
    with running("R19") as run, nginx(tmp_path, rondo.urls) as port:
        trust = trusting(tmp_path / "certificate.pem")
        crowd = Crowd(f"wss://127.0.0.1:{port}/ws/v1/", topic, token, trust, CROWD)
        through = ([f"https://127.0.0.1:{port}"], trust)
        with listening(crowd):
            crowd.wait("let in", lambda ear: ear.here, BACK)
            with writing(cast, told, through=through) as writers, systemd(rondo, tmp_path, ends) as env:
                for _ in range(turns):
                    writers.wait_for(50)
                    subprocess.run(["bash", "-euc", restarting(rondo)], env=env, check=True, timeout=120)
                    run.fault("a process restarted under load", len(rondo.ports))
                writers.wait_for(50)
            last = int(told[0].snapshot()["seq"])
            crowd.wait("back, with everything", lambda ear: ear.here and ear.heard[-1:] == [last], BACK)
        # 409: an objection that came when all had consented.
        assert set(writers.statuses) <= {200, 201, 409}, writers.statuses
        for ear in crowd.ears:
            if ear.heard != list(range(1, last + 1)):
                run.found("gaps", f"a reader heard {len(ear.heard)} entries of {last}")
            assert set(ear.let_go) == {RESTARTS}
            assert ear.turned_away == 0
        summed_up(run, rondo, writers, [])
        left = departures(crowd.goings(), ends)
        run.figures["most_let_go_in_a_tenth_of_a_second"] = max(max(by_tenths(one).values()) for one in left)
        for one in left:
            assert quantile(one, 1) - quantile(one, 0) > SPREAD / 2, one
            # Late readers come in heaps, and each of these heaps is a small part of them.
            assert quantile(one, 0.75) - quantile(one, 0.25) > SPREAD / 8, one
        # This crowd comes back at once, so as it was let go, and in heaps where the machine is slow. A page first waits
        # for a tenth of a second to a whole one, by chance: frontend/src/live/connection.test.ts holds it to that.
        returns = crowd.returns()
        run.figures |= {"readers": CROWD, "most_back_in_a_tenth_of_a_second": max(returns.values())}
