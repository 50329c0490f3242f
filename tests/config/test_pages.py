"""Pages, files, the description, and what every answer carries."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import LazySettings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from config.pages import which
from config.wsgi import with_files
from conventions.endpoint import Endpoint
from conventions.idempotency import METHODS
from teams.models import Account


@pytest.fixture
def built(tmp_path: Path, settings: LazySettings) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><html><head><title>Rondo</title></head></html>")
    (tmp_path / "assets" / "index-1a2b3c4d.js").write_text("export {}")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    settings.FRONTEND, settings.DATA = tmp_path, tmp_path / "data"
    return tmp_path


@pytest.mark.parametrize("path", ["/", "/home", "/t/harbour", "/d/0123456789abcdef/v/1..2", "/join/token", "/d/x/"])
def test_every_page_is_the_one_document_and_is_asked_for_anew(built: Path, client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert b"<title>Rondo</title>" in answer.content
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "csrftoken" in answer.cookies


def told(answer: Any) -> Any:
    (found,) = re.findall(r'<script type="application/json" id="me">(.*?)</script>', answer.content.decode())
    return json.loads(found)


def test_the_document_says_who_is_signed_in(built: Path, client: Client, fay: Account) -> None:
    assert told(client.get("/")) is None
    client.force_login(fay)
    assert told(client.get("/home")) == client.get("/api/v1/me/").json()


def test_document_answers_and_sockets_name_the_same_pages(built: Path, client: Client, fay: Account) -> None:
    (named,) = re.findall(r'<meta name="pages" content="(\d+\.[0-9a-f]{12})">', client.get("/").content.decode())
    assert which() == named
    for path in ("/livez", "/api/v1/me/", "/nowhere", "/static/nowhere.js"):
        assert client.get(path).headers["Rondo-Pages"] == named


def test_pages_that_are_built_anew_beneath_a_process_are_not_given_out_by_it(built: Path, client: Client) -> None:
    before = client.get("/").content
    (built / "index.html").write_text("<html><head><title>Another</title></head></html>")
    assert client.get("/").content == before


def test_no_name_gets_out_of_the_data_in_the_document(built: Path, client: Client, fay: Account) -> None:
    name = "</script><script>alert(1)</script>&"
    Account.objects.filter(pk=fay.pk).update(name=name)
    client.force_login(fay)
    answer = client.get("/home")
    assert told(answer)["name"] == name
    assert answer.content.count(b"<script") == 1


def test_what_a_page_needs_comes_along_with_the_document(built: Path, client: Client, db: None) -> None:
    (built / ".vite").mkdir()
    page = {"file": "assets/D.js", "css": ["assets/D.css"], "imports": ["_shared.js", "index.html"]}
    entry = {"file": "assets/index-1a2b3c4d.js", "isEntry": True}
    shared = {"file": "assets/shared.js", "imports": ["index.html"]}
    listed = {"src/pages/DecisionPage.svelte": page, "_shared.js": shared, "index.html": entry}
    (built / ".vite" / "manifest.json").write_text(json.dumps(listed))
    links = re.findall(
        r'<link rel="(\w+)" crossorigin href="/static/assets/(.*?)">', client.get("/d/x").content.decode()
    )
    assert links == [("modulepreload", "D.js"), ("stylesheet", "D.css"), ("modulepreload", "shared.js")]
    assert b"<link" not in client.get("/me").content


def test_pages_that_are_not_built_say_how_to_build_them(client: Client, settings: LazySettings, tmp_path: Path) -> None:
    settings.FRONTEND = tmp_path / "nowhere"
    answer = client.get("/")
    assert answer.status_code == 503
    assert b"python3 run.py build" in answer.content


NO_PAGES = ["/static/nowhere.js", "/_allauth/nowhere", "/ws/v1/", "/api/nowhere"]
NO_PAGES += [f"/_allauth/browser/v1/{path}" for path in ("account/phone", "auth/phone/verify")]


@pytest.mark.parametrize("path", NO_PAGES)
def test_what_is_no_page_is_not_answered_as_one(built: Path, client: Client, path: str, db: None) -> None:
    assert client.get(path).status_code == 404


def test_a_page_takes_no_post(built: Path, client: Client) -> None:
    assert client.post("/home").status_code == 405


def served(path: str) -> tuple[str, dict[str, str]]:
    seen: list[Any] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    list(with_files()(environ, lambda status, headers, exc=None: seen.extend([status, dict(headers)])))
    return seen[0], seen[1]


def test_files_with_a_hash_in_their_name_are_kept_for_ever_and_others_not(built: Path) -> None:
    status, headers = served("/static/assets/index-1a2b3c4d.js")
    assert status.startswith("200")
    assert "immutable" in headers["Cache-Control"]
    _, headers = served("/static/favicon.svg")
    assert "immutable" not in headers["Cache-Control"]


def test_files_are_taken_for_nothing_but_what_they_are_and_are_framed_by_nobody(
    built: Path, settings: LazySettings
) -> None:
    settings.SECURE_HSTS_SECONDS = 7
    for path in ("/static/assets/index-1a2b3c4d.js", "/static/favicon.svg", "/static/index.html"):
        status, headers = served(path)
        assert status.startswith("200")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert {"script-src 'self'", "frame-ancestors 'none'"} <= set(headers["Content-Security-Policy"].split("; "))
        assert headers["Strict-Transport-Security"] == "max-age=7"


def test_the_viewer_of_the_description_comes_from_here(built: Path) -> None:
    status, _ = served("/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js")
    assert status.startswith("200")


def policy(answer: Any) -> dict[str, str]:
    parts = [part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")]
    return {part[0]: part[1] if len(part) > 1 else "" for part in parts}


def test_pages_run_nothing_inline_and_nothing_from_elsewhere(built: Path, client: Client) -> None:
    """Fonts and whatever else is not named are as `default-src` says; `data:` is a picture within the page itself."""
    found = policy(client.get("/"))
    assert {name: told for name, told in found.items() if "trusted-types" not in name} == {
        **dict.fromkeys(("default-src", "script-src", "style-src", "connect-src", "form-action"), "'self'"),
        **dict.fromkeys(("object-src", "base-uri", "frame-ancestors"), "'none'"),
        "img-src": "'self' data:",
    }


def test_only_what_comes_through_the_pages_own_policies_becomes_html(built: Path, client: Client) -> None:
    found = policy(client.get("/"))
    assert found["require-trusted-types-for"] == "'script'"
    assert found["trusted-types"] == "rondo-markup svelte-trusted-html"


def test_the_description_has_a_page_that_needs_nothing_from_elsewhere(client: Client) -> None:
    answer = client.get("/api/docs/")
    assert answer.status_code == 200
    assert policy(answer)["style-src"] == "'self' 'unsafe-inline'"
    assert policy(answer)["script-src"] == "'self'"
    assert "require-trusted-types-for" not in policy(answer)
    assert b"//cdn" not in answer.content
    assert b"<script>" not in answer.content


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/api/docs/", "/api/schema/"])
def test_the_description_is_for_looking_at(client: Client, path: str, method: str) -> None:
    assert client.generic(method, path).status_code == 405


@pytest.fixture
def description(client: Client) -> dict[str, Any]:
    answer = client.get("/api/schema/")
    assert answer.status_code == 200
    read: dict[str, Any] = yaml.safe_load(answer.content)
    return read


def test_the_description_names_every_address_of_the_interface(description: dict[str, Any]) -> None:
    described = set(description["paths"])
    for path in ("/api/v1/me/", "/api/v1/teams/{slug}/members/{account_id}/", "/api/v1/invitations/{token}/accept/"):
        assert path in described
    assert description["openapi"].startswith("3.")


def test_the_description_tells_of_every_call_how_it_refuses_and_how_to_repeat_it(description: dict[str, Any]) -> None:
    for methods in description["paths"].values():
        for method, call in methods.items():
            assert "application/problem+json" in call["responses"]["default"]["content"]
            headers = {one["name"] for one in call.get("parameters", []) if one["in"] == "header"}
            assert ("Idempotency-Key" in headers) == (method.upper() in METHODS)


def addresses(found: Any, before: str = "") -> list[tuple[str, Any]]:
    told: list[tuple[str, Any]] = []
    for one in found:
        at = before + str(one.pattern)
        if isinstance(one, URLResolver):
            told += addresses(one.url_patterns, at)
        elif isinstance(one, URLPattern):
            told.append((at, one.callback))
    return told


# A link to a screen is looked through by anybody who holds it, and closed by who is signed in.
OPEN = {
    "entrance/": "AllowAny",
    "entrance/single-sign-on/": "AllowAny",
    "receipts/": "AllowAny",
    "try/": "AllowAny",
    "invitations/<str:token>/": "AllowAny",
    "qr/": "AllowAny",
    "live/proposal:<str:id>/": "AllowAny",
    "screens/<str:id>/": "IsAuthenticatedOrReadOnly",
}


def test_every_address_of_the_interface_asks_who_is_there() -> None:
    found = [(at, view) for at, view in addresses(get_resolver().url_patterns) if at.startswith("api/v1/")]
    assert len(found) > 9
    for at, view in found:
        assert issubclass(view.cls, Endpoint), at
        names = [permission.__name__ for permission in view.cls.permission_classes]
        assert names == [OPEN.get(at.removeprefix("api/v1/"), "IsAuthenticated")], at


def test_the_service_says_that_it_lives_and_is_ready(client: Client, db: None) -> None:
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 200
