"""PostgreSQL of one's own that keeps its word (fsync on), to be killed, stopped, started again and followed."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.servers import a_folder, free_port, is_ready, postgres_programs

PATIENCE = 60.0
NAP = 0.02


class Cluster:
    """`url` stays the same over every crash."""

    def __init__(self, folder: Path, how: dict[str, Any], options: tuple[str, ...] = ()) -> None:
        self.folder, self.how, self.options = folder, how, options
        self.programs, self.port = postgres_programs(), free_port()
        self.data = folder / "cluster"
        self.at = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "rondo")
        self.url = f"postgres://rondo@127.0.0.1:{self.port}/rondo"
        self._process: subprocess.Popen[bytes] | None = None

    def make(self, *words: str) -> None:
        """`words`: more for `initdb`."""
        usual = ("-U", "rondo", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", "-D", str(self.data), *usual, *words)
        self.start()
        subprocess.run([self.programs / "createdb", *self.at, "rondo"], check=True)

    def follow(self, primary: Cluster) -> None:
        """From here on its standby, begun with a copy of it; whatever was here is gone."""
        shutil.rmtree(self.data, ignore_errors=True)
        words = ("--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync", *primary.at)
        self._run("pg_basebackup", "-D", str(self.data), *words)
        self.start()

    def obey(self, commands: str, **names: str) -> None:
        """What a shell is told, as the user to whom the cluster belongs and with PostgreSQL's programs in its reach."""
        at = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "rondo"}
        env = {**at, **names, "PATH": f"{self.programs}:{os.environ['PATH']}", "DATA": str(self.data)}
        subprocess.run(["bash", "-euc", commands], check=True, cwd=self.folder, env=env, **self.how)

    def promote(self) -> float:
        """The standby takes over; how many seconds that took."""
        began = time.monotonic()
        assert self.ask("SELECT pg_promote()") == [(True,)], (self.folder / "said").read_text()
        return time.monotonic() - began

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """By a connection of its own, outside of any transaction."""
        with psycopg.connect(self.url, autocommit=True) as there:
            found = there.execute(statement)  # type: ignore[call-overload,unused-ignore]
            return found.fetchall() if found.description else []

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.programs / program), *words]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, **self.how)

    def start(self) -> float:
        """Until it answers again; how many seconds that took."""
        began = time.monotonic()
        while not is_ready(self.programs, self.at):
            assert time.monotonic() < began + PATIENCE, (self.folder / "said").read_text()
            if self._process is None or self._process.poll() is not None:
                self._process = self._launch()  # also where the children of the one that was killed were still ending
            time.sleep(NAP)
        return time.monotonic() - began

    def _launch(self) -> subprocess.Popen[bytes]:
        words = ["-D", str(self.data), "-p", str(self.port), "-c", "listen_addresses=127.0.0.1"]
        words += ["-c", "unix_socket_directories=", *self.options]
        with (self.folder / "said").open("ab") as sink:
            return subprocess.Popen(
                [str(self.programs / "postgres"), *words],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                **self.how,
            )

    def kill(self) -> None:
        """The postmaster, without a word; its children find out and end."""
        self._end(signal.SIGKILL)

    def vanish(self) -> None:
        """All of its processes at once, as a machine goes: none of them answers or passes on one word more."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)
        for child in self.children():
            os.kill(child, signal.SIGKILL)
        self.kill()

    @property
    def is_gone(self) -> bool:
        return self._process is None

    def processes(self) -> list[int]:
        """By number; the postmaster first."""
        return [self._process.pid, *self.children()] if self._process else []

    def children(self) -> list[int]:
        assert self._process is not None
        found = subprocess.run(["pgrep", "-P", str(self._process.pid)], capture_output=True, text=True, check=False)
        return [int(line) for line in found.stdout.split()]

    def stop_at_once(self) -> None:
        """`pg_ctl -m immediate`: no checkpoint, the next start recovers from the log."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """`pg_ctl -m fast`."""
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            os.kill(self._process.pid, how)
            self._process.wait(PATIENCE)
            self._process = None


OWNER = "postgres" if getpass.getuser() == "root" else None
HOW: dict[str, Any] = {"user": OWNER, "group": OWNER, "extra_groups": []} if OWNER else {}
"""PostgreSQL will not run as root."""


@contextmanager
def unmade(*options: str) -> Iterator[Cluster]:
    """A place for one, that is not there yet."""
    with a_folder(OWNER) as folder:
        place = Cluster(folder, HOW, options)
        try:
            yield place
        finally:
            place.stop_at_once()


@contextmanager
def cluster(*options: str) -> Iterator[Cluster]:
    with unmade(*options) as made:
        made.make()
        yield made
