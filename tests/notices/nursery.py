"""Postmen to be killed: a process that is ready to work, and forks one for each line that it reads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pids: list[int] = []

    def start(self, port: int, lease: float) -> None:
        """A postman that sends to the mail server there, and whose leases last so many seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{port} {lease}\n")
        self._process.stdin.flush()
        self.pids.append(int(self._process.stdout.readline()))

    def kill(self) -> None:
        """All that live, without a word."""
        while self.pids:
            os.kill(self.pids.pop(), signal.SIGKILL)


@contextmanager
def running() -> Iterator[Nursery]:
    """Over the test's own database."""
    mine = {name: value for name, value in os.environ.items() if name != "RONDO_OWNER_URL"}
    env = {**mine, "DATABASE_URL": database(), "EMAIL_URL": "smtp://127.0.0.1:1"}
    command = [sys.executable, "-m", "tests.notices.nursery"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True) as process:
        nursery = Nursery(process)
        try:
            yield nursery
        finally:
            nursery.kill()
            process.terminate()


def database() -> str:
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    return f"postgres://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from notices import delivery, postman

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    postman.EVERY = 0.02
    for line in sys.stdin:
        port, lease = line.split()
        pid = os.fork()
        if not pid:
            settings.EMAIL_PORT, delivery.LEASE = int(port), timedelta(seconds=float(lease))
            postman.Postman().run()
        print(pid, flush=True)


if __name__ == "__main__":
    main()
