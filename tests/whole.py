"""Rondo whole, as an operator runs it: server processes of its own, over a database of its own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[1]
FOREIGN = ("DATABASE_URL", "RONDO_OWNER_URL", "REDIS_URL", "EMAIL_URL")
PATIENCE = 60.0  # seconds until a server that does not come up is given up
UNHURRIED = {f"RONDO_ALLOW_{what}": "100000/min" for what in ("COMMANDS", "READS", "ANONYMOUS", "INVITATIONS")}


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """SQLite in a folder of its own, unless `more` names a database."""
    clean = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return clean | {"RONDO_DATA": str(data), "RONDO_ENV": "local"} | UNHURRIED | more


def manage(env: dict[str, str], *words: str, within: float = 120) -> str:
    told = command_line(*words)
    done = subprocess.run(told, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=within)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def command_line(*words: str) -> list[str]:
    """One of the server's own. What Django checks before it takes as long again, and is looked at by `lint`."""
    unchecked = () if words[0] == "shell" else ("--skip-checks",)
    return [sys.executable, "manage.py", *words, *unchecked]


def is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/livez", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def server(env: dict[str, str], port: int) -> Iterator[str]:
    """One server process; its address."""
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "config.server"]
    process = subprocess.Popen(command, cwd=ROOT, env=env | {"HOST": "127.0.0.1", "PORT": str(port)})
    try:
        limit = time.monotonic() + PATIENCE
        while not is_up(url):
            assert process.poll() is None, "the server ended before it was up"
            assert time.monotonic() < limit, "the server did not come up"
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def servers(env: dict[str, str], count: int) -> Iterator[Sequence[str]]:
    """Several processes over one database, which is made ready first."""
    manage(env, "migrate", "--noinput")
    with ExitStack() as running:
        yield [running.enter_context(server(env, free_port())) for _ in range(count)]
