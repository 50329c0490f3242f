"""A server under measurement in a process of its own, and the crowd that listens to it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.parts.crowd import Crowd
from tests.story.rondo import UNBOUNDED
from tests.story.tables import make_tables

PATIENCE = 600.0  # seconds for one deed: filling a large database is the longest
WITH_A_DATABASE = ("rondo", "grown", "statements", "counted", "stock")


@dataclass
class Side:
    """One server, its process and its crowd. `steady`: the median of each round; `each`: every entry of all of them."""

    name: str
    port: int
    process: asyncio.subprocess.Process
    crowd: Crowd
    ready: dict[str, Any]
    entries: int
    folder: str
    steady: list[float] = field(default_factory=list)
    each: list[float] = field(default_factory=list)
    burst: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    """Seconds of processor for an entry, of each round."""

    async def tell(self, *words: object) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write((" ".join(map(str, words)) + "\n").encode())
        answer = json.loads(await asyncio.wait_for(self.process.stdout.readline(), PATIENCE))
        if "fault" in answer:
            raise RuntimeError(f"{self.name}: {answer['fault']}")
        return answer["answer"]


@asynccontextmanager
async def side(name: str, entries: int = 0, *words: str, **env: str) -> AsyncIterator[Side]:
    """A server in a process of its own, ended by closing its stdin. `env` goes before the usual surroundings."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="rondo-bench-") as folder:
        nowhere = dict.fromkeys(("REDIS_URL", "DATABASE_URL", "RONDO_OWNER_URL"), "")
        quiet = {"RONDO_DATA": folder, "RONDO_ENV": "local", "RONDO_LOG": "ERROR", **nowhere}
        if name in WITH_A_DATABASE and not env.get("DATABASE_URL") and "RONDO_DATA" not in env:
            make_tables({"RONDO_DATA": folder})
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"bench.parts.{name}", str(port), *words,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **UNBOUNDED, **quiet, **env}, limit=1 << 22,
        )  # fmt: skip
        try:
            assert process.stdout
            ready = json.loads(await asyncio.wait_for(process.stdout.readline(), PATIENCE))
            if ready.get("listens", True):
                await until_it_listens(port)
            yield Side(name, port, process, Crowd(port), ready, entries, env.get("RONDO_DATA", folder))
        finally:
            process.terminate()
            await process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def until_it_listens(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
