"""The log of who came in, who did not, and what was refused: account ids and outcomes, and nothing that anybody typed.

What may happen often is told at most once a minute, with how often it was.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from rest_framework.throttling import BaseThrottle

log = logging.getLogger("rondo.security")

ACCOUNTS = "/_allauth/"
API = "/api/"
WATCHED = (ACCOUNTS, "/api/v1/me/", "/api/v1/site/")
"""Where every change is told: of sessions, passwords, factors, addresses, tokens, and what an administrator does."""
LOOKING = ("GET", "HEAD", "OPTIONS")
NOBODY = "-"
EVERY = 60.0  # seconds
MOST = 10_000
"""Things that are remembered at once; when there are more, all are forgotten and told anew."""
TRIED = "rondo_tried"
"""The attribute of a request that says into which account somebody tried to get with a password."""
_PENDING = "account_login"
"""Where the account service keeps in a session who is half-way in."""


@dataclass
class _Often:
    since: float
    more: int = 0


class Counted:
    """Tells each thing at once, and what is the same within the next minute with the first one after it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], _Often] = {}
        self._guard = threading.Lock()

    def due(self, *what: str) -> int:
        """How often it has happened since it was told; 0 where it is not to be told now."""
        now = time.monotonic()
        with self._guard:
            known = self._known.get(what)
            if known is not None and now - known.since < EVERY:
                known.more += 1
                return 0
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[what] = _Often(now)
            return 1 + (known.more if known else 0)


_counted = Counted()


class Watched:
    """Middleware, below the one that knows who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Elsewhere nobody signs in or out, and whose a token is the endpoint finds out.
        at_the_door = request.path.startswith(ACCOUNTS)
        before, pending = (_who(request), _half_way_in(request)) if at_the_door else (NOBODY, NOBODY)
        response = self._answer(request)
        event = _event(request, response.status_code)
        if event:
            candidates = (before, _who(request), getattr(request, TRIED, NOBODY), pending)
            _tell(event, request, response, next((one for one in candidates if one != NOBODY), NOBODY))
        if at_the_door:
            _tell_of_change(request, before, _who(request))
        return response


def _event(request: HttpRequest, status: int) -> str | None:
    watched = request.path.startswith(WATCHED) and request.method not in LOOKING
    if status == 429:
        return "throttled"
    if status in (403, 404) and request.path.startswith(API):
        return "refused"
    if status == 401 and "Authorization" in request.headers:
        return "token_refused"
    if watched and status >= 400 and status != 401:  # the account service says 401 for “not in yet, go on”
        return "account_refused"
    return "account_call" if watched else None


def _tell(event: str, request: HttpRequest, response: HttpResponseBase, account: str) -> None:
    found = request.resolver_match
    about = {
        "account": account,
        "ip": _ip(request),
        "method": str(request.method),
        "route": f"/{found.route}" if found else NOBODY,
        "status": str(response.status_code),
        "code": str(getattr(response, "code", NOBODY)),
    }
    times = 1 if event == "account_call" else _counted.due(event, *about.values())
    if times:
        _write(event, **about, times=times)


def _tell_of_change(request: HttpRequest, before: str, after: str) -> None:
    if before not in (after, NOBODY):
        _write("signed_out", account=before, ip=_ip(request))
    if after not in (before, NOBODY):
        _write("signed_in", account=after, ip=_ip(request))


def socket_refused(scope: Mapping[str, Any], code: str, account: str | None = None) -> None:
    """A socket was turned away, or asked for something that is not there for whoever opened it."""
    about = {"account": account or NOBODY, "ip": _ip(_opened(scope)), "code": code}
    if times := _counted.due("socket_refused", *about.values()):
        _write("socket_refused", **about, times=times)


def _opened(scope: Mapping[str, Any]) -> HttpRequest:
    """The request by which a socket was opened, as far as it says where from."""
    request, forwarded = HttpRequest(), dict(scope["headers"]).get(b"x-forwarded-for")
    request.META["REMOTE_ADDR"] = (scope.get("client") or (NOBODY,))[0]
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded.decode("latin-1")
    return request


def _write(event: str, **about: Any) -> None:
    """In the plain log a line `event name=value …`; in the other one these as fields too."""
    words = " ".join(f"{name}={value}" for name, value in about.items())
    log.info("%s %s", event, words, extra={"event": event, **about})


def _who(request: HttpRequest) -> str:
    try:
        return str(request.user.pk) if request.user.is_authenticated else NOBODY
    except DatabaseError:  # whoever needs to know will say so
        return NOBODY


def _half_way_in(request: HttpRequest) -> str:
    try:
        return str((request.session.get(_PENDING) or {}).get("user_pk") or NOBODY)
    except DatabaseError:
        return NOBODY


def _ip(request: HttpRequest) -> str:
    """The address of the net, as allowances count it: told by a proxy where one is announced."""
    return str(BaseThrottle().get_ident(request) or NOBODY)  # type: ignore[arg-type]
