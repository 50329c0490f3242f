"""Lists in pages: a cursor, never a number, so that nothing is skipped while others write."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from conventions import problems


class Pages(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def __init__(self, ordering: Sequence[str] = ("-id",)) -> None:
        self.ordering = tuple(ordering)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except ValidationError:  # a place in the list that is none, such as a time that no clock shows
            raise problems.malformed(_("This cursor does not come from one of our lists.")) from None


def page(
    request: Request,
    rows: "QuerySet[Any]",
    row: Callable[[Any], dict[str, Any]],
    ordering: Sequence[str] = ("-id",),
) -> Response:
    """`{next, previous, results}` of `rows` in that order, each as `row` tells it."""
    pages = Pages(ordering)
    found: list[Model] = pages.paginate_queryset(rows, request) or []
    return pages.get_paginated_response([row(one) for one in found])
