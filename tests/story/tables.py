"""The empty tables of an installation, made once by the migrations and copied for every further one of a run."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests import whole
from tests.servers import postgres_programs

FILE, DUMP = "rondo.sqlite3", "rondo.sql"


def make_tables(env: Mapping[str, str]) -> None:
    """In the database of these surroundings, which has none."""
    if "DATABASE_URL" not in env:
        shutil.copy(_file(), Path(env["RONDO_DATA"]) / FILE)
        return
    owned = "RONDO_OWNER_URL" in env
    dump = _kept() / f"{owned}-{DUMP}"
    if dump.exists():
        once = ("--set=ON_ERROR_STOP=1", "--single-transaction")
        _program("psql", env, "--quiet", "--no-psqlrc", *once, f"--file={dump}")
    else:
        whole.manage(dict(env), "migrate", "--verbosity", "0")
        _program("pg_dump", env, f"--file={dump}")


def _program(name: str, env: Mapping[str, str], *words: str) -> None:
    where = env.get("RONDO_OWNER_URL", env["DATABASE_URL"])
    command = [str(postgres_programs() / name), f"--dbname={where}", *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@cache
def _kept() -> Path:
    """A folder for as long as the tests run."""
    folder = Path(tempfile.mkdtemp(prefix="rondo-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _file() -> Path:
    whole.manage(whole.surroundings(_kept()), "migrate", "--verbosity", "0")
    return _kept() / FILE
