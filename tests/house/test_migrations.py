"""During an update old code and new code work over the same tables: a migration adds, and takes away a release later.

What the old code reads stays where it is, and what it writes still fits. What nothing reads any more may go with the
next release, and stands in TAKEN_AWAY with the version since which that is so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.db.migrations import operations as does
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import SeparateDatabaseAndState
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED

OURS = ("conventions", "notices", "teams", "decisions", "meetings", "trying")
BEFORE_THE_FIRST_RELEASE = {
    "conventions": 2,
    "decisions": 10,
    "meetings": 1,
    "notices": 1,
    "teams": 4,
    "trying": 1,
}
"""Up to these numbers nobody had an older version to update from."""

TAKEN_AWAY: dict[tuple[str, str], str] = {}
"""(app, migration) → since which version nothing reads or writes what it takes away, or why its own SQL may stay."""

ADDS = (does.CreateModel, does.AddIndex, does.RunPython, does.AlterModelOptions, does.AlterModelManagers)
LOOSENS = (does.RemoveIndex, does.RemoveConstraint)


def disturbs(operation: Operation, before: ProjectState, app: str) -> bool:
    """Whether code that does not know of it may trip over it."""
    if isinstance(operation, SeparateDatabaseAndState):
        return any(disturbs(one, before, app) for one in operation.database_operations)
    if isinstance(operation, does.AddField):
        return not fills_itself(operation.field)
    if isinstance(operation, does.AlterField):
        was = before.models[app, operation.model_name_lower].fields[operation.name]
        return type(was) is not type(operation.field) or (was.null and not operation.field.null)
    return not isinstance(operation, ADDS + LOOSENS)


def fills_itself(field: models.Field[Any, Any]) -> bool:
    """A default of Django's own does not count: the old code does not name the column when it writes a row."""
    return field.null or field.many_to_many or field.db_default is not NOT_PROVIDED


def later_ones() -> Iterator[tuple[str, str]]:
    for app, name in sorted(MigrationLoader(None).disk_migrations):
        if app in OURS and int(name[:4]) > BEFORE_THE_FIRST_RELEASE[app]:
            yield app, name


def test_the_old_code_can_live_with_every_migration_since_the_first_release() -> None:
    loader = MigrationLoader(None)
    for app, name in later_ones():
        before = loader.project_state((app, name), at_end=False)
        for operation in loader.disk_migrations[app, name].operations:
            assert (app, name) in TAKEN_AWAY or not disturbs(operation, before, app), (app, name, operation)
            operation.state_forwards(app, before)


def test_nothing_is_excused_that_is_not_there() -> None:
    assert TAKEN_AWAY.keys() <= set(later_ones())


TEXT = models.TextField()
KEPT = models.Index(fields=["words"], name="kept")
UNIQUE = models.UniqueConstraint(fields=["words"], name="once")


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        (does.AddField("thought", "mood", models.TextField(null=True)), False),
        (does.AddField("thought", "mood", models.TextField(db_default="")), False),
        (does.AddField("thought", "mood", models.TextField(default="")), True),
        (does.AddIndex("thought", KEPT), False),
        (does.CreateModel("mood", []), False),
        (does.AlterField("thought", "mark", models.TextField(null=True)), False),
        (does.AlterField("thought", "mark", TEXT), True),
        (does.AlterField("thought", "mark", models.IntegerField(null=True)), True),
        (does.AddConstraint("thought", UNIQUE), True),
        (does.RemoveField("thought", "mark"), True),
        (does.RenameField("thought", "mark", "sign"), True),
        (does.RenameModel("thought", "idea"), True),
        (does.DeleteModel("thought"), True),
        (does.RunSQL("DELETE FROM thought"), True),
        (SeparateDatabaseAndState(database_operations=[does.DeleteModel("thought")]), True),
        (SeparateDatabaseAndState(state_operations=[does.DeleteModel("thought")]), False),
    ],
    ids=lambda one: one.describe() if isinstance(one, Operation) else None,
)
def test_what_old_code_trips_over_is_told_from_what_it_does_not_see(operation: Operation, wanted: bool) -> None:
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("words", models.TextField()),
        ("mark", models.TextField(null=True)),
    ]
    before = ProjectState({("house", "thought"): ModelState("house", "Thought", fields)})
    assert disturbs(operation, before, "house") is wanted
