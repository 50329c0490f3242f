"""What answers when no endpoint could: problem+json under the interface, a plain line elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from conventions import problems
from conventions.errors import answered, is_api
from conventions.problems import Problem


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _told(request, problems.malformed(_("This request is not well-formed.")))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _told(request, problems.forbidden("forbidden", _("You may not do this.")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _told(
        request, problems.forbidden("csrf_failed", _("This page is out of date. Reload it, then do it again."))
    )


def not_found(request: HttpRequest, exception: Exception | None = None, **_: Any) -> HttpResponse:
    return _told(request, problems.not_found())


def server_error(request: HttpRequest) -> HttpResponse:
    return _told(request, Problem(500, "server_error", _("Something broke on our side. What you wrote was not saved.")))


def _told(request: HttpRequest, problem: Problem) -> HttpResponse:
    if is_api(request):
        return answered(problem)
    return HttpResponse(f"{problem.words}\n", status=problem.status, content_type="text/plain; charset=utf-8")
