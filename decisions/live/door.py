"""Who may open a socket: a token by itself, or a session or a link to a screen from a page of our own origin."""

from __future__ import annotations

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import validate_host

from decisions.live.journal import Credential

LOCAL_HOSTS = (".localhost", "127.0.0.1", "[::1]")
PORTS = {"http": 80, "https": 443}


class ForeignOriginError(Exception):
    """A page of somebody else's opened this socket with our visitor's cookie."""


def credential(scope: dict[str, Any]) -> Credential:
    """What the visitor shows. A token needs no origin: no browser sends one by itself. Who comes with a link to a
    screen is looked at as that and nothing else, whoever else they are."""
    headers = _headers(scope)
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return Credential(token=token.strip())
    if not from_our_pages(headers.get("origin"), headers.get("host", ""), _page_scheme(scope)):
        raise ForeignOriginError
    screen = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("screen")
    if screen:
        return Credential(screen=screen[0])
    return Credential(session=_cookie(headers.get("cookie", ""), settings.SESSION_COOKIE_NAME))


def from_our_pages(origin: str | None, host: str, scheme: str) -> bool:
    """The same scheme, host and port that this request came to, or a trusted origin by settings."""
    if not origin:
        return False
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        given, ours = urlsplit(origin), urlsplit(f"{scheme}://{host}")
        same = (given.hostname, _port(given)) == (ours.hostname, _port(ours))
    except ValueError:
        return False
    return same and given.scheme == scheme and given.path == "" and _is_our_host(ours.hostname)


def _is_our_host(hostname: str | None) -> bool:
    allowed: Iterable[str] = settings.ALLOWED_HOSTS or (LOCAL_HOSTS if settings.DEBUG else ())
    if not hostname:
        return False
    return validate_host(f"[{hostname}]" if ":" in hostname else hostname, allowed)


def _port(url: Any) -> int | None:
    return url.port or PORTS.get(url.scheme)


def _page_scheme(scope: dict[str, Any]) -> str:
    return "https" if scope.get("scheme") in ("wss", "https") else "http"


def _headers(scope: dict[str, Any]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _cookie(header: str, name: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None
