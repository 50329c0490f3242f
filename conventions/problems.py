"""Refusals and errors as the interface tells them: problem+json, always with a code a program can act on."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

CONTENT_TYPE = "application/problem+json"
BODY_LIMIT = 256 * 1024

Errors = Mapping[str, list[str]]


class Problem(APIException):
    """One refusal: raised anywhere under a command, answered by the endpoint."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        title: str | None = None,
        wait: float | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail, code)
        self.status_code = self.status = status
        self.code = code
        self.words = detail
        self.title = title or HTTPStatus(status).phrase
        self.wait = wait
        self.more = more

    def as_json(self) -> dict[str, Any]:
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.words,
            "code": self.code,
            **self.more,
        }


def malformed(detail: str, code: str = "malformed") -> Problem:
    return Problem(400, code, detail)


def invalid(errors: Errors, detail: str | None = None) -> Problem:
    first = next((message for messages in errors.values() for message in messages), "")
    return Problem(
        400,
        "invalid",
        detail or first or _("Something in this request needs another look."),
        errors=dict(errors),
    )


def not_signed_in() -> Problem:
    return Problem(401, "not_signed_in", _("Sign in first."))


def forbidden(code: str, detail: str, **more: Any) -> Problem:
    return Problem(403, code, detail, **more)


def guests_only_try() -> Problem:
    return forbidden(
        "guests_only_try", _("Who tries Rondo out has this one decision. With an account you can do more.")
    )


def not_found() -> Problem:
    """The same for what is not there and for what one may not see."""
    return Problem(404, "not_found", _("There is nothing here that you can see."))


def conflict(code: str, detail: str, **more: Any) -> Problem:
    return Problem(409, code, detail, **more)


def too_large(limit: int) -> Problem:
    return Problem(
        413,
        "too_large",
        _("A request holds {limit} KiB at most.").format(limit=limit // 1024),
        title="Content Too Large",
    )


def unprocessable(code: str, detail: str) -> Problem:
    return Problem(422, code, detail, title="Unprocessable Content")


def too_many(wait: float | None) -> Problem:
    return Problem(429, "too_many_requests", _("That was a lot at once. Wait a moment, then go on."), wait=wait)


def unavailable(detail: str | None = None, wait: float = 2) -> Problem:
    return Problem(503, "unavailable", detail or _("Nothing was saved. Try again in a moment."), wait=wait)
