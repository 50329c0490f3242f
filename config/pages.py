"""The pages: one document for every address, from which the browser does the rest."""

import json
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import ensure_csrf_cookie

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
    (re.compile(r"/home/?"), "src/pages/Home.svelte"),
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
    try:
        document = (settings.FRONTEND / "index.html").read_bytes()
    except FileNotFoundError:
        return HttpResponse(NOT_BUILT, status=503, headers={"Cache-Control": "no-store", "Retry-After": "30"})
    head = "".join((_who(request), *_links(request.path_info)))
    document = document.replace(b"</head>", head.encode() + b"</head>", 1)
    return HttpResponse(document, headers={"Cache-Control": "private, no-cache"})


def _who(request: HttpRequest) -> str:
    """Data for the pages, which nothing runs: what `GET me/` would say, or null."""
    told = rows.me(request.user) if request.user.is_authenticated else None
    return f'<script type="application/json" id="me">{json.dumps(told).translate(IN_A_SCRIPT)}</script>'


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
