"""One way to write: all or nothing, one writer at a time, none of them starved."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from conventions.transactions import PassedOverError, writing
from teams.models import Team


def test_what_is_written_under_a_fault_is_gone(db: None) -> None:
    def break_down() -> None:
        with writing():
            Team.objects.create(slug="harbour", name="Harbour")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_down()
    assert not Team.objects.exists()


def test_writing_within_writing_is_the_same_transaction(transactional_db: None) -> None:
    done: list[str] = []
    with writing():
        with writing():
            transaction.on_commit(lambda: done.append("committed"))
        assert done == []
    assert done == ["committed"]


def test_what_fails_within_writing_cannot_be_passed_over(transactional_db: None) -> None:
    def found(slug: str) -> None:
        with writing():
            Team.objects.create(slug=slug, name=slug)
            if slug == "sunk":
                raise RuntimeError

    def go_on() -> None:
        with writing():
            found("harbour")
            with suppress(RuntimeError):
                found("sunk")

    with pytest.raises(PassedOverError):
        go_on()
    assert not Team.objects.exists()
    found("harbour")
    assert Team.objects.get().slug == "harbour"


def test_writers_at_the_same_moment_lose_nothing(transactional_db: None) -> None:
    Team.objects.create(slug="harbour", name="Harbour", due_days=1)

    def count_up(_: int) -> None:
        with writing():
            team = Team.objects.select_for_update().get(slug="harbour")
            Team.objects.filter(pk=team.pk).update(quorum_percent=team.quorum_percent + 1)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(40)))
    assert Team.objects.get().quorum_percent == 90


@pytest.mark.parametrize(
    "wrong",
    [
        {"sealed": "sometimes"},
        {"quorum_percent": 49},
        {"quorum_percent": 101},
        {"due_days": 0},
        {"objector_grace_days": 2},
        {"second_look_days": 31},
        {"name": ""},
    ],
)
def test_the_database_itself_keeps_a_policy_within_its_bounds(db: None, wrong: dict[str, object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Team.objects.create(**{"slug": "harbour", "name": "Harbour", **wrong})


def test_sqlite_keeps_what_it_said_it_kept(db: None) -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        settings = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")}
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    assert settings == {"synchronous": 2, "foreign_keys": 1}
    assert mode == "wal"
