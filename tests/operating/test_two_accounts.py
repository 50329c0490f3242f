"""On PostgreSQL the processes have an account that owns nothing: everything works with it, and the journal stays."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from decisions.append_only import ENTRY, TEXT
from tests import whole
from tests.decisions.story import Story
from tests.operating.test_backup import PAGE, ROOT
from tests.operating.test_behind_nginx import PRODUCTION
from tests.servers import a_folder, postgres, postgres_programs
from tests.story.people import Cast
from tests.story.rondo import Rondo

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]

Rows = list[tuple[Any, ...]]


def sql(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as line:
        for statement in statements:
            line.execute(statement.encode())


def as_the_page_says(database: str) -> dict[str, str]:
    """The two accounts and the database, made by the words of the page; the address of each."""
    block = re.search(r"```sql\n(.*?)```", PAGE[PAGE.index("## Two accounts") :], re.DOTALL)
    assert block
    words = [statement.strip() for statement in block.group(1).split(";") if statement.strip()]
    sql(database.removesuffix("/rondo") + "/postgres", "DROP DATABASE rondo", *words)
    return {name: database.replace("//rondo@", f"//rondo_{name}@") for name in ("app", "owner")}


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    with postgres() as database:
        yield as_the_page_says(database)


@pytest.fixture(scope="module")
def rondo(urls: dict[str, str]) -> Iterator[Rondo]:
    """The tables are made by the owner, whom the process does not know."""
    programs = os.pathsep.join((str(postgres_programs()), os.environ.get("PATH", os.defpath)))
    with a_folder() as folder:
        rondo = Rondo(folder, 1, DATABASE_URL=urls["app"], PATH=programs)
        owned = {**rondo.env, "RONDO_OWNER_URL": urls["owner"]}
        whole.manage(owned, "migrate", "--noinput")
        whole.manage(owned, "migrate", "--noinput")  # it may be repeated
        rondo.start(0)
        try:
            yield rondo
            assert rondo.complaints() == ""
        finally:
            rondo.stop()


@pytest.fixture(scope="module")
def cast(rondo: Rondo) -> Cast:
    return Cast(rondo)


@pytest.fixture(scope="module")
def story(cast: Cast) -> Story:
    """A decision from its draft to the agreement, with every kind of words in its journal."""
    return Story(cast.ask, cast.found_team(), {name: person.id for name, person in cast.people.items()}).play()


def journal(url: str) -> tuple[Rows, Rows]:
    """Every row of its two tables."""
    with psycopg.connect(url) as line:
        entries, texts = (line.execute(f"SELECT * FROM {table} ORDER BY id".encode()) for table in (ENTRY, TEXT))
        return entries.fetchall(), texts.fetchall()


def counted(url: str, table: str) -> bool:
    """Whether PostgreSQL knows what stands in a table, and plans for it."""
    with psycopg.connect(url) as line:
        known = "SELECT 1 FROM pg_stats WHERE format('%%I.%%I', schemaname, tablename)::regclass = %s::regclass"
        return line.execute(known, [table]).fetchone() is not None


def test_a_whole_decision_is_made_by_processes_that_own_nothing(rondo: Rondo, story: Story) -> None:
    assert story.snapshot()["phase"] == "adopted"
    assert rondo.manage("verify_journal", story.id).endswith("1 journal checked: all sound.")


ALTERED = [
    f"UPDATE {ENTRY} SET data = '{{}}'",
    f"UPDATE {ENTRY} SET hash = hash",
    f"DELETE FROM {ENTRY}",
    f"TRUNCATE {ENTRY} CASCADE",
    f"UPDATE {TEXT} SET text = 'Something else.'",
    f"UPDATE {TEXT} SET text = NULL, salt = NULL",
    f"DELETE FROM {TEXT}",
    f"TRUNCATE {TEXT}",
    f"INSERT INTO {ENTRY} SELECT * FROM {ENTRY} ON CONFLICT (id) DO UPDATE SET data = '{{}}'",
    f"MERGE INTO {ENTRY} AS kept USING {ENTRY} AS new ON kept.id = new.id WHEN MATCHED THEN DELETE",
    f"ALTER TABLE {ENTRY} DISABLE TRIGGER ALL",
    f"ALTER TABLE {ENTRY} DROP COLUMN hash",
    f"ALTER TABLE {ENTRY} OWNER TO rondo_app",
    f"ALTER TABLE {ENTRY} RENAME TO elsewhere",
    f"DROP TABLE {TEXT}",
    f"DROP TRIGGER append_only ON {ENTRY}",
    f"CREATE TRIGGER first BEFORE INSERT ON {ENTRY} EXECUTE FUNCTION journal_is_append_only()",
    f"CREATE RULE nothing AS ON INSERT TO {ENTRY} DO INSTEAD NOTHING",
    f"GRANT UPDATE ON {ENTRY} TO rondo_app; UPDATE {ENTRY} SET data = '{{}}'",
    "DROP FUNCTION journal_entry_stays_unless_played() CASCADE",
    "ALTER FUNCTION journal_entry_stays_unless_played() RENAME TO elsewhere",
    "CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TABLE public.journal (id int)",
    "CREATE SCHEMA another",
    "DROP SCHEMA public CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE rondo_owner",
    "SET SESSION AUTHORIZATION rondo_owner",
    "ALTER ROLE rondo_app SUPERUSER",
    "UPDATE conventions_restoration SET epoch = 'first'",
    "DELETE FROM conventions_restoration",
    "DELETE FROM django_migrations",
]


@pytest.mark.parametrize("statement", ALTERED)
def test_every_attempt_of_the_processes_account_to_alter_the_journal_is_refused(
    urls: dict[str, str], story: Story, statement: str
) -> None:
    before = journal(urls["owner"])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql(urls["app"], statement)
    assert journal(urls["owner"]) == before
    assert len(before[0]) > 10


def team_of(url: str, story: Story) -> str:
    with psycopg.connect(url) as line:
        found = line.execute("SELECT team_id FROM decisions_proposal WHERE id = %s", [story.id]).fetchone()
    assert found
    return str(found[0])


# Everybody may make temporary tables, and these are found first.
PRETENDING = (
    f"CREATE TEMP TABLE {ENTRY} AS SELECT * FROM public.{ENTRY}",
    f"UPDATE pg_temp.{ENTRY} SET played = true",
)


def test_the_one_way_out_for_what_was_played_lets_nothing_else_go(urls: dict[str, str], story: Story) -> None:
    before, out = journal(urls["owner"]), f"SELECT journal_forget_played('{team_of(urls['app'], story)}')"
    for statements in ((out,), (*PRETENDING, out)):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            sql(urls["app"], *statements)
    assert journal(urls["owner"]) == before


def test_a_rule_of_the_journal_is_not_misled_by_a_table_of_the_same_name(urls: dict[str, str], story: Story) -> None:
    """Not even for the owner, who may delete the texts of what was played."""
    before = journal(urls["owner"])
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        sql(urls["owner"], *PRETENDING, f"DELETE FROM public.{TEXT}")
    assert journal(urls["owner"]) == before


ENDED = (
    "from trying import visits; from trying.models import Visit; [visits.end(one.pk) for one in Visit.objects.all()]"
)


def test_what_was_only_played_goes_all_the_same(rondo: Rondo, urls: dict[str, str], story: Story) -> None:
    real = journal(urls["owner"])
    begin_a_visit(rondo)
    assert journal(urls["owner"]) != real
    rondo.manage("shell", "-v", "0", "-c", ENDED)
    assert journal(urls["owner"]) == real


def begin_a_visit(rondo: Rondo) -> None:
    words = "title='Leave at six', driver='The tide.', body='At six.'"
    rondo.manage("shell", "-v", "0", "-c", f"from trying import visits; visits.begin({words})")


def test_somebody_deletes_their_account_and_the_journal_stays(rondo: Rondo, urls: dict[str, str], cast: Cast) -> None:
    before = journal(urls["owner"])
    names = "from teams.leaving import delete_account; from teams.models import Account"
    rondo.manage("shell", "-v", "0", "-c", f"{names}; delete_account(Account.objects.get(email='max@example.org'))")
    assert journal(urls["owner"])[0][: len(before[0])] == before[0]
    assert rondo.manage("verify_journal").endswith("all sound.")


def test_a_backup_is_made_by_the_processes_account_and_put_back_by_the_owner_while_they_run(
    rondo: Rondo, urls: dict[str, str], cast: Cast, story: Story
) -> None:
    kept = rondo.folder / "rondo.backup"
    rondo.manage("backup", str(kept))
    before = journal(urls["owner"])
    refused = restored(rondo.env, kept)
    assert (refused.returncode, "must be owner" in refused.stderr) == (1, True)
    back = restored({**rondo.env, "RONDO_OWNER_URL": urls["owner"]}, kept)
    assert back.returncode == 0, back.stderr
    assert journal(urls["owner"]) == before
    assert counted(urls["owner"], ENTRY)
    again = Story(cast.ask, story.team, story.people)
    again.propose()
    again.open()
    for statement in ALTERED:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(urls["app"], statement)
    assert "no issues" in checked(rondo.env).stdout


def test_what_was_put_back_can_be_used_at_once_and_not_only_when_its_rights_are_mended(
    rondo: Rondo, urls: dict[str, str], cast: Cast, story: Story
) -> None:
    kept, owned = rondo.folder / "another.backup", {**rondo.env, "RONDO_OWNER_URL": urls["owner"]}
    rondo.manage("backup", str(kept))
    words = f"from pathlib import Path; from conventions import backups; backups.restore(Path('{kept}'))"
    whole.manage(owned, "shell", "-v", "0", "-c", words)
    again = Story(cast.ask, story.team, story.people)
    again.propose()
    again.open()
    assert f"rondo_app may change {ENTRY}" in checked(rondo.env).stderr
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        sql(urls["app"], f"DELETE FROM {ENTRY}")
    whole.manage(owned, "migrate", "--noinput")
    assert "no issues" in checked(rondo.env).stdout


def restored(env: dict[str, str], file: Path) -> subprocess.CompletedProcess[str]:
    return manage(env, "restore", str(file), "--yes")


def checked(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return manage(env, "check", "--deploy", "--database", "default", "--fail-level", "WARNING")


def manage(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, env={**env, **PRODUCTION}, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_check_for_deployment_is_clean_with_two_accounts_and_names_what_one_could_do(
    rondo: Rondo, urls: dict[str, str]
) -> None:
    clean = checked(rondo.env)
    assert clean.returncode == 0, clean.stderr
    alone = checked({**rondo.env, "DATABASE_URL": urls["owner"]})
    assert alone.returncode == 1
    assert f"rondo_owner owns {ENTRY}" in alone.stderr
    assert "Two accounts" in alone.stderr


def test_a_process_whose_account_could_change_the_journal_does_not_begin_to_serve(
    rondo: Rondo, urls: dict[str, str]
) -> None:
    with a_folder() as folder:
        one = Rondo(folder, 1, **PRODUCTION, DATABASE_URL=urls["owner"])
        one.launch(0)
        assert one.ended(0, within=60) != 0
        told = one.log(0).read_text()
    assert f"rondo_owner owns {ENTRY}" in told
    assert "Two accounts" in told
    assert "RONDO_ONE_ACCOUNT" in told


@pytest.mark.parametrize(("account", "accepted", "told"), [("app", "false", False), ("owner", "true", True)])
def test_with_one_account_a_process_serves_where_that_was_accepted_and_says_so(
    rondo: Rondo, urls: dict[str, str], account: str, accepted: str, told: bool
) -> None:
    with a_folder() as folder:
        one = Rondo(folder, 1, **PRODUCTION, DATABASE_URL=urls[account], RONDO_ONE_ACCOUNT=accepted)
        one.start(0)
        one.stop()
        assert (f"owns {ENTRY}" in one.log(0).read_text()) == told


def test_an_account_that_was_given_too_much_is_named(rondo: Rondo, urls: dict[str, str]) -> None:
    sql(urls["owner"], f"GRANT DELETE ON {TEXT} TO rondo_app")
    assert f"rondo_app may change {TEXT}" in checked(rondo.env).stderr
    whole.manage({**rondo.env, "RONDO_OWNER_URL": urls["owner"]}, "migrate", "--noinput")  # which puts it right
    assert "no issues" in checked(rondo.env).stdout


def test_an_owner_of_another_database_is_refused(rondo: Rondo, urls: dict[str, str]) -> None:
    elsewhere = urls["owner"].rsplit("/", 1)[0] + "/elsewhere"
    told = manage({**rondo.env, "RONDO_OWNER_URL": elsewhere}, "check")
    assert told.returncode == 1
    assert "RONDO_OWNER_URL names the PostgreSQL database of DATABASE_URL" in told.stderr
