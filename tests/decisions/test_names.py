"""What people are called is looked up once in a while, and kept of no more than there is room for."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from decisions import names
from teams.models import Account

pytestmark = pytest.mark.django_db


def asked(people: list[Account]) -> int:
    with CaptureQueriesContext(connection) as queries:
        found = names.names_of(person.pk for person in people)
    assert found == {person.pk: person.name for person in people}
    return len(queries)


def test_everybody_is_named_also_while_what_was_kept_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_kept", {})
    monkeypatch.setattr(names, "MOST", 2)
    people = [Account.objects.create_user(f"{n}@example.org", "a-password", name=f"Person {n}") for n in range(6)]
    assert asked(people[:3]) == 1
    assert asked(people[:3]) == 0
    assert asked(people) == 1
    assert len(names._kept) == 3
    assert names.names_of([None, "nobody"]) == {}
