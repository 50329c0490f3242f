"""Whatever goes wrong under the interface leaves it as problem+json."""

import logging
import math
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from conventions import measures, problems
from conventions.answer import JsonAnswer
from conventions.problems import BODY_LIMIT, CONTENT_TYPE, Problem

log = logging.getLogger("rondo.api")


class Refusal(Response):
    """`code`: of its problem, for whoever keeps a log."""

    code = ""


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    problem = as_problem(exc)
    if problem is None:
        return None
    measures.refusals.labels(problem.code).inc()
    if "request" in context:  # also where an address answers with pages
        asked = context["request"]
        asked.accepted_renderer, asked.accepted_media_type = JsonAnswer(), JsonAnswer.media_type
    response = Refusal(problem.as_json(), status=problem.status, content_type=CONTENT_TYPE)
    response.code = problem.code
    for name, value in headers_of(exc, problem).items():
        response[name] = value
    return response


def headers_of(exc: Exception, problem: Problem) -> dict[str, str]:
    headers = {}
    if problem.wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(problem.wait)))
    if problem.status == status.HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = getattr(exc, "auth_header", 'Bearer realm="Rondo"')
    return headers


READ_ONLY = "25006"
"""PostgreSQL's code for what is written to a standby, or to a primary that is about to hand over."""


def as_problem(exc: Exception) -> Problem | None:
    """None: nobody foresaw this one, and the server's own last resort answers."""
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, InternalError) and getattr(exc.__cause__, "sqlstate", None) == READ_ONLY:
        return _of_database(exc)
    for kind, problem in KNOWN.items():
        if isinstance(exc, kind):
            return problem(exc)
    if isinstance(exc, exceptions.APIException):
        return Problem(exc.status_code, str(exc.default_code), str(exc.detail))
    return None


def _of_fields(exc: Any) -> Problem:
    return problems.invalid(flat(exc.detail))


def flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested errors as {"policy.quorum_percent": ["…"]}."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found |= flat(inner, f"{path}.{name}" if path else str(name))
        return found
    messages = [str(message) for message in detail] if isinstance(detail, list) else [str(detail)]
    return {path or "non_field_errors": messages}


def _of_right(exc: Any) -> Problem:
    detail = str(exc)
    if detail.startswith("CSRF"):
        return problems.forbidden("csrf_failed", _("This page is out of date. Reload it, then do it again."))
    return problems.forbidden("forbidden", _("You may not do this."))


def _of_database(exc: Any) -> Problem:
    log.error("the database did not answer: %s", exc)
    return problems.unavailable()


KNOWN: dict[type[Exception], Callable[[Any], Problem]] = {
    exceptions.ValidationError: _of_fields,
    exceptions.ParseError: lambda exc: problems.malformed(str(exc.detail)),
    exceptions.NotAuthenticated: lambda exc: problems.not_signed_in(),
    exceptions.AuthenticationFailed: lambda exc: problems.not_signed_in(),
    exceptions.PermissionDenied: _of_right,
    PermissionDenied: _of_right,
    exceptions.NotFound: lambda exc: problems.not_found(),
    Http404: lambda exc: problems.not_found(),
    exceptions.Throttled: lambda exc: problems.too_many(exc.wait),
    exceptions.MethodNotAllowed: lambda exc: Problem(
        405, "method_not_allowed", _("This address does not take that method.")
    ),
    exceptions.UnsupportedMediaType: lambda exc: Problem(
        415, "unsupported_media_type", _("Send JSON, with Content-Type: application/json.")
    ),
    RequestDataTooBig: lambda exc: problems.too_large(BODY_LIMIT),
    SuspiciousOperation: lambda exc: problems.malformed(_("This request is not well-formed.")),
    OperationalError: _of_database,
    InterfaceError: _of_database,
    DataError: lambda exc: problems.malformed(_("This request holds something that cannot be kept.")),
}


def answered(problem: Problem) -> HttpResponse:
    """A problem as a plain answer, for what goes wrong before or outside an endpoint."""
    response = JsonResponse(problem.as_json(), status=problem.status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "private, no-store"
    return response


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
