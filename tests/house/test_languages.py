"""Every language says all that English says: complete, with the same places to fill in, as short, and as calm."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from tests.house.test_words import SERVER, sentences_of_the_server
from tools import words

ROOT = Path(__file__).resolve().parents[2]
WORDS = json.loads((ROOT / "locale" / "words.json").read_text())
"""What the languages are checked by: `avoided`, what a language does not say; `long`, labels that may be longer."""

PLACE = re.compile(r"\{(\w+)[^}]*\}")
LABEL = 4  # words

# What is told to somebody at the command line, in a log, in the description of the interface or to a program alone.
TOLD_IN_ENGLISH = re.compile(
    r"config/(environment|settings|threads|start|server|health)\.py|.*/management/.*|decisions/process/page\.py|"
    r"decisions/live/.*|decisions/demo/.*|decisions/(append_only|journal|store|played|rights)\.py|notices/(outbox|delivery|postman)\.py|"
    r"teams/signin\.py|(teams|config|decisions|meetings|trying)/(api/)?(shapes|outputs|site|description)\.py|conventions/(description|clock|cache)\.py"
)


@cache
def said() -> tuple[words.Found, ...]:
    return tuple(words.texts())


@cache
def catalogue(language: str) -> Catalog:
    return words.catalogue(language)


def forms(message: Message) -> list[tuple[str, str]]:
    """Each form of a translation with the English one that it stands for."""
    if isinstance(message.id, tuple):
        return [(message.id[min(at, 1)], form) for at, form in enumerate(message.string or ())]
    return [(str(message.id), str(message.string))]


def translated(language: str) -> Iterator[tuple[str, str]]:
    for message in catalogue(language):
        if message.id and words.is_translated(message):
            yield from forms(message)


every_language = pytest.mark.parametrize("language", words.LANGUAGES)


def test_there_is_much_to_say() -> None:
    assert len(set(said())) > 1500


def test_the_same_languages_are_offered_everywhere() -> None:
    offered = [tuple(one) for one in settings.LANGUAGES]
    pages = re.findall(r'\["(\w\w)", "(\w+)"\]', (ROOT / "frontend/src/words/said.ts").read_text())
    assert offered == pages
    assert [code for code, _name in offered] == ["en", *words.LANGUAGES]


@every_language
def test_nothing_is_without_a_translation(language: str) -> None:
    assert not [message.id for message in words.missing(words.brought_up(language, said()))]


@every_language
def test_the_catalogue_is_as_the_sources_are(language: str) -> None:
    fresh = words.brought_up(language, said())
    hint = "python3 run.py words"
    assert words.path_of(language).read_bytes() == words.as_po(fresh), hint
    assert words.path_of(language).with_suffix(".mo").read_bytes() == words.as_mo(fresh), hint


@every_language
def test_every_form_of_a_number_is_there(language: str) -> None:
    found = catalogue(language)
    plural = [message for message in found if isinstance(message.id, tuple)]
    assert plural
    assert not [message.id for message in plural if len(message.string or ()) != found.num_plurals]


@every_language
def test_the_same_places_are_filled_in(language: str) -> None:
    """The form for one may do without its number: "one day"."""
    wrong = []
    for english, other in translated(language):
        wanted, given = Counter(PLACE.findall(english)), Counter(PLACE.findall(other))
        if wanted != given and (wanted | Counter(["n"])) != (given | Counter(["n"])):
            wrong.append((english, other))
    assert not wrong


@every_language
def test_marks_and_blanks_are_kept(language: str) -> None:
    """Blanks at either end join a text to the next; lines shape it."""
    shape = re.compile(r"^\s+|\s+$|\n|`")
    assert not [
        (english, other) for english, other in translated(language) if shape.findall(english) != shape.findall(other)
    ]


@every_language
def test_a_label_is_not_much_longer_than_in_english(language: str) -> None:
    may = set(WORDS["long"].get(language, []))
    labels = [(english, other) for english, other in translated(language) if len(english.split()) <= LABEL]
    long = [one for one in labels if len(one[1]) > max(len(one[0]) * 1.5, len(one[0]) + 8) and one[0] not in may]
    assert not long
    assert may <= {english for english, _other in labels}, "these are labels no more"


@every_language
def test_it_is_plain_and_calm(language: str) -> None:
    never = re.compile("|".join(rf"\b(?:{word})\b" for word in WORDS["avoided"][language]) + "|[!¡]", re.IGNORECASE)
    assert not [other for _english, other in translated(language) if never.search(other)]


@every_language
def test_no_sentence_is_left_in_english(language: str) -> None:
    same = [english for english, other in translated(language) if english == other and len(english.split()) > 3]
    assert not [english for english in same if re.search(r"[a-z]{4,} [a-z]{2,} ", PLACE.sub("", english))]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    names = {"_", "ngettext", "gettext_lazy", "gettext_noop"}
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    return (node for node in nodes if isinstance(node.func, ast.Name) and node.func.id in names)


def test_what_is_marked_is_a_literal() -> None:
    """Else nobody finds it who gathers the texts. What stands in a table is marked there, and said by `gettext`."""
    found = []
    for path in (path for folder in SERVER for path in (ROOT / folder).rglob("*.py")):
        for call in calls(ast.parse(path.read_text())):
            texts = call.args[: 2 if isinstance(call.func, ast.Name) and call.func.id == "ngettext" else 1]
            if not all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts):
                found.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert not found


def described() -> set[str]:
    """What the description of the interface says of its parts, for those who write programs."""
    found: set[str] = set()
    for path in (path for folder in SERVER for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg in ("help_text", "description"):
                found |= {str(one.value) for one in ast.walk(node.value) if isinstance(one, ast.Constant)}
    return found


def test_what_the_server_says_to_people_is_marked() -> None:
    known = {text for _file, one in said() for text in (one if isinstance(one, tuple) else (one,))}
    known |= described()
    bare = {one for one in sentences_of_the_server() if one[1] not in known}
    assert not sorted(one for one in bare if not TOLD_IN_ENGLISH.fullmatch(one[0]))
