"""The surroundings: SQLite and one process; beside PostgreSQL and Redis, both of them and two processes."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import pytest

from tests.servers import redis
from tests.story.people import Cast
from tests.story.rondo import Rondo, serving

POSTGRES = {name: url for name, url in os.environ.items() if name in ("DATABASE_URL", "RONDO_OWNER_URL")}
WIDE = POSTGRES.get("DATABASE_URL", "").startswith("postgres") and bool(os.environ.get("REDIS_URL"))


@contextmanager
def a_database() -> Iterator[dict[str, str]]:
    """Empty, in the cluster that the tests were started beside; what tells a process of it."""
    import psycopg

    name = f"story_{uuid4().hex}"
    with psycopg.connect(POSTGRES.get("RONDO_OWNER_URL", POSTGRES["DATABASE_URL"]), autocommit=True) as cluster:
        cluster.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type,unused-ignore]
        try:
            yield {which: f"{url.rsplit('/', 1)[0]}/{name}" for which, url in POSTGRES.items()}
        finally:
            cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type,unused-ignore]


@pytest.fixture(scope="session")
def rondo() -> Iterator[Rondo]:
    """Nothing that these tests do, refused calls and killed servers included, may be an error in a log."""
    with ExitStack() as stack:
        env = {}
        if WIDE:
            env = stack.enter_context(a_database()) | {"REDIS_URL": stack.enter_context(redis())}
        running = stack.enter_context(serving(2 if WIDE else 1, env))
        yield running
        assert running.complaints() == ""


@pytest.fixture(scope="session")
def cast(rondo: Rondo) -> Cast:
    return Cast(rondo)


@pytest.fixture
def harbour(cast: Cast) -> str:
    """A new team of the same people: Fay, Pia and Max have a voice, Obi reads, Eve is outside."""
    return cast.found_team()
