"""What the interface's own description says of every call alike: problems, keys, text fields."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import get_resolver
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import get_lib_doc_excludes

from conventions.endpoint import Endpoint
from conventions.fields import Text
from conventions.idempotency import METHODS

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` says which rule it was; `errors` names the fields that are amiss.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}
REFUSED = {
    "description": "Refused, and nothing changed.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "A repeat with the same key has no second effect and gets the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


class TextInTheDescription(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "conventions.fields.Text"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: object, direction: str) -> dict[str, Any]:
        field: Text = self.target
        bounds = {"maxLength": field.max_length}
        return {"type": "string", **bounds} if field.blank else {"type": "string", "minLength": 1, **bounds}


def excluded() -> list[type]:
    """Whose docstrings say how an address is built, and not what it does for whoever asks: all that others build on,
    but for those that are an address themselves."""
    theirs: list[type] = get_lib_doc_excludes()  # type: ignore[no-untyped-call]
    addresses = {getattr(view, "cls", None) for view in _views(get_resolver().url_patterns)}
    return [*theirs, Endpoint, *(one for one in _built_on(Endpoint) if one not in addresses)]


def _built_on(base: type[Any]) -> Iterator[type[Any]]:
    for one in base.__subclasses__():
        yield one
        yield from _built_on(one)


def _views(patterns: Iterable[Any]) -> Iterator[Any]:
    for one in patterns:
        yield from _views(one.url_patterns) if hasattr(one, "url_patterns") else [one.callback]


def for_every_call(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: said once here instead of at each address."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for methods in result["paths"].values():
        for method, operation in methods.items():
            operation["responses"].setdefault("default", REFUSED)
            if method.upper() in METHODS:
                operation.setdefault("parameters", []).append(KEY)
    return result
