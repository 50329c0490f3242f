"""What a reader makes of the patches that it hears (RFC 7396), told once more apart from the server's own."""

from __future__ import annotations

from typing import Any

Json = Any


def merged(target: Json, patch: Json) -> Json:
    """The target with this patch on it."""
    if not isinstance(patch, dict):
        return patch
    kept = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = merged(kept.get(key), value)
    return kept


def without_nulls(value: Json) -> Json:
    """A patch cannot tell null from nothing, so two pictures are compared without."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return value


def alike(one: Json, other: Json) -> bool:
    """Whether two pictures are equal without their nulls. What both of them hold is not looked at twice."""
    if one is other:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        missing = (key for key, item in other.items() if item is not None and one.get(key) is None)
        told = ((item, other.get(key)) for key, item in one.items() if item is not None)
        return next(missing, None) is None and all(alike(*pair) for pair in told)
    return bool(one == other)
