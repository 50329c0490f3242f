"""Both forms of a mail say the same, whatever is in it, and nothing in it becomes markup."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.composing import QUOTED, Code, Lines, Link, Quote, Row, letter, name

WHY = "You get this because a test asked for it."


class Words(HTMLParser):
    """What somebody reads of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._hidden = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._hidden = tag in ("title", "style", "script")
        self.links += [value or "" for key, value in attrs if key in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


TEXT = st.text(max_size=80)


@settings(max_examples=100, deadline=None)
@given(words=st.lists(TEXT, min_size=6, max_size=6))
def test_text_and_html_say_the_same(words: list[str]) -> None:
    one, two, three, four, five, six = (word.replace("\r", "\n") for word in words)
    link, lines = Link(two, "https://example.org/?a=1&b=2"), Lines((six, "second line"))
    parts = (one, link, Quote(three), Row(four, five), Code("123-456"), lines)
    made = letter("max@example.org", "Asked", *parts, why=WHY)
    read = Words(made.html)
    assert squeezed("".join(read.words)) == squeezed(made.text)
    assert set(read.links) == {"https://example.org/?a=1&b=2"}
    assert read.tags <= {"html", "head", "meta", "title", "body", "div", "p", "a", "br", "span", "blockquote", "strong"}


def test_what_people_wrote_never_becomes_markup() -> None:
    evil = '<script>alert(1)</script><img src="https://evil.example/p.gif">" onclick="x'
    parts = (evil, Quote(evil), Row(evil, evil), Link(evil, f"https://e/?{evil}"))
    made = letter("max@example.org", evil, *parts, why=evil)
    read = Words(made.html)
    assert not read.tags & {"script", "img"}
    assert evil in "".join(read.words)
    assert "<title>&lt;script" in made.html


def test_a_mail_ends_with_why_it_came() -> None:
    made = letter("max@example.org", "Asked", "Words.", why=WHY)
    assert made.text == f"Words.\n\n{WHY}\n"
    assert "".join(Words(made.html).words).strip().endswith(WHY)


def test_a_long_quotation_ends_with_a_whole_word_and_dots() -> None:
    made = letter("max@example.org", "Asked", Quote("harbour " * 200), why=WHY)
    quoted = made.text.splitlines()[0].strip()
    assert quoted.endswith("harbour …")
    assert QUOTED - 10 < len(quoted) <= QUOTED + 2
    assert len(letter("a@b.c", "Asked", Quote("港" * 2000), why=WHY).text) < QUOTED + 60


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("Fay Ferreira", "Fay Ferreira"),
        ("日本 太郎", "日本 太郎"),
        ("שרה כהן", "\u2068שרה כהן\u2069"),
        ("نور 12", "\u2068نور 12\u2069"),
        ("Fay\u202e\u2066 oof\n<b>", "Fay oof <b>"),
    ],
)
def test_a_name_read_from_the_right_keeps_to_itself(given: str, made: str) -> None:
    assert name(given) == made
