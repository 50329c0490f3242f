"""A statement that is put together once asks and writes what the ORM would, for whatever values come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from conventions.postgresql.base import BELIEVED, SEEN
from conventions.prepared import Crowd, Prepared, PreparedRows, add, change, remove
from decisions.process.state import Phase
from teams.flows import found_team
from teams.models import Account, Membership, Role, Team

pytestmark = pytest.mark.django_db


def people(*names: str) -> list[Account]:
    return [Account.objects.create_user(f"{name}@example.org", "a-password", name=name) for name in names]


def named(email: str, name: str) -> QuerySet[Account]:
    return Account.objects.filter(email=email, name=name, is_active=True)


def test_each_call_asks_for_its_own_values() -> None:
    fay, max_ = people("fay", "max")
    known: Prepared[Account] = Prepared(named)
    assert known.first(fay.email, "fay") == fay
    assert known.first(max_.email, "max") == max_
    assert known.first(max_.email, "fay") is None
    assert known.first("' OR 1=1 --", "%s") is None


def test_a_row_brings_along_what_was_selected_with_it() -> None:
    (fay,) = people("fay")
    found_team(fay, "Harbour")
    known: Prepared[Membership] = Prepared(lambda who: Membership.objects.filter(account=who).select_related("team"))
    with CaptureQueriesContext(connection) as asked:
        found = known.first(fay.pk)
        assert found is not None
        assert (found.account_id, found.team.name) == (fay.pk, "Harbour")
    assert len(asked) == 1
    assert found.team == Team.objects.get()


def test_all_rows_come_in_the_order_of_the_query_and_a_number_is_asked_for_as_one() -> None:
    fay, max_, pia = people("fay", "max", "pia")
    for name, days in (("North", 3), ("Harbour", 5), ("Quay", 30)):
        team = found_team(fay, name)
        change(Team, {"id": team.pk}, {"due_days": days})

    def longer(after: int, founder: str) -> QuerySet[Team, Any]:
        mine = Team.objects.filter(memberships__account=founder, due_days__gt=after)
        return mine.order_by("-due_days").values_list("due_days", "name", "created_at")

    known: PreparedRows[Team] = PreparedRows(longer)
    assert [row[:2] for row in known.all(3, fay.pk)] == [[30, "Quay"], [5, "Harbour"]]
    assert [row[:2] for row in known.all(2, fay.pk)] == [[30, "Quay"], [5, "Harbour"], [3, "North"]]
    assert known.all(30, fay.pk) == known.all(2, max_.pk) == known.all(2, pia.pk) == []
    assert known.all(5, fay.pk)[0][2] == Team.objects.get(name="Quay").created_at


def ids(accounts: Crowd) -> QuerySet[Account, Any]:
    return Account.objects.filter(pk__in=accounts).values_list("pk")


def ids_and_names(accounts: Crowd, names: Crowd) -> QuerySet[Account, Any]:
    return ids(accounts).filter(name__in=names)


def in_teams(accounts: Crowd, teams: Crowd, role: str) -> QuerySet[Membership]:
    found = Membership.objects.filter(account__in=accounts, team__in=teams, role=role)
    return found.select_related("account").order_by("account__name")


@pytest.mark.parametrize("many", [1, 2, 3, 5, 8, 9])
def test_a_crowd_of_any_size_is_found_once_each_and_nobody_beside_them(many: int) -> None:
    everybody = people(*(f"n{number}" for number in range(10)))
    teams = [found_team(who, f"Team of {who.name}") for who in everybody]
    known: Prepared[Membership] = Prepared(in_teams)
    crowd = [who.pk for who in everybody[:many]]
    found = known.all(crowd, {team.pk for team in teams}, Role.STEWARD)
    assert [row.account for row in found] == everybody[:many]
    assert known.all(crowd, [teams[0].pk], Role.STEWARD)[0].account == everybody[0]
    assert known.all(crowd, [teams[-1].pk], Role.STEWARD) == known.all(crowd, [teams[0].pk], Role.OBSERVER) == []


def test_a_crowd_of_any_number_is_found_though_one_statement_takes_no_more_than_so_many_values() -> None:
    everybody = people("fay", "max", "pia")
    known: PreparedRows[Account] = PreparedRows(ids)
    many = [f"nobody {number}" for number in range(33_000)]
    crowd = [everybody[0].pk, *many, everybody[1].pk, everybody[0].pk, *many, everybody[2].pk]
    with CaptureQueriesContext(connection) as asked:
        assert sorted(who for (who,) in known.all(crowd)) == sorted(who.pk for who in everybody)
    assert len(asked) == 33
    both: PreparedRows[Account] = PreparedRows(ids_and_names)
    assert len(both.all(crowd, ["fay", "pia", *many])) == 2


def test_for_a_crowd_of_nobody_nothing_is_asked() -> None:
    known: Prepared[Membership] = Prepared(in_teams)
    with CaptureQueriesContext(connection) as asked:
        assert known.all([], ["some team"], Role.STEWARD) == known.all({"somebody"}, (), Role.STEWARD) == []
    assert len(asked) == 0


def test_crowds_of_about_the_same_size_are_asked_for_by_the_same_words() -> None:
    known: Prepared[Membership] = Prepared(in_teams)
    with CaptureQueriesContext(connection) as asked:
        for many in range(1, 17):
            known.all([f"who {number}" for number in range(many)], ["team"], Role.STEWARD)
    lengths = [query["sql"].count("who ") for query in asked]
    assert lengths == [1, 2, 4, 4, *[8] * 4, *[16] * 8]


def test_its_sql_is_made_once() -> None:
    (fay,) = people("fay")
    made = []

    def build(email: str) -> QuerySet[Account]:
        made.append(email)
        return Account.objects.filter(email=email)

    known: Prepared[Account] = Prepared(build)
    for _ in range(3):
        assert known.first(fay.email) == fay
    assert len(made) == 1


def test_a_value_that_reaches_no_parameter_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="unused"):
        Prepared(lambda unused: Account.objects.all()).first("x")


def test_what_is_added_and_changed_is_as_the_orm_reads_it() -> None:
    (fay,) = people("fay")
    with CaptureQueriesContext(connection) as asked:
        change(Account, {"id": fay.pk}, {"name": "Faÿ “F.” O'Hara", "is_active": False})
    assert len(asked) == 1
    fay.refresh_from_db()
    assert (fay.name, fay.is_active) == ("Faÿ “F.” O'Hara", False)


def test_adding_a_row_tells_the_key_that_the_database_made() -> None:
    fay, max_ = people("fay", "max")
    team = found_team(fay, "Harbour")
    key = add(Membership, {"team_id": team.pk, "account_id": max_.pk, "role": "member"})
    assert Membership.objects.get(pk=key).account == max_


def test_what_is_removed_is_gone_and_nothing_else() -> None:
    fay, max_ = people("fay", "max")
    team = found_team(fay, "Harbour")
    add(Membership, {"team_id": team.pk, "account_id": max_.pk, "role": "member"})
    remove(Membership, {"team_id": team.pk, "account_id": max_.pk})
    assert list(Membership.objects.filter(team=team).values_list("account", flat=True)) == [fay.pk]


def test_rows_on_which_others_hang_are_left_to_the_orm() -> None:
    with pytest.raises(TypeError, match="Team"):
        remove(Team, {"id": "none"})


def test_a_value_of_another_kind_than_the_column_is_prepared_as_its_field_says() -> None:
    (fay,) = people("fay")
    change(Account, {"id": fay.pk}, {"name": Phase.DRAFT, "is_active": 0})
    fay.refresh_from_db()
    assert (fay.name, fay.is_active) == ("draft", False)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_opened_anew_is_asked_like_the_one_before() -> None:
    (fay,) = people("fay")
    known: Prepared[Account] = Prepared(named)
    assert known.first(fay.email, "fay") == fay
    connection.close()
    assert known.first(fay.email, "fay") == fay
    change(Account, {"id": fay.pk}, {"name": "Faye"})
    assert known.first(fay.email, "Faye") == fay


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_has_died_since_the_last_request_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    (fay,) = people("fay")
    known: Prepared[Account] = Prepared(named)
    assert known.first(fay.email, "fay") == fay
    line: Any = connections[DEFAULT_DB_ALIAS]
    before = line.connection
    line.health_check_enabled, line.health_check_done = True, False
    monkeypatch.setattr(line, "is_usable", lambda: False)
    assert known.first(fay.email, "fay") == fay
    assert line.connection is not before


def test_whoever_looks_on_sees_every_statement_and_nobody_does_afterwards() -> None:
    (fay,) = people("fay")
    change(Account, {"id": fay.pk}, {"name": "F."})
    with CaptureQueriesContext(connection) as asked:
        change(Account, {"id": fay.pk}, {"name": "Fa."})
        change(Account, {"id": fay.pk}, {"name": "Fay"})
    change(Account, {"id": fay.pk}, {"name": "Faye"})
    assert len(asked) == 2
    assert "Faye" not in str(connection.queries_log)


def test_whoever_stands_in_front_of_every_statement_still_does() -> None:
    (fay,) = people("fay")
    seen: list[str] = []

    def look(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        change(Account, {"id": fay.pk}, {"name": "F."})
    change(Account, {"id": fay.pk}, {"name": "Fay"})
    assert [sql.split()[0] for sql in seen] == ["UPDATE"]


def test_what_the_database_refuses_is_told_as_django_tells_it() -> None:
    (fay,) = people("fay")
    with pytest.raises(IntegrityError), transaction.atomic():
        add(Account, {"id": fay.pk, "email": "other@example.org", "name": "Fay again"})
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Account, {"id": fay.pk}, {"is_active": None})
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            change(Account, {"id": fay.pk}, {"name": "F."})


def test_a_row_that_was_found_is_like_one_of_the_orm_in_every_column() -> None:
    (fay,) = people("fay")
    known: Prepared[Account] = Prepared(named)
    found, same = known.first(fay.email, "fay"), Account.objects.get(pk=fay.pk)
    assert found is not None
    assert vars(found).keys() == vars(same).keys()
    assert {name: value for name, value in vars(found).items() if name != "_state"} == {
        name: value for name, value in vars(same).items() if name != "_state"
    }
    assert (found._state.adding, found._state.db) == (False, same._state.db)
    found.name = "Fay of the harbour"
    found.save()
    assert Account.objects.get().name == "Fay of the harbour"


ZONES = [UTC, timezone(timedelta(hours=5, minutes=45)), ZoneInfo("America/St_Johns")]


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("fraction", [0, 7000, 123456])
def test_a_time_comes_back_as_the_same_moment_in_utc_whatever_its_zone(zone: tzinfo, fraction: int) -> None:
    (fay,) = people("fay")
    at = datetime(2026, 3, 29, 1, 30, 5, fraction, UTC)
    change(Account, {"id": fay.pk}, {"last_login": at.astimezone(zone)})
    for found in (Account.objects.get(), Account.objects.filter(last_login=at.astimezone(zone)).get()):
        assert found.last_login == at
        assert found.last_login.utcoffset() == timedelta(0)
    change(Account, {"id": fay.pk}, {"last_login": None})
    assert Account.objects.get().last_login is None


@pytest.mark.parametrize("ending", ["", "-- " + "long " * 2000])
def test_a_statement_keeps_its_signs_and_its_values_theirs(ending: str) -> None:
    with connection.cursor() as cursor:
        for value in ("%s", "100 %", "?"):
            cursor.execute(f"SELECT %s, '%%s', '?' {ending}", [value])
            assert cursor.fetchone() == (value, "%s", "?")
            cursor.execute(f"SELECT %(one)s, '%%s' {ending}", {"one": value})
            assert cursor.fetchone()[0] == value


def test_postgresql_prepares_what_comes_again_and_it_is_told_right_whatever_was_undone_meanwhile() -> None:
    if connection.vendor != "postgresql":
        return
    fay, max_ = people("fay", "max")
    known: Prepared[Account] = Prepared(named)
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%teams_account%'"
    for turn in range(3):
        for _ in range(SEEN + 1):
            assert known.first(fay.email, "fay") == fay
            assert known.first(max_.email, "fay") is None
        with connection.cursor() as cursor:
            cursor.execute(kept)
            assert cursor.fetchone()[0] == 1
        with transaction.atomic():
            change(Account, {"id": fay.pk}, {"name": f"fay {turn}"})
            assert known.first(fay.email, f"fay {turn}") == fay
            transaction.set_rollback(True)


def test_a_thread_knows_when_postgresql_has_no_connection_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        return
    line: Any = connections[DEFAULT_DB_ALIAS].copy()
    with monkeypatch.context() as nobody_is_there:
        nobody_is_there.setitem(line.settings_dict, "PORT", "1")
        with pytest.raises(OperationalError):
            line.ensure_connection()
    assert line.turned_away
    line.ensure_connection()
    assert not line.turned_away
    line.close()


class Watched:
    """A connection to PostgreSQL that was just opened, at a moment that is told: when it is asked whether it lives."""

    def __init__(self, line: Any) -> None:
        self.line, self.moment = line, 0.0
        self.asked: list[float] = []

    def lives(self) -> bool:
        self.asked.append(self.moment)
        return True


@pytest.fixture
def watched(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Watched:
    connection.ensure_connection()
    found = Watched(connections[DEFAULT_DB_ALIAS])
    monkeypatch.setattr("conventions.postgresql.base.monotonic", lambda: 1000.0 + found.moment)
    monkeypatch.setattr(found.line, "is_usable", found.lives)
    monkeypatch.setattr(found.line, "health_check_enabled", True)
    monkeypatch.setattr(found.line, "health_check_done", True)
    found.line.close_if_unusable_or_obsolete()
    return found


def test_a_connection_that_said_a_moment_ago_that_it_lives_is_believed_and_a_later_one_is_asked(
    watched: Watched,
) -> None:
    if connection.vendor != "postgresql":
        return
    for tenths in range(0, 30, 4):
        watched.moment = BELIEVED * tenths / 10
        watched.line.close_if_unusable_or_obsolete()  # as Django does before each request
        assert not Account.objects.exists()
        watched.line.close_if_unusable_or_obsolete()  # … and after it
    assert watched.asked == [BELIEVED * 1.2, BELIEVED * 2.4]


def test_a_connection_is_not_asked_in_the_middle_of_a_transaction_nor_at_its_end(watched: Watched) -> None:
    if connection.vendor != "postgresql":
        return
    with transaction.atomic():
        watched.moment = BELIEVED * 2
        assert not Account.objects.exists()
    assert not watched.asked
    assert not Account.objects.exists()
    assert watched.asked == [BELIEVED * 2]
