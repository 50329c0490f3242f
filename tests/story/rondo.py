"""Rondo's own server processes while a test lasts: private ports, a data folder of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx

from tests.servers import a_folder, free_port, wait_until
from tests.story.tables import make_tables
from tests.whole import command_line

ROOT = Path(__file__).resolve().parents[2]
SERVERS = ("DATABASE_URL", "RONDO_OWNER_URL", "REDIS_URL", "EMAIL_URL")
FOREIGN = (*SERVERS, "DJANGO_SETTINGS_MODULE", "HOST", "PORT", "SECRET_KEY", "RONDO_DATA")
ALLOWANCES = ("COMMANDS", "READS", "ANONYMOUS", "INVITATIONS", "EXPORTS", "TRYING")
TRUST = httpx.create_ssl_context()  # made once: whoever makes one of their own takes thirty milliseconds for it
UNBOUNDED = {f"RONDO_ALLOW_{name}": "9999/s" for name in ALLOWANCES} | {"RONDO_ALLOW_SIGNUPS": "9999/s/ip"}


class Rondo:
    """One installation: its database is made, its processes may be killed and started again on the same ports."""

    def __init__(self, folder: Path, processes: int = 1, program: str = "config.server", **env: str) -> None:
        usual = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.folder = folder
        self.program = program
        self.env = {**usual, **UNBOUNDED, "RONDO_DATA": str(folder), "RONDO_ENV": "local", **env}
        self.ports = [free_port() for _ in range(processes)]
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def manage(self, *words: str) -> str:
        made = subprocess.run(
            command_line(*words),
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr
        return made.stdout.strip()

    def url(self, process: int) -> str:
        return f"http://127.0.0.1:{self.ports[process]}"

    @property
    def urls(self) -> list[str]:
        return [self.url(process) for process in range(len(self.ports))]

    def log(self, process: int) -> Path:
        return self.folder / f"server-{process}.log"

    def start(self, *processes: int) -> None:
        """All at once, and until each of them answers."""
        for process in processes:
            self.launch(process)
        for process in processes:
            wait_until(partial(self.is_up, process), self._running[process], self.log(process))

    def launch(self, process: int) -> None:
        """Begun, no more: who wants it to answer waits for that."""
        command = [sys.executable, "-m", self.program, "--port", str(self.ports[process])]
        with self.log(process).open("ab") as sink:
            self._running[process] = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
            )

    def is_up(self, process: int) -> bool:
        try:
            return httpx.get(self.url(process) + "/livez", timeout=5, verify=TRUST).status_code == 200
        except httpx.TransportError:
            return False

    def pid(self, process: int) -> int:
        return self._running[process].pid

    def resident(self, process: int) -> int:
        """KiB of memory that it holds."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid(process)}/status").read_text())
        assert found
        return int(found[1])

    def kill(self, process: int) -> None:
        """Without a word, as a machine ends that loses its power."""
        server = self._running.pop(process)
        server.send_signal(signal.SIGKILL)
        server.wait()

    @contextmanager
    def halted(self, process: int) -> Iterator[None]:
        """Held still, so that its files can be looked at as they are at one moment."""
        server = self._running[process]
        server.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, server.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)  # until then its threads go on
        try:
            yield
        finally:
            server.send_signal(signal.SIGCONT)

    def ended(self, process: int, within: float) -> int:
        """With which code it ended by itself."""
        return self._running.pop(process).wait(within)

    def end(self, process: int, within: float) -> float:
        """As systemd ends it; how many seconds that took."""
        server, began = self._running.pop(process), time.monotonic()
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(within)
        except subprocess.TimeoutExpired:
            server.kill()
            raise
        return time.monotonic() - began

    def start_to_end(self, process: int, within: float) -> None:
        """A server that is to end by itself, perhaps before it ever answers; until it has."""
        self.launch(process)
        self._running.pop(process).wait(within)

    def stop(self) -> None:
        servers = list(self._running.values())
        for server in servers:
            server.send_signal(signal.SIGTERM)
        for server in servers:
            server.wait(20)
        self._running.clear()

    def complaints(self) -> str:
        """What the servers wrote, from the first thing on that nobody foresaw."""
        told = "".join(self.log(process).read_text() for process in range(len(self.ports)))
        found = re.search(r"^.*( ERROR |Traceback)", told, re.MULTILINE)
        return told[found.start() :] if found else ""


@contextmanager
def serving(
    processes: int = 1, env: Mapping[str, str] | None = None, program: str = "config.server"
) -> Iterator[Rondo]:
    with a_folder() as folder:
        rondo = Rondo(folder, processes, program, **(env or {}))
        make_tables(rondo.env)
        try:
            rondo.start(*range(processes))
            yield rondo
        finally:
            rondo.stop()
