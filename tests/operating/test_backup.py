"""What docs/operating.md says about backup and restore works: the commands stand there, and run here."""

import os
import re
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


def team_names(env: dict[str, str]) -> str:
    names = "Team.objects.order_by('name').values_list('name', flat=True)"
    return whole.manage(env, "shell", "-v", "0", "-c", f"from teams.models import Team; print(*{names}, sep=',')")


def found(env: dict[str, str], name: str) -> None:
    names = "from teams.flows import found_team; from teams.models import Account"
    whole.manage(env, "shell", "-v", "0", "-c", f"{names}; found_team(Account.objects.first(), '{name}')")


def there_and_back(env: dict[str, str], folder: Path) -> str:
    """Backed up, used on, and put back, by the words of the page. Returns what `restore` said."""
    whole.manage(env, "migrate", "--noinput")
    whole.manage(env, "demo")
    backup = told("While Rondo runs, with SQLite")[0]
    assert words(backup) == ["backup", "rondo.backup"]
    kept = folder / "rondo.backup"
    whole.manage(env, "backup", str(kept))
    assert kept.stat().st_mode & 0o077 == 0
    found(env, "After the backup")
    restore = told("To go back to it")[0]
    assert words(restore) == ["restore", "rondo.backup"]
    said = whole.manage(env, "restore", str(kept), "--yes")
    assert team_names(env) == "Harbour team"
    return said


def words(line: str) -> list[str]:
    """What follows `manage.py` in a line of the page."""
    return line.partition("manage.py ")[2].partition("#")[0].split()


def test_a_backup_of_sqlite_comes_back_whole_and_begins_another_epoch(tmp_path: Path) -> None:
    env = whole.surroundings(tmp_path / "data")
    said = there_and_back(env, tmp_path)
    assert said.startswith("Epoch ")
    assert said.endswith("8 journals checked: all sound.")
    assert whole.manage(env, *words(told("If you restore by other means")[0])) != said.splitlines()[0]


def test_a_backup_is_never_written_over_another_file(tmp_path: Path) -> None:
    env = whole.surroundings(tmp_path / "data")
    whole.manage(env, "migrate", "--noinput")
    (tmp_path / "kept").write_text("precious")
    assert "nothing is written over" in refused(env, "backup", str(tmp_path / "kept"))
    assert (tmp_path / "kept").read_text() == "precious"


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + b"\0" * 100])
def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path: Path, content: bytes) -> None:
    env = whole.surroundings(tmp_path / "data")
    whole.manage(env, "migrate", "--noinput")
    whole.manage(env, "demo")
    (tmp_path / "kept").write_bytes(content)
    assert "no backup of Rondo" in refused(env, "restore", str(tmp_path / "kept"), "--yes")
    assert team_names(env) == "Harbour team"


def refused(env: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    """A database of its own beside the one that the other tests use."""
    beside = {name: url for name, url in os.environ.items() if name in ("DATABASE_URL", "RONDO_OWNER_URL")}
    shared = beside["RONDO_OWNER_URL"]
    with psycopg.connect(shared, autocommit=True) as cluster:
        cluster.execute("CREATE DATABASE rondo_backup")
    yield {name: urlsplit(url)._replace(path="/rondo_backup").geturl() for name, url in beside.items()}
    with psycopg.connect(shared, autocommit=True) as cluster:
        cluster.execute("DROP DATABASE rondo_backup WITH (FORCE)")


@pytest.mark.postgres
def test_a_backup_of_postgresql_comes_back_whole_and_begins_another_epoch(
    database: dict[str, str], tmp_path: Path
) -> None:
    programs = os.pathsep.join((str(postgres_programs()), os.environ.get("PATH", os.defpath)))
    env = whole.surroundings(tmp_path / "data", PATH=programs, **database)
    assert there_and_back(env, tmp_path).endswith("8 journals checked: all sound.")
