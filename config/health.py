"""For whoever watches the service: is it alive, is it ready, how does it fare."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST

from conventions import measures


def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever has the operator's own token for it; to all others there is no such address."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.RONDO_METRICS_TOKEN
    if not wanted or not constant_time_compare(shown, wanted):
        raise Http404
    return HttpResponse(measures.told(), content_type=CONTENT_TYPE_LATEST)
