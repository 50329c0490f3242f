"""What people write: one way to take text in, and to say in plain words what is amiss with it."""

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SURROGATES = re.compile(r"[\ud800-\udfff]")
# These turn the reading direction round and can make a name look like another one.
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """One form for what looks the same: NFC, plain line ends, nothing blank around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


class Text(serializers.Field):  # type: ignore[type-arg]
    """Text over one or more lines."""

    default_error_messages = {
        "required": _("{name} is missing."),
        "null": _("{name} is missing."),
        "not_text": _("{name} must be text."),
        "blank": _("{name} is empty. Write a few words."),
        "controls": _("{name} holds characters that cannot be shown."),
        "too_long": _("{name} must be {limit:,} characters or less."),
    }

    def __init__(self, max_length: int, *, blank: bool = False, **options: Any) -> None:
        self.max_length = max_length
        self.blank = blank
        super().__init__(**options)

    @property
    def name(self) -> str:
        words = self.label or (self.field_name or "text").replace("_", " ")
        return words[:1].upper() + words[1:]

    def fail(self, key: str, **words: Any) -> Any:
        super().fail(key, **{"name": self.name, "limit": self.max_length, **words})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is serializers.empty and self.required and not getattr(self.root, "partial", False):
            self.fail("required")
        if data is None and not self.allow_null:
            self.fail("null")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        if SURROGATES.search(data):
            self.fail("controls")
        text = self.shaped(data)
        if CONTROLS.search(text):
            self.fail("controls")
        if not text and not self.blank:
            self.fail("blank")
        if len(text) > self.max_length:
            self.fail("too_long")
        return text

    def shaped(self, data: str) -> str:
        return tidy(data)

    def to_representation(self, value: str) -> str:
        return value


class Line(Text):
    """Text on one line: a name, a title."""

    def shaped(self, data: str) -> str:
        return SPACES.sub(" ", tidy(data))

    def to_internal_value(self, data: Any) -> str:
        line = super().to_internal_value(data)
        if TURNS.search(line):
            self.fail("controls")
        return line
