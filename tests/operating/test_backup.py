"""What docs/operating.md says about backup and restore works: the commands stand there, and run here."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import whole
from tests.servers import postgres_programs

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operating.md").read_text()


def told(after: str) -> list[str]:
    """The lines of the first block of commands after these words, without comments."""
    block = re.search(re.escape(after) + r".*?```bash\n(.*?)```", PAGE, re.DOTALL)
    assert block
    return [line for line in block.group(1).splitlines() if not line.startswith("#")]


def run(line: str, folder: Path, env: dict[str, str]) -> None:
    subprocess.run(["bash", "-euc", line], cwd=folder, env=env, check=True, stdin=subprocess.DEVNULL)


def team_names(env: dict[str, str]) -> str:
    names = "Team.objects.order_by('name').values_list('name', flat=True)"
    return whole.manage(env, "shell", "-v", "0", "-c", f"from teams.models import Team; print(*{names}, sep=',')")


def found(env: dict[str, str], name: str) -> None:
    names = "from teams.flows import found_team; from teams.models import Account"
    whole.manage(env, "shell", "-v", "0", "-c", f"{names}; found_team(Account.objects.first(), '{name}')")


def test_a_backup_of_sqlite_taken_while_it_is_used_comes_back_whole(tmp_path: Path) -> None:
    env = whole.surroundings(tmp_path / "data")
    whole.manage(env, "migrate", "--noinput")
    whole.manage(env, "demo")
    with sqlite3.connect(tmp_path / "data" / "rondo.sqlite3") as used:
        used.execute("SELECT 1 FROM teams_team").fetchall()  # somebody reads: the newest changes are in the -wal file
        backup = next(line for line in told("**SQLite**") if line.startswith("python3"))
        run(backup.replace("python3", sys.executable), tmp_path, env)
    found(env, "After the backup")
    for line in told("To restore, stop Rondo"):
        run(line, tmp_path, env)
    assert team_names(env) == "Harbour team"
    assert whole.manage(env, "verify_journal") == "8 journals checked: all sound."


@pytest.fixture
def database() -> Iterator[str]:
    """A database of its own beside the one that the other tests use."""
    shared = os.environ["DATABASE_URL"]
    url = urlsplit(shared)._replace(path="/rondo_backup").geturl()
    with psycopg.connect(shared, autocommit=True) as cluster:
        cluster.execute("CREATE DATABASE rondo_backup")
    yield url
    with psycopg.connect(shared, autocommit=True) as cluster:
        cluster.execute("DROP DATABASE rondo_backup WITH (FORCE)")


@pytest.mark.postgres
def test_a_backup_of_postgresql_comes_back_whole(database: str, tmp_path: Path) -> None:
    programs = os.pathsep.join((str(postgres_programs()), os.environ.get("PATH", os.defpath)))
    env = whole.surroundings(tmp_path / "data", DATABASE_URL=database, PATH=programs)
    assert shutil.which("pg_dump", path=programs)
    whole.manage(env, "migrate", "--noinput")
    whole.manage(env, "demo")
    dump, restore = told("**PostgreSQL**")
    run(dump, tmp_path, env)
    found(env, "After the backup")
    run(restore, tmp_path, env)
    assert team_names(env) == "Harbour team"
    assert whole.manage(env, "verify_journal") == "8 journals checked: all sound."
