"""What people write is words: never markup of its own, never a header, a file name, a query or half a character."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import nh3
import pytest

from decisions.markup import ALLOWED, html

from .matrix import EVERYTHING
from .meeting import plan
from .test_matrix import filled, rows_now, told
from .world import World, brought_to

ROOT = Path(__file__).resolve().parents[2]

SCRIPTS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert&#40;1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>x</text></a></svg>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=//evil.example/x.swf>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=//evil.example/><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><x onclick=alert(1)>",
]
# What a parser and its second reading might see differently.
TWICE_READ = [
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<select><template><style></template><img src=x onerror=alert(1)></select>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "`<img src=x onerror=alert(1)>`",
    "    <img src=x onerror=alert(1)>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
]
LINKS = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](blob:https://evil.example/1)",
    '[x](https://evil.example "\\" onmouseover=alert(1) ")',
    "[x](https://evil.example/<img src=x onerror=alert(1)>)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/seen.png)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "[![x](x)](javascript:alert(1))",
]
CORPUS = SCRIPTS + TWICE_READ + LINKS
HARMLESS = {"http", "https", "mailto", ""}


class Reader(HTMLParser):
    """Every tag and attribute that a browser would make of a text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment  # type: ignore[assignment]


def harm_in(rendered: str) -> list[str]:
    """What in this HTML could do more than show words and lead to a page."""
    reader = Reader()
    reader.feed(rendered)
    reader.close()
    harm = list(reader.odd)
    for tag, attributes in reader.found:
        harm += [] if tag in ALLOWED else [tag]
        harm += [f"{tag} {name}={value}" for name, value in attributes if not _is_harmless(tag, name, value or "")]
    return harm


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if tag != "a":
        return False
    if name == "rel":
        return value == "nofollow noopener noreferrer"
    return name == "href" and urlsplit(re.sub(r"[\x00-\x20]", "", value)).scheme in HARMLESS


@pytest.mark.parametrize("text", CORPUS)
def test_no_markdown_becomes_anything_but_words_and_links(text: str) -> None:
    for written in (text, f"* {text}", f"> {text}", f"| a |\n|---|\n| {text} |", f"# {text}", f"**{text}**"):
        assert harm_in(html(written)) == [], written


@pytest.mark.parametrize("text", CORPUS)
def test_what_is_shown_reads_the_same_a_second_time(text: str) -> None:
    """Else a browser, which reads it again, could see something else than what was looked at."""
    once = html(text)
    rel, attributes = "nofollow noopener noreferrer", {"a": {"href"}, "*": set[str]()}
    assert nh3.clean(once, tags=ALLOWED, attributes=attributes, link_rel=rel, url_schemes=HARMLESS) == once


def test_the_search_for_harm_finds_it() -> None:
    assert harm_in("<p onclick=alert(1)>x</p>")
    assert harm_in("<a href=javascript:alert(1)>x</a>")
    assert harm_in("<svg></svg>")
    assert harm_in("<!-- x -->")
    assert not harm_in('<p><a href="https://example.org/" rel="nofollow noopener noreferrer">x</a></p>')


def test_ordinary_markdown_still_comes_through() -> None:
    shown = html("# Why\n\n* **bold** and [a page](https://example.org/?a=1&b=2)\n\n| a |\n|---|\n| b |")
    for part in ("<h3>Why</h3>", "<strong>bold</strong>", 'href="https://example.org/?a=1&amp;b=2"', "<td>b</td>"):
        assert part in shown


