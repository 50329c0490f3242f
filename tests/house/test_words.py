"""What people read is plain and calm: some words never appear in it, on the pages or in an answer."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = ("config", "conventions", "notices", "teams", "decisions", "meetings", "trying")
NEVER = re.compile(
    r"\b(vot(e|es|ed|ing)|veto\w*|block(s|ed|ing)?|overrid\w+|overrul\w+|approv\w+|reject\w*|"
    r"deadline missed|invalid|sorry|please|oops)\b|!",
    re.IGNORECASE,
)


def sentences_of_the_server() -> Iterator[tuple[str, str]]:
    """Strings that read as a sentence; docstrings are for those who read the code."""
    sentence = re.compile(r"[A-Z“].* .*[.?…]$", re.DOTALL)
    for path in (path for folder in SERVER for path in (ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text())
        quiet = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in quiet)
        for text in (node.value for node in strings if isinstance(node.value, str)):
            if sentence.match(text):
                yield str(path.relative_to(ROOT)), text


def words_of_the_pages() -> Iterator[tuple[str, str]]:
    """What stands in `_("…")`, `ngettext("…", "…")` and the like, in the front end's sources."""
    text = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`"
    call = re.compile(rf"\b(?:_|n?p?gettext)\(\s*((?:{text})(?:\s*,\s*(?:{text}))*)")
    for path in sorted((ROOT / "frontend" / "src").rglob("*")):
        if path.suffix in (".svelte", ".ts") and ".test." not in path.name:
            source = re.sub(r"\"\s*\+\s*\"", "", path.read_text())
            for found in call.finditer(source):
                for each in re.findall(text, found.group(1)):
                    yield str(path.relative_to(ROOT)), each[1:-1]


def markup_of_the_pages() -> Iterator[tuple[str, str]]:
    """Text between tags, should any stand there by itself."""
    for path in sorted((ROOT / "frontend" / "src").rglob("*.svelte")):
        bare = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", path.read_text(), flags=re.DOTALL)
        for text in re.findall(r">([^<>{}]*[A-Za-z]{3}[^<>{}]*)<", bare):
            yield str(path.relative_to(ROOT)), text.strip()


@pytest.mark.parametrize("words", [sentences_of_the_server, words_of_the_pages, markup_of_the_pages])
def test_what_people_read_is_plain_and_calm(words: object) -> None:
    assert callable(words)
    assert not [(where, text) for where, text in words() if NEVER.search(text)]


def test_there_are_words_to_look_at() -> None:
    assert len(list(sentences_of_the_server())) > 40
    assert len(list(words_of_the_pages())) > 100
