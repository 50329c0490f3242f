"""The pages: one document for every address, from which the browser does the rest."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from conventions import language
from teams.api import rows

IN_A_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}

NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Rondo is not built yet</title>
<h1>The pages are not built yet</h1>
<p>The service runs, but its pages have to be built once. Stop it, then in the folder of Rondo:</p>
<pre>python3 run.py build
python3 run.py</pre>
</html>
"""


FETCHED_AHEAD = (
    (re.compile(r"/"), "src/pages/Welcome.svelte"),
    (re.compile(r"/home\b/?"), "src/pages/Home.svelte"),
    (re.compile(r"/t/[^/]+/?"), "src/pages/Team.svelte"),
    (re.compile(r"/d/[^/]+/?"), "src/pages/DecisionPage.svelte"),
    (re.compile(r"/d/[^/]+/live/?"), "src/pages/LivePage.svelte"),
)
"""Where most people arrive, and the page that they need there: the browser need not find out first."""


@ensure_csrf_cookie
def index(request: HttpRequest) -> HttpResponse:
    """The document, with who is signed in, and with what else it takes to show the page at this address."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    built, name = _built(settings.FRONTEND)
    if not built:
        return HttpResponse(NOT_BUILT, status=503, headers={"Cache-Control": "no-store", "Retry-After": "30"})
    spoken = language.current()
    head = "".join((_meta(name), _who(request), *_catalogue(spoken), *_links(request.path_info)))
    document = said(built).replace("</head>", head + "</head>", 1)
    answer = HttpResponse(document, headers={"Cache-Control": "private, no-cache", "Content-Language": spoken})
    patch_vary_headers(answer, ("Accept-Language", "Cookie"))
    return answer


class Named:
    """Says with each answer which pages this process has: one that was opened before an update learns of it so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        if name := which():
            answer["Rondo-Pages"] = name
        return answer


def which() -> str:
    """Which pages this process has: when they were made, in seconds, and a hash of what they are; empty without any."""
    return _built(settings.FRONTEND)[1]


@lru_cache(maxsize=32)
def _built(folder: Path) -> tuple[str, str]:
    """The document and its name, read once: a process gives out the pages with which it has started, whatever is
    built beneath it meanwhile."""
    try:
        document = (folder / "index.html").read_text()
        made = int((folder / "index.html").stat().st_mtime)
    except FileNotFoundError:
        return "", ""
    return document, f"{made}.{hashlib.sha256(document.encode()).hexdigest()[:12]}"


def _meta(name: str) -> str:
    return f'<meta name="pages" content="{name}">'


def said(document: str) -> str:
    """The document in the language of the moment: it says which that is, and the pages follow it."""
    words = {
        "Decisions that everyone can live with.": _("Decisions that everyone can live with."),
        "Rondo needs JavaScript in this browser.": _("Rondo needs JavaScript in this browser."),
    }
    for english, translated in words.items():
        document = document.replace(english, escape(translated))
    return document.replace('<html lang="en">', f'<html lang="{language.current()}">', 1)


def _who(request: HttpRequest) -> str:
    """Data for the pages, which nothing runs: what `GET me/` would say, or null."""
    told = rows.me(request.user) if request.user.is_authenticated else None
    return f'<script type="application/json" id="me">{json.dumps(told).translate(IN_A_SCRIPT)}</script>'


def _catalogue(spoken: str) -> tuple[str, ...]:
    """What the pages say in this language; for English there is none."""
    return _needed(settings.FRONTEND, f"../locale/{spoken}/LC_MESSAGES/django.po")


def _links(path: str) -> list[str]:
    page = next((page for known, page in FETCHED_AHEAD if known.fullmatch(path)), None)
    return list(_needed(settings.FRONTEND, page)) if page else []


@lru_cache(maxsize=32)
def _needed(built: Path, page: str) -> tuple[str, ...]:
    """The links by which the files of a page come along with the document, as the build has listed them."""
    try:
        listed = json.loads((built / ".vite" / "manifest.json").read_text())
    except FileNotFoundError:
        return ()
    found: dict[str, None] = {}
    wanted = [page]
    while wanted:
        entry = listed.get(wanted.pop(), {})
        if not entry or entry.get("isEntry") or entry["file"] in found:
            continue
        found[entry["file"]] = None
        found.update(dict.fromkeys(entry.get("css", [])))
        wanted += entry.get("imports", [])
    return tuple(_link(file) for file in found)


def _link(file: str) -> str:
    if file.endswith(".css"):
        return f'<link rel="stylesheet" crossorigin href="{settings.STATIC_URL}{file}">'
    return f'<link rel="modulepreload" crossorigin href="{settings.STATIC_URL}{file}">'


def no_such_address(request: HttpRequest) -> HttpResponse:
    raise Http404
