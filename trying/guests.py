"""A guest has no account to look after: what the account service offers to others is closed to them but for the
way out."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from conventions import problems

ACCOUNTS = "/_allauth/"
LEAVING = ("DELETE", "/auth/session")


class GuestsHaveNoAccount:
    """Middleware: refuses whatever would change an account, or send a mail, for a guest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(ACCOUNTS) and not _harmless(request) and getattr(request.user, "guest", False):
            refused = problems.guests_only_try()
            return HttpResponse(
                json.dumps(refused.as_json()), status=refused.status, content_type=problems.CONTENT_TYPE
            )
        return self._answer(request)


def _harmless(request: HttpRequest) -> bool:
    method, ending = LEAVING
    return request.method in ("GET", "HEAD", "OPTIONS") or (request.method == method and request.path.endswith(ending))
