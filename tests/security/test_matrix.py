"""The permission matrix, walked: every call of the interface, by everybody, in every phase.

Whatever is refused changes no row; whatever is done is done by whoever asked, whoever else the request names: the
entries in the answer say so, and the rows where an answer has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from django.db import connection, transaction

from .matrix import LATE, MEETINGS, PROPOSALS, TEAMS, Row
from .meeting import PHASES as MEETING_PHASES
from .meeting import met
from .whose import astray
from .world import PHASES, ROLES, SCRIPTS, World, brought_to

pytestmark = pytest.mark.timeout(400)  # seven seconds each on a machine that does nothing else

FORGED = ("by", "account", "member", "author", "actor", "user", "voice", "on_behalf_of")
"""Names under which somebody might try to speak as somebody else; each row carries them all."""


def filled(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {filled(key, names): filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    return value.format_map(names) if isinstance(value, str) else value


def rows_now() -> dict[str, Any]:
    """Every table as it stands, but sessions: read plainly, for this is done some thousand times."""
    with connection.cursor() as cursor:
        return {table: _table(cursor, table) for table in sorted(connection.introspection.table_names(cursor))}


def _table(cursor: Any, table: str) -> Any:
    if table == "django_session":
        return None
    cursor.execute(f'SELECT * FROM "{table}"')
    return sorted(map(repr, cursor.fetchall()))


def walked(world: World, rows: Iterable[Row], phase: str) -> list[str]:
    """What did not go as the matrix says, in words."""
    amiss: list[str] = []
    before = rows_now()
    for row in rows:
        for role in ROLES:
            with transaction.atomic():
                amiss += _walk(world, row, role, phase, before)
                transaction.set_rollback(True)
    return amiss


def _walk(world: World, row: Row, role: str, phase: str, before: Mapping[str, Any]) -> Iterable[str]:
    other = world.people["objector" if role != "objector" else "participant"]
    body = filled(row.body, world.names) | dict.fromkeys(FORGED, other.pk)
    path = filled(row.address, world.names) + f"?by={other.pk}"
    answer = world.ask(role, row.method, path, None if row.method in ("GET", "DELETE") else body)
    expected, got = row.expected(role, phase), told(answer)
    where = f"{row.call} by {role} in {phase}"
    if expected != got and not (expected == "late" and got in LATE):
        yield f"{where}: {got}, where the matrix says {expected}"
    if got != "ok" or row.method == "GET":
        if rows_now() != before:
            yield f"{where}: {got}, and rows have changed"
    elif role != "anonymous":
        yield from _forged(where, answer, {world.people[role].pk, None}, role in SCRIPTS)
        if not entries_of(answer):
            yield from _astray(where, row, world, role, other.pk, before)


def told(answer: Any) -> str:
    """What an answer comes to, in a word of the matrix."""
    if answer.status_code < 300:
        return "ok"
    code = str(json.loads(answer.content)["code"])
    return {"not_signed_in": "401", "not_found": "404"}.get(code, code)


def _forged(where: str, answer: Any, who: set[str | None], by_script: bool) -> Iterable[str]:
    for entry in entries_of(answer):
        if entry["by"] not in who:
            yield f"{where}: an entry {entry['event']} in the name of somebody else"
        if by_script and not str(entry["via"]).startswith("token:"):
            yield f"{where}: an entry {entry['event']} that does not say that a script made it"


def entries_of(answer: Any) -> list[Any]:
    return list(answer.json().get("entries", [])) if answer.content else []


def _astray(where: str, row: Row, world: World, role: str, forged: str, before: Mapping[str, Any]) -> Iterable[str]:
    """Of what answers without entries, the rows tell whose it is."""
    people = {one.pk for one in world.people.values()}
    named = people & set(filled(row.address, world.names).split("/"))
    for amiss in astray(row.call, before, rows_now(), world.people[role].pk, named, forged, people):
        yield f"{where}: {amiss}"


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    """Everything here stands on rows."""


@pytest.mark.parametrize("phase", PHASES)
def test_everybody_gets_exactly_what_the_matrix_says_of_a_proposal(phase: str) -> None:
    amiss = walked(brought_to(phase), PROPOSALS, phase)
    assert not amiss, "\n".join(amiss)


def test_everybody_gets_exactly_what_the_matrix_says_of_teams_and_of_oneself() -> None:
    amiss = walked(brought_to("clarifying"), TEAMS, "clarifying")
    assert not amiss, "\n".join(amiss)


@pytest.mark.parametrize("phase", MEETING_PHASES)
def test_everybody_gets_exactly_what_the_matrix_says_of_a_meeting(phase: str) -> None:
    amiss = walked(met(phase), MEETINGS, phase)
    assert not amiss, "\n".join(amiss)
