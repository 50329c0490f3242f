"""How every mail looks: the same words as plain text and as simple HTML, no pictures, and at its end why it came."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.html import escape

from conventions import language
from conventions.fields import SPACES, TURNS
from notices.outbox import Letter

# What others wrote is quoted up to here, so that a mail stays small and the rest is read in its place.
QUOTED = 600
FIRST_STRONG, END = "\u2068", "\u2069"
RIGHT_TO_LEFT = ("R", "AL", "AN")

PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>'
    '<body style="margin:0;padding:24px 16px"><div style="max-width:36em;margin:0 auto;'
    'font:16px/1.5 system-ui,sans-serif">\n{body}\n</div></body></html>\n'
)
SMALL = "font-size:14px;opacity:.75"


@dataclass(frozen=True)
class Link:
    """Something to do or to read, at its address; the address is shown too."""

    label: str
    url: str


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, set apart from our own words."""

    words: str


@dataclass(frozen=True)
class Row:
    """A name and what it stands for, on a line of its own."""

    name: str
    value: str


@dataclass(frozen=True)
class Code:
    """Something to be typed elsewhere."""

    code: str


@dataclass(frozen=True)
class Lines:
    """Something for programs, each on a line of its own, to be kept and copied as it is."""

    lines: tuple[str, ...]


Part = str | Link | Quote | Row | Code | Lines


def letter(address: str, subject: str, *parts: Part, why: str) -> Letter:
    """A mail in both forms. `why` says in one line why its reader gets it."""
    text = "\n\n".join([*map(_as_text, parts), why]) + "\n"
    body = "\n".join([*map(_as_html, parts), f'<p dir="auto" style="{SMALL}">{escape(why)}</p>'])
    return Letter(address, subject, text, PAGE.format(language=language.current(), title=escape(subject), body=body))


def name(words: str) -> str:
    """Somebody's or something's name inside a sentence: one that is read from the right keeps to itself."""
    words = SPACES.sub(" ", TURNS.sub("", words))
    turned = any(unicodedata.bidirectional(sign) in RIGHT_TO_LEFT for sign in words)
    return f"{FIRST_STRONG}{words}{END}" if turned else words


def _as_text(part: Part) -> str:
    match part:
        case Link(label, url):
            return f"{label}\n{url}"
        case Quote(words):
            return "\n".join(f"    {line}".rstrip() for line in _excerpt(words).splitlines())
        case Row(label, value):
            return f"{label}: {value}"
        case Code(code):
            return f"    {code}"
        case Lines(lines):
            return "\n".join(lines)
        case str():
            return part


def _as_html(part: Part) -> str:
    match part:
        case Link(label, url):
            shown = f'<span style="{SMALL};overflow-wrap:anywhere">{escape(url)}</span>'
            return f'<p><a href="{escape(url)}" style="font-weight:600">{escape(label)}</a><br>\n{shown}</p>'
        case Quote(words):
            style = "margin:16px 0;padding:0 16px;border-inline-start:3px solid #999"
            return f'<blockquote dir="auto" style="{style}">{_lines(_excerpt(words))}</blockquote>'
        case Row(label, value):
            return f'<p dir="auto"><strong>{escape(label)}:</strong> {escape(value)}</p>'
        case Code(code):
            return f'<p style="font:600 24px/1.4 ui-monospace,monospace;letter-spacing:.08em">{escape(code)}</p>'
        case Lines():
            style = "font:13px/1.6 ui-monospace,monospace;overflow-wrap:anywhere"
            return f'<p dir="ltr" style="{style}">{_lines(_as_text(part))}</p>'
        case str():
            return f'<p dir="auto">{_lines(part)}</p>'


def _lines(words: str) -> str:
    return "<br>\n".join(map(escape, words.splitlines()))


def _excerpt(words: str) -> str:
    """Up to the last whole word that fits."""
    if len(words) <= QUOTED:
        return words
    cut = words[:QUOTED]
    whole = re.match(r".*\s", cut[QUOTED // 2 :], re.DOTALL)
    return (cut[: QUOTED // 2 + whole.end()] if whole else cut).rstrip() + " …"
