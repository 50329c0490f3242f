"""What a request may hold: plain, bounded, unambiguous JSON, or a clear 400."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from conventions import problems
from conventions.problems import BODY_LIMIT

DEPTH_LIMIT = 32
NUL = "\x00"


class JsonBody(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(BODY_LIMIT + 1)
        if len(raw) > BODY_LIMIT:
            raise problems.too_large(BODY_LIMIT)
        return read(raw)


def read(raw: bytes) -> Any:
    if not raw.strip():
        return {}
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
        )
    except UnicodeDecodeError:
        raise ParseError(_("The text is not UTF-8.")) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as fault:
        raise ParseError(_("The JSON cannot be read: {fault}").format(fault=fault)) from None
    _bounded(value)
    return value


def _too_deep() -> ParseError:
    return ParseError(_("The JSON is nested deeper than {limit} levels.").format(limit=DEPTH_LIMIT))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(_("a name stands twice in one object"))
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(_("{name} is not a number in JSON").format(name=name))


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(_("a number is too large"))
    return number


def _bounded(value: Any) -> None:
    """Walks without recursion, so that depth cannot hurt whoever asks for it."""
    level = [value]
    for _depth in range(DEPTH_LIMIT + 1):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                _sound(*one)
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
            elif isinstance(one, str):
                _sound(one)
        if not inner:
            return
        level = inner
    raise _too_deep()


def _sound(*texts: str) -> None:
    for text in texts:
        if NUL in text:
            raise ParseError(_("The text holds a NUL character."))
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ParseError(_("The text holds half of a surrogate pair.")) from None
