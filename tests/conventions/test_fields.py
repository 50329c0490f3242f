"""What people write is taken in one form, and refused in plain words."""

from typing import Any

import pytest
from rest_framework import serializers

from conventions.fields import Line, Text


class Form(serializers.Serializer[Any]):
    objection = Text(4000)


class Lines(serializers.Serializer[Any]):
    your_name = Line(80)
    aim = Text(10, blank=True, required=False)


def messages(form: serializers.Serializer[Any]) -> list[str]:
    assert not form.is_valid()
    return [str(message) for message in next(iter(form.errors.values()))]


def kept(text: str) -> str:
    form = Form(data={"objection": text})
    assert form.is_valid(), form.errors
    return str(form.validated_data["objection"])


def test_text_is_kept_in_one_form() -> None:
    assert kept("  Cafe\u0301 \r\n\r\n second\rthird\tend \n") == "Café \n\n second\nthird\tend"


def test_any_script_is_text() -> None:
    for text in ("Ǆ 日本語", "שלום", "😀👩‍👩‍👧", "e" + "\u0301" * 200):
        assert kept(text)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Objection is missing."),
        ({"objection": None}, "Objection is missing."),
        ({"objection": ""}, "Objection is empty. Write a few words."),
        ({"objection": " \u3000\n"}, "Objection is empty. Write a few words."),
        ({"objection": 7}, "Objection must be text."),
        ({"objection": ["a"]}, "Objection must be text."),
        ({"objection": "a\x00b"}, "Objection holds characters that cannot be shown."),
        ({"objection": "a\x1bb"}, "Objection holds characters that cannot be shown."),
        ({"objection": "a\ud800b"}, "Objection holds characters that cannot be shown."),
        ({"objection": "x" * 4001}, "Objection must be 4,000 characters or less."),
    ],
)
def test_what_is_amiss_is_said_in_plain_words(data: dict[str, Any], words: str) -> None:
    assert messages(Form(data=data)) == [words]


def test_the_limit_itself_is_within_the_limit() -> None:
    assert len(kept("x" * 4000)) == 4000


def test_a_line_is_one_line() -> None:
    form = Lines(data={"your_name": " Pia\n\t de   Park "})
    assert form.is_valid()
    assert form.validated_data == {"your_name": "Pia de Park"}


def test_a_line_cannot_turn_the_reading_direction_round() -> None:
    assert messages(Lines(data={"your_name": "Pia \u202ekraP"})) == ["Your name holds characters that cannot be shown."]


def test_what_may_be_blank_may_be_blank() -> None:
    form = Lines(data={"your_name": "Pia", "aim": " "})
    assert form.is_valid()
    assert form.validated_data["aim"] == ""
