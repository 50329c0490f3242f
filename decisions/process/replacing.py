"""`dataclasses.replace` for the values of the process, in a tenth of its steps: every event makes a new state of an old
one, several times over. What it gains is measured by `bench commands`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

V = TypeVar("V")


def replace(value: V, **changes: Any) -> V:
    """The same value but for these fields; of a dataclass with slots and nothing to do after `__init__`. Raises
    TypeError for a field that it does not have."""
    kind: Any = type(value)
    known = _known(kind)
    contents = list(known.contents(value))
    for name, content in changes.items():
        contents[known.place(name)] = content
    made: V = object.__new__(kind)
    for fill, content in zip(known.slots, contents, strict=True):
        fill(made, content)
    return made


class Known(NamedTuple):
    """Of a kind of values of two fields or more: what takes all contents out of one at once, what puts each into its
    slot (a frozen value lets nobody else), and the places of the fields by their names."""

    contents: Callable[[Any], tuple[Any, ...]]
    slots: tuple[Callable[[Any, Any], None], ...]
    places: Mapping[str, int]

    def place(self, name: str) -> int:
        try:
            return self.places[name]
        except KeyError:
            raise TypeError(f"There is no field {name}.") from None


@cache
def _known(kind: Any) -> Known:
    names = [one.name for one in fields(kind)]
    slots = tuple(kind.__dict__[name].__set__ for name in names)
    return Known(attrgetter(*names), slots, {name: place for place, name in enumerate(names)})
