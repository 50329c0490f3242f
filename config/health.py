"""For whoever watches the service: is it alive, is it ready, how does it fare."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST

from config.leaving import leaving
from conventions import measures


class Tables:
    """Whether every migration that this code knows was made. Once that is so it stays so, and is not asked again."""

    _there = False

    @classmethod
    def are_there(cls) -> bool:
        if not cls._there:
            executor = MigrationExecutor(connection)
            cls._there = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return cls._there


def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


def readyz(request: HttpRequest) -> HttpResponse:
    amiss = _amiss()
    return HttpResponse(f"{amiss or 'ready'}\n", status=503 if amiss else 200, content_type="text/plain; charset=utf-8")


def _amiss() -> str | None:
    if leaving.begun:
        return "this process is stopping"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return None if Tables.are_there() else "the tables are behind the code: manage.py migrate"
    except DatabaseError:
        return "the database does not answer"


def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever has the operator's own token for it; to all others there is no such address."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.RONDO_METRICS_TOKEN
    if not wanted or not constant_time_compare(shown, wanted):
        raise Http404
    return HttpResponse(measures.told(), content_type=CONTENT_TYPE_LATEST)
