"""A copy of the whole database in one file while it is used, and the way back from it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections

from conventions.owner import as_owner

PROGRAMS = "/usr/lib/postgresql"
# What `DATABASE_URL` may say behind its question mark, and PostgreSQL's programs are told by their surroundings.
OPTIONS = {
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
RESTORING = "rondo restore"
LOOKED_EVERY = 0.1  # seconds; PostgreSQL itself takes a second until it ends one of two that wait for each other
IN_THE_WAY = """
SELECT pg_terminate_backend(other.pid)
FROM pg_stat_activity restoring JOIN pg_stat_activity other ON other.pid = ANY (pg_blocking_pids(restoring.pid))
WHERE restoring.datname = current_database() AND restoring.application_name = %s AND other.usename = current_user
"""


class BackupError(Exception):
    """What is in the way, in words for the operator."""


def back_up(to: Path) -> None:
    """Writes the database as it is at this moment to a new file that only its owner can read."""
    if to.exists():
        raise BackupError(f"{to} is there already: nothing is written over.")
    with _nearly(to) as copy:
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(_file())) as used, closing(sqlite3.connect(copy)) as kept:
                used.backup(kept)
            _sound(copy)
        else:
            _run("pg_dump", "--format=custom", f"--file={copy}", "--dbname={}")


def restore(kept: Path) -> None:
    """Puts the database back to what is in the file: all of it or nothing. Whoever is connected sees it at once."""
    if not kept.is_file():
        raise BackupError(f"There is no file {kept}.")
    if connection.vendor == "sqlite":
        _sound(kept)
        connections.close_all()
        with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(_file(), timeout=60)) as used:
            source.backup(used)
    else:
        connections.close_all()
        how = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
        with as_owner():
            owner = dict(connection.settings_dict)
        _run("pg_restore", *how, "--dbname={}", str(kept), known=owner, meanwhile=_make_way)
        connections.close_all()
        _count_the_rows()


def _count_the_rows() -> None:
    """Until PostgreSQL has done so by itself, it plans for tables that have just come as if they were empty."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _make_way() -> None:
    """Ends what holds up the restoration: a command that has begun would wait for it in turn, and neither end. By the
    account of the processes, which may end what is its own."""
    with connection.cursor() as cursor:
        cursor.execute(IN_THE_WAY, [RESTORING])


@contextmanager
def _nearly(to: Path) -> Iterator[Path]:
    """A name beside it until it is whole: a file under its own name is a backup that was finished."""
    nearly = to.with_name(f".{to.name}.unfinished")
    os.close(os.open(nearly, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    try:
        yield nearly
        with nearly.open("rb") as written:
            os.fsync(written.fileno())
        nearly.rename(to)
    finally:
        nearly.unlink(missing_ok=True)


def _file() -> str:
    return str(connection.settings_dict["NAME"])


def _sound(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as found:
            told = found.execute("PRAGMA integrity_check").fetchone()[0]
            found.execute("SELECT 1 FROM django_migrations").fetchone()
    except sqlite3.DatabaseError as fault:
        raise BackupError(f"{file} is no backup of Rondo: {fault}.") from None
    if told != "ok":
        raise BackupError(f"{file} is damaged: {told}.")


def _run(
    program: str, *words: str, known: dict[str, Any] | None = None, meanwhile: Callable[[], None] | None = None
) -> None:
    """One of PostgreSQL's programs, for the database as it is `known`; the password goes by the environment, where no
    list of processes shows it. `meanwhile` is called again and again until it has ended."""
    known = known or connection.settings_dict
    found = shutil.which(program) or next(map(str, sorted(Path(PROGRAMS).glob(f"*/bin/{program}"), reverse=True)), None)
    if found is None:
        raise BackupError(f"{program} is missing: it comes with PostgreSQL's client programs.")
    told = {"PGHOST": known["HOST"], "PGPORT": known["PORT"], "PGUSER": known["USER"], "PGPASSWORD": known["PASSWORD"]}
    told |= {name: known["OPTIONS"].get(option) for option, name in OPTIONS.items()}
    told["PGAPPNAME"] = RESTORING if meanwhile else None
    env = {**os.environ, **{name: str(value) for name, value in told.items() if value}}
    command = [found, *(word.format(known["NAME"]) for word in words)]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        said = _to_its_end(running, meanwhile)
    if running.returncode:
        raise BackupError(f"{program}: {said.strip() or running.returncode}")


def _to_its_end(running: subprocess.Popen[str], meanwhile: Callable[[], None] | None) -> str:
    """What it complained of."""
    while True:
        try:
            return running.communicate(timeout=LOOKED_EVERY if meanwhile else None)[1]
        except subprocess.TimeoutExpired:
            if meanwhile:
                meanwhile()
