"""Whose the rows are that a call has changed: told from the rows, where the answer does not say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Rows = Mapping[str, Any]

PICTURES = frozenset({"decisions_toldentry"})
"""Made anew from the journal, for whoever stands in it."""
NOBODYS = frozenset({"PATCH teams/{slug}/", "POST meetings/{meeting}/minutes/mail/"})
"""What belongs to a team: no row of it says who wrote."""


def astray(
    call: str, before: Rows, now: Rows, asker: str, named: set[str], forged: str, people: set[str]
) -> Iterable[str]:
    """`named`: whom the address itself names. `forged`: whom the rest of the request puts in the place of the asker."""
    come = {table: " ".join(set(now[table] or ()) - set(before[table] or ())) for table in now}
    gone = {table: " ".join(set(before[table] or ()) - set(now[table] or ())) for table in now}
    for table in sorted(now.keys() - PICTURES):
        if forged in come[table] + gone[table]:
            yield f"{table} has changed for the person whom the request puts forward"
        if any(one in come[table] and one not in gone[table] for one in people - named - {asker}):
            yield f"{table} has come to name somebody who neither asked nor stands in the address"
    changed = " ".join([*come.values(), *gone.values()])
    if changed.strip() and not named and call not in NOBODYS and asker not in changed:
        yield "what has changed does not name who asked"
