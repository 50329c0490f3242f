"""A command sent twice with the same key has one effect and the same answer.

Effect and kept answer are committed together, or neither is: no crash can come between them. A refusal has no effect;
its answer is kept after what was begun is undone.
"""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request

from conventions import clock, problems
from conventions.models import KeptAnswer
from conventions.prepared import Prepared, add
from conventions.transactions import writing

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
METHODS = frozenset({"POST", "PUT"})
KEPT_FOR = timedelta(hours=48)
NOT_KEPT = frozenset({401, 413, 429})

KEPT = Prepared(lambda account, key: KeptAnswer.objects.filter(account=account, key=key))

_in_flight: set[tuple[str, str]] = set()
_in_flight_guard = threading.Lock()


@dataclass(frozen=True)
class Asked:
    """Who asks for what, under which key."""

    account: str
    key: str
    fingerprint: str


def asked_with_key(request: Request) -> Asked | None:
    """None for a request that named no key; then it is done as often as it comes."""
    key = request.headers.get(HEADER)
    if key is None or request.method not in METHODS or not request.user.is_authenticated:
        return None
    if not KEY.fullmatch(key):
        detail = _("{header} is 1 to 255 visible ASCII characters.").format(header=HEADER)
        raise problems.malformed(detail, code="idempotency_key_malformed")
    return Asked(str(request.user.pk), key, _fingerprint(request))


def _fingerprint(request: Request) -> str:
    inner = request._request
    head = f"{request.method} {inner.get_full_path()}\n".encode()
    return hashlib.sha256(head + inner.body).hexdigest()


class RefusedError(Exception):
    """The command was refused, or failed. On its way out it takes with it whatever was written before."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault


def once(
    asked: Asked, done: Callable[[], HttpResponseBase], refused: Callable[[Exception], HttpResponseBase]
) -> HttpResponseBase:
    """`done` does the command and comes back rendered, or raises; `refused` makes an answer of that, or raises again
    what nobody expected."""
    with _alone(asked):
        try:
            with writing():
                return _kept_or_new(asked, partial(_tried, done))
        except RefusedError as refusal:
            answer = refused(refusal.fault)
        with writing():
            return _kept_or_new(asked, lambda: answer)


def _tried(done: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return done()
    except Exception as fault:
        raise RefusedError(fault) from fault


def _kept_or_new(asked: Asked, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    _alone_among_processes(asked)
    kept = _kept(asked)
    if kept is not None:
        return _again(asked, kept)
    response = answer()
    if _to_be_kept(response):
        _keep(asked, response)
    return response


@contextmanager
def _alone(asked: Asked) -> Iterator[None]:
    """Asked before any waiting for a database: who finds the first still at it is told so at once."""
    mark = (asked.account, asked.key)
    with _in_flight_guard:
        if mark in _in_flight:
            raise _still_being_done()
        _in_flight.add(mark)
    try:
        yield
    finally:
        with _in_flight_guard:
            _in_flight.discard(mark)


def _alone_among_processes(asked: Asked) -> None:
    # SQLite needs none: its transactions are one after another, and the second one finds the kept answer.
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(asked.account, asked.key)])
        (alone,) = cursor.fetchone()
    if not alone:
        raise _still_being_done()


def lock_number(account: str, key: str) -> int:
    """The same for every process, and in practice for no other key."""
    return int.from_bytes(hashlib.sha256(f"{account} {key}".encode()).digest()[:8], "big", signed=True)


def _still_being_done() -> problems.Problem:
    return problems.conflict("idempotency_in_flight", _("The first request with this key is still being done."), wait=1)


def _kept(asked: Asked) -> KeptAnswer | None:
    kept = KEPT.first(asked.account, asked.key)
    if kept is None or kept.made_at > clock.now() - KEPT_FOR:
        return kept
    kept.delete()
    return None


def _again(asked: Asked, kept: KeptAnswer) -> HttpResponse:
    if kept.fingerprint != asked.fingerprint:
        raise problems.unprocessable(
            "idempotency_key_reused", _("This key belongs to another request. Make a new one.")
        )
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
    response["Idempotent-Replayed"] = "true"
    return response


def _to_be_kept(response: HttpResponseBase) -> bool:
    return 200 <= response.status_code < 500 and response.status_code not in NOT_KEPT


def _keep(asked: Asked, response: HttpResponseBase) -> None:
    if not isinstance(response, HttpResponse):
        raise TypeError("a streamed answer cannot be kept")
    kept = {
        "account": asked.account,
        "key": asked.key,
        "fingerprint": asked.fingerprint,
        "status": response.status_code,
        "content_type": response.headers["Content-Type"],
        "body": response.content,
    }
    add(KeptAnswer, kept)


def clear_old() -> int:
    """How many answers were older than promised, and are now gone."""
    with writing():
        gone, _ = KeptAnswer.objects.filter(made_at__lte=clock.now() - KEPT_FOR).delete()
    return gone


def forget_answers_of(account: str) -> None:
    """What was answered to somebody goes with them."""
    KeptAnswer.objects.filter(account=account).delete()
