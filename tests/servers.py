"""A PostgreSQL and a Redis of one's own while pytest runs: `python -m tests.servers -m pytest …`."""

import getpass
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 60.0  # seconds until a server that does not come up is given up
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > limit:
            raise RuntimeError(f"The server did not come up:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


@contextmanager
def running(command: Sequence[str], folder: Path, ready: Callable[[], bool], **how: Any) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as sink:
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=folder, stdin=nothing, stdout=sink, stderr=sink, **how)
    try:
        wait_until(ready, process, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # to PostgreSQL: end now, without waiting for its clients
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def a_folder(owner: str | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rondo-") as name:
        if owner:
            shutil.chown(name, owner, owner)
        yield Path(name)


def postgres_programs() -> Path:
    found = shutil.which("initdb") or max(glob.glob("/usr/lib/postgresql/*/bin/initdb"), default="")
    if not found:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    return Path(found).resolve().parent


@contextmanager
def postgres() -> Iterator[str]:
    """A new cluster on a private port; handed to the user `postgres` by root, as which it will not run."""
    programs, port = postgres_programs(), free_port()
    owner = "postgres" if getpass.getuser() == "root" else None
    how: dict[str, Any] = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
    with a_folder(owner) as folder:
        cluster, at = folder / "cluster", ("-h", "127.0.0.1", "-p", str(port), "-U", "rondo")
        make = [str(programs / "initdb"), "-D", str(cluster), "-U", "rondo", "-A", "trust", "-N"]
        make += ["-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(make, check=True, cwd=folder, stdout=subprocess.DEVNULL, **how)
        options = [word for name, value in FAST_AND_FORGETFUL.items() for word in ("-c", f"{name}={value}")]
        options += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        serve = [str(programs / "postgres"), "-D", str(cluster), "-p", str(port), *options]
        with running(serve, folder, lambda: is_ready(programs, at), **how):
            subprocess.run([programs / "createdb", *at, "rondo"], check=True)
            yield f"postgres://rondo@127.0.0.1:{port}/rondo"


def is_ready(programs: Path, at: Sequence[str]) -> bool:
    return subprocess.run([programs / "pg_isready", "-q", *at], check=False).returncode == 0


@contextmanager
def redis(port: int | None = None, *settings: str) -> Iterator[str]:
    """`settings`: as on its command line."""
    program, port = shutil.which("redis-server"), port or free_port()
    if not program:
        raise RuntimeError("Redis is missing: apt-get install redis-server")
    words = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *settings]
    with a_folder() as folder, running([program, *words], folder, lambda: answers(port)):
        yield f"redis://127.0.0.1:{port}/0"


def two_accounts(url: str) -> dict[str, str]:
    """The surroundings of a process that owns nothing in the database there, and of the owner of its tables. The tests
    may `SET ROLE` to the owner; without that they may do no more than any process."""
    owner, app = (url.replace("//rondo@", f"//rondo_{name}@") for name in ("owner", "app"))
    words = (
        "CREATE ROLE rondo_owner LOGIN CREATEDB IN ROLE pg_signal_backend",
        "CREATE ROLE rondo_app LOGIN NOINHERIT IN ROLE rondo_owner",
        "ALTER DATABASE rondo OWNER TO rondo_owner",
    )
    commands = [word for one in words for word in ("-c", one)]
    subprocess.run([postgres_programs() / "psql", "-q", *commands, url], check=True)
    return {"DATABASE_URL": app, "RONDO_OWNER_URL": owner}


def main(words: Sequence[str]) -> int:
    with ExitStack() as servers:
        env = dict(os.environ)
        env |= two_accounts(servers.enter_context(postgres()))
        env["REDIS_URL"] = servers.enter_context(redis())
        process = subprocess.Popen([sys.executable, *words], env=env)
        try:
            return process.wait()
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
