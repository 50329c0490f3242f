"""Which part of the state stands in which table, as data: so that `store` reads and writes them all in one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import msgspec
from django.db.models import Model, QuerySet

from conventions import shapes
from conventions.prepared import PreparedRows, add, change, remove

from . import models
from .process import state

shapes.prepare([state.Room])

Items = Mapping[Any, Any]
Change = Callable[[Any], Any]

OWN_FIELDS: Mapping[str, str] = {
    "id": "id",
    "team": "team_id",
    "number": "number",
    "seq": "seq",
    "author": "author_id",
    "facilitator": "facilitator_id",
    "revision": "revision",
    "opened_at": "opened_at",
    "adopted_at": "adopted_at",
    "withdrawn_at": "withdrawn_at",
    "withdrawn_reason": "withdrawn_reason",
    "chair_offered": "chair_offered",
    "author_offered": "author_offered",
    "since": "since",
    "clock": "clock_at",
}
"""Field of the state → column of the proposal's own row."""


@dataclass(frozen=True)
class Shelf:
    """One mapping of the state and its table. `columns`: where a field's column is called otherwise; `into` and
    `out_of`: how a value goes into its column and comes back; `owner`: the path from a row to its proposal."""

    name: str
    model: type[Model]
    item: type[Any]
    key: str
    order: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    into: Mapping[str, Change] = field(default_factory=dict)
    out_of: Mapping[str, Change] = field(default_factory=dict)
    owner: str = "proposal"

    @cached_property
    def _names(self) -> list[str]:
        return [f.name for f in fields(self.item)]

    def read(self, proposal: str) -> dict[Any, Any]:
        """Everything of this kind that belongs to a proposal, by key, in the order in which it came."""
        names = self._names
        items = [self._item(dict(zip(names, row, strict=True))) for row in self._rows.all(proposal)]
        return {getattr(item, self.key): item for item in items}

    def clear_away(self, proposal: str, before: Items, after: Items) -> None:
        """Deletes the rows of what is no longer there."""
        for key in before.keys() - after.keys():
            remove(self.model, {**self._owner(proposal), self._column(self.key): key})

    def write(self, proposal: str, before: Items, after: Items) -> None:
        """Changes the rows of what has changed, then adds those of what is new."""
        changed = {key: item for key, item in after.items() if before.get(key) is not item}
        owner = self._owner(proposal)
        for key, item in changed.items():
            if key in before:
                change(self.model, {**owner, self._column(self.key): key}, self._row(item, before[key]))
        for key, item in changed.items():
            if key not in before:
                add(self.model, {**owner, **self._row(item)})

    def _owner(self, proposal: str) -> dict[str, str]:
        """What of a row says whose it is, beside a key that is its own."""
        return {"proposal_id": proposal} if self.owner == "proposal" else {}

    @cached_property
    def _rows(self) -> PreparedRows[Any]:
        def build(proposal: str) -> QuerySet[Any]:
            rows = self.model._default_manager.filter(**{self.owner: proposal}).order_by(*self.order)
            return rows.values_list(*(self._column(name) for name in self._names))

        return PreparedRows(build)

    def _column(self, name: str) -> str:
        return self.columns.get(name, name)

    def _row(self, item: Any, before: Any = None) -> dict[str, Any]:
        """All columns, or those that are not as before."""
        names = self._names
        if before is not None:
            names = [name for name in names if getattr(item, name) != getattr(before, name)]
        return {self._column(name): self._value(name, getattr(item, name)) for name in names}

    def _value(self, name: str, value: Any) -> Any:
        return self.into[name](value) if name in self.into else value

    def _item(self, values: dict[str, Any]) -> Any:
        for name, back in self.out_of.items():
            values[name] = None if values[name] is None else back(values[name])
        return self.item(**values)


BY = {"by": "by_id"}
IN_ROUND = {"by": "by_id", "round": "round_id"}

SHELVES = (
    Shelf(
        "participants",
        models.Participant,
        state.Participant,
        key="id",
        order=("since", "account_id"),
        columns={"id": "account_id"},
    ),
    Shelf(
        "revisions",
        models.Revision,
        state.Revision,
        key="number",
        order=("number",),
        columns=BY,
        into={"answers": dict},
    ),
    Shelf(
        "rounds",
        models.Round,
        state.Round,
        key="id",
        order=("opened_at", "revision", "kind"),
        into={"electorate": sorted, "cleared": dict, "absent": sorted},
        out_of={"kind": state.Kind, "electorate": frozenset, "outcome": state.Outcome, "absent": frozenset},
    ),
    Shelf(
        "questions",
        models.Question,
        state.Question,
        key="id",
        order=("at", "id"),
        columns=IN_ROUND,
        owner="round__proposal",
    ),
    Shelf(
        "reactions",
        models.Reaction,
        state.Reaction,
        key="id",
        order=("at", "id"),
        columns=IN_ROUND,
        owner="round__proposal",
    ),
    Shelf(
        "responses",
        models.Response,
        state.Response,
        key="id",
        order=("at", "id"),
        columns=IN_ROUND,
        out_of={"kind": state.Answer},
        owner="round__proposal",
    ),
    Shelf(
        "objections",
        models.Objection,
        state.Objection,
        key="id",
        order=("at", "id"),
        columns=BY,
        out_of={"status": state.Status},
    ),
    Shelf("screens", models.Screen, state.Screen, key="id", order=("at", "id"), columns=BY),
)


def room_into(room: state.Room | None) -> Any:
    """The room as JSON for its column."""
    return msgspec.to_builtins(room)


def room_out_of(column: Any) -> state.Room | None:
    """… and back."""
    return msgspec.convert(column, state.Room | None)
