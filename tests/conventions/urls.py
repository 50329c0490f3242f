"""Addresses that only the tests have: endpoints that write and then do each kind of thing."""

from collections.abc import Callable
from threading import Event
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError, transaction
from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from config.urls import urlpatterns as real
from conventions import problems
from conventions.endpoint import Endpoint
from conventions.pages import page
from conventions.transactions import writing
from teams.models import Team

announced: list[str] = []
entered = Event()
let_go = Event()


def write(name: str) -> Team:
    with writing():
        team = Team.objects.create(slug=f"{name}-{Team.objects.count()}", name=name)
        transaction.on_commit(lambda: announced.append(name))
        return team


class Write(Endpoint):
    def post(self, request: Request) -> Response:
        asked: Any = request.data
        return Response({"id": write(asked["name"]).pk}, status=201)

    put = post


class WriteBytes(Endpoint):
    def post(self, request: Request) -> HttpResponse:
        return HttpResponse(f'{{"id":"{write("bytes").pk}"}}'.encode(), content_type="application/json")


def then(outcome: Callable[[], Exception]) -> type[Endpoint]:
    class Then(Endpoint):
        def post(self, request: Request) -> Response:
            write("gone")
            raise outcome()

    return Then


class Slow(Endpoint):
    def post(self, request: Request) -> Response:
        entered.set()
        assert let_go.wait(20)
        return Response({"id": write("slow").pk}, status=201)


class Pages(Endpoint):
    def get(self, request: Request) -> Response:
        return page(request, Team.objects.all(), lambda team: {"name": team.name}, ordering=("name", "id"))


class Exported(Endpoint):
    allowances = {"GET": "exports"}

    def get(self, request: Request) -> Response:
        return Response({})


def broken(*_: Any) -> Exception:
    return RuntimeError("nobody foresaw this")


class Told(Exception):
    """What the driver of PostgreSQL raises."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def of_postgresql(sqlstate: str) -> Exception:
    fault = InternalError(f"PostgreSQL says {sqlstate}")
    fault.__cause__ = Told(sqlstate)
    return fault


urlpatterns = [
    path("api/test/write/", Write.as_view()),
    path("api/test/bytes/", WriteBytes.as_view()),
    path("api/test/refused/", then(lambda: problems.conflict("wrong_phase", "Not now.")).as_view()),
    path("api/test/throttled/", then(lambda: problems.too_many(7)).as_view()),
    path("api/test/unavailable/", then(problems.unavailable).as_view()),
    path("api/test/locked/", then(lambda: OperationalError("database is locked")).as_view()),
    path("api/test/closed/", then(lambda: InterfaceError("the connection is closed")).as_view()),
    path("api/test/standby/", then(lambda: of_postgresql("25006")).as_view()),
    path("api/test/corrupt/", then(lambda: of_postgresql("XX001")).as_view()),
    path("api/test/broken/", then(broken).as_view()),
    path("api/test/slow/", Slow.as_view()),
    path("api/test/pages/", Pages.as_view()),
    path("api/test/exported/", Exported.as_view()),
    *real,
]

handler400 = "conventions.last_resort.bad_request"
handler403 = "conventions.last_resort.permission_denied"
handler404 = "conventions.last_resort.not_found"
handler500 = "conventions.last_resort.server_error"
