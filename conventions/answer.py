"""Answers are JSON, whatever the request says it would rather have."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from conventions import clock


class JsonAnswer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else encode(data)


class JsonAlways(BaseContentNegotiation):
    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return next((parser for parser in parsers if parser.media_type == media_type(request)), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


def media_type(request: Request) -> str:
    return str(request.content_type or "").split(";")[0].strip().lower()


def encode(value: Any) -> bytes:
    return _encoder.encode(_plain(value))


def _plain(value: Any) -> Any:
    """msgspec writes times in its own way; ours have milliseconds, always."""
    if isinstance(value, datetime):
        return clock.rfc3339(value)
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [inner if type(inner) is str else _plain(inner) for inner in value]  # a row may hold a thousand names
    return value


def _other(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)


_encoder = msgspec.json.Encoder(enc_hook=_other)
