"""A PostgreSQL of one's own that keeps its word (fsync on), to be killed, stopped and started again."""

from __future__ import annotations

import getpass
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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

    def make(self) -> None:
        words = ["-D", str(self.data), "-U", "rondo", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        quiet = subprocess.DEVNULL
        subprocess.run([str(self.programs / "initdb"), *words], check=True, cwd=self.folder, stdout=quiet, **self.how)
        self.start()
        subprocess.run([self.programs / "createdb", *self.at, "rondo"], check=True)

    def start(self) -> float:
        """Until it answers again; how many seconds that took."""
        began = time.monotonic()
        while not is_ready(self.programs, self.at):
            assert time.monotonic() < began + PATIENCE, (self.folder / "log").read_text()
            if self._process is None or self._process.poll() is not None:
                self._process = self._launch()  # also where the children of the one that was killed were still ending
            time.sleep(NAP)
        return time.monotonic() - began

    def _launch(self) -> subprocess.Popen[bytes]:
        words = ["-D", str(self.data), "-p", str(self.port), "-c", "listen_addresses=127.0.0.1"]
        words += ["-c", "unix_socket_directories=", *self.options]
        with (self.folder / "log").open("ab") as sink:
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


@contextmanager
def cluster(*options: str) -> Iterator[Cluster]:
    owner = "postgres" if getpass.getuser() == "root" else None
    how: dict[str, Any] = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
    with a_folder(owner) as folder:
        made = Cluster(folder, how, options)
        try:
            made.make()
            yield made
        finally:
            made.stop_at_once()