def test_the_pages_put_in_as_html_only_what_the_server_made() -> None:
    sources = [*(ROOT / "frontend" / "src").rglob("*.svelte"), *(ROOT / "frontend" / "src").rglob("*.ts")]
    written = {found for path in sources for found in re.findall(r"\{@html ([^}]*)\}", path.read_text())}
    server_made = {"text.html", "text.driver_html", "revision.html", "revision.driver_html"}
    through = {f"markup({words})" for words in server_made | {"preview.driver", "preview.body"}}
    assert written <= through, "Only what decisions/markup.py made goes in, through the one policy for it."
    doors = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function\(")
    assert not [path.name for path in sources if ".test." not in path.name and doors.search(path.read_text())]


@pytest.fixture
def world(db: None) -> World:
    world = brought_to("clarifying")
    plan(world)
    return world


JSON = "application/json"
NASTY = 'x"; filename="evil.html"\r\nSet-Cookie: a=b\r\n\r\n<script>../../etc/passwd'


def test_no_word_of_anybodys_gets_into_a_header_or_a_file_name(world: World) -> None:
    draft = {"title": NASTY, "driver": NASTY, "body": NASTY}
    slug = world.team.slug
    world.does("steward", "PATCH", f"teams/{slug}/", {"name": NASTY, "aim": NASTY})
    world.does("steward", "PATCH", "me/", {"name": NASTY})
    id = world.does("steward", "POST", f"teams/{slug}/proposals/", draft)["id"]
    world.does("steward", "POST", f"proposals/{id}/open/")
    plan = {"title": NASTY, "place": NASTY, "starts_at": world.names["later"], "agenda": [{"proposal": id}]}
    meeting = world.does("steward", "POST", f"teams/{slug}/meetings/", plan)["meeting"]
    told = {
        f"proposals/{id}/": (JSON, None),
        f"proposals/{id}/journal/": (JSON, None),
        f"proposals/{id}/export/": (JSON, f"rondo-decision-{id}.json"),
        f"proposals/{id}/export.csv": ("text/csv; charset=utf-8", f"rondo-decision-{id}.csv"),
        f"meetings/{meeting}/": (JSON, None),
        f"meetings/{meeting}/minutes/": (JSON, None),
        f"meetings/{meeting}/calendar.ics": ("text/calendar; charset=utf-8", f"rondo-meeting-{meeting}.ics"),
        "me/data/": (JSON, "rondo-my-data.json"),
    }
    for path, (kind, name) in told.items():
        answer = world.ask("steward", "GET", path)
        assert answer.status_code == 200, path
        assert b"evil" in answer.content, path
        assert not re.search(r"evil|Set-Cookie|passwd", str(answer.headers)), path
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers.get("Content-Disposition") == (f'attachment; filename="{name}"' if name else None), path


def test_no_word_of_anybodys_becomes_a_line_of_its_own_in_a_calendar(world: World) -> None:
    forged = "Monday\r\nATTENDEE:mailto:evil@example.org"
    body = {"title": forged, "place": forged, "starts_at": world.names["later"]}
    meeting = world.does("steward", "POST", f"teams/{world.team.slug}/meetings/", body)["meeting"]
    file = world.ask("steward", "GET", f"meetings/{meeting}/calendar.ics").content.decode()
    assert "evil" in file
    assert not re.search(r"^ATTENDEE", file, re.MULTILINE)


def test_an_address_to_invite_is_one_address_and_no_more(world: World) -> None:
    for address in ("a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "<a@b.org>", "a@b\r\n.org"):
        asked = {"email": address, "role": "member"}
        assert world.ask("steward", "POST", f"teams/{world.team.slug}/invitations/", asked).status_code == 400


@pytest.mark.parametrize("search", ["' OR 1=1 --", '" OR ""="', "%", "_", "\\", "'; DROP TABLE decisions_proposal; --"])
def test_a_search_is_words_and_no_query(world: World, search: str) -> None:
    answer = world.ask("steward", "GET", f"proposals/?q={quote(search)}")
    assert answer.status_code == 200
    assert answer.json()["results"] == []


def with_each_text(body: Any, ill: str) -> list[Any]:
    """The body once for each text in it, with that one made ill."""
    if isinstance(body, str):
        return [ill]
    if isinstance(body, list):
        return [[*body[:at], each, *body[at + 1 :]] for at, one in enumerate(body) for each in with_each_text(one, ill)]
    if not isinstance(body, dict):
        return []
    return [{**body, name: each} for name, inner in body.items() for each in with_each_text(inner, ill)]


def test_nul_and_half_a_surrogate_pair_are_refused_in_every_text_of_every_call(world: World) -> None:
    before, asked = rows_now(), Counter[str]()
    for row in EVERYTHING:
        for role in ("author", "steward", "participant", "facilitator"):
            expected = row.expected_beside(role, "clarifying")
            if expected in ("404", "session_only") or row.method in ("GET", "DELETE"):
                continue
            for ill in ("a\x00b", "\ud800", "b\udfff"):
                for body in with_each_text(filled(row.body, world.names), ill):
                    answer = world.ask(role, row.method, filled(row.address, world.names), body)
                    assert answer.status_code in (400, 403), (row.call, role, answer.content)
                    asked[row.call] += told(answer) == "malformed"
    assert rows_now() == before
    assert asked.total() > 100
    assert not {row.call for row in EVERYTHING if "meetings/" in row.address and row.body} - set(+asked)


def test_nul_and_broken_characters_in_an_address_find_nothing_and_break_nothing(world: World) -> None:
    for ill in ("%00", "a%00b", "%ED%A0%80", "%C0%AF", "%FF", "..%2F..%2Fme", "%0d%0aSet-Cookie:%20a=b"):
        for path in (f"proposals/{ill}/", f"teams/{ill}/", f"proposals/?q={ill}", f"rounds/{ill}/questions/"):
            answer = world.ask("participant", "GET", path)
            assert answer.status_code in (200, 400, 404, 405), (path, answer.status_code)
            assert "Set-Cookie" not in str(answer.headers)
            assert answer.status_code != 200 or json.loads(answer.content)["results"] == []
