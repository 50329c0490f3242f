"""Two other ways to tell a proposal, under the same server: nested serializers, and bare SQL into msgspec.

Both tell the same rows as the snapshot does. The second asks nobody who they are: it is a floor, not a proposal.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as usual
from conventions.endpoint import Endpoint
from decisions import access, models

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def whole(table: type[Any], *more: str) -> type[serializers.ModelSerializer[Any]]:
    """The usual serializer of a table, with those of what belongs to it nested in it."""
    meta = type("Meta", (), {"model": table, "fields": "__all__"})
    nested: dict[str, Any] = {name: NESTED[name](many=True, read_only=True) for name in more}
    if more:
        meta.fields = [*(field.name for field in table._meta.fields), *more]  # type: ignore[attr-defined]
    return type(f"Whole{table.__name__}", (serializers.ModelSerializer,), {"Meta": meta, **nested})


NESTED: dict[str, Any] = {
    "questions": whole(models.Question),
    "reactions": whole(models.Reaction),
    "responses": whole(models.Response),
    "revisions": whole(models.Revision),
    "participants": whole(models.Participant),
    "objections": whole(models.Objection),
}
NESTED["rounds"] = whole(models.Round, "questions", "reactions", "responses")
WHOLE: Any = whole(models.Proposal, "revisions", "participants", "objections", "rounds")
FETCHED = ("revisions", "participants", "objections")
OF_ROUNDS = ("rounds__questions", "rounds__reactions", "rounds__responses")


class Nested(Endpoint):
    """As it is usually written, with everything fetched ahead."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    def get(self, request: Request, id: str) -> Response:
        rows: Any = access.visible_to(self.account)
        return Response(WHOLE(rows.prefetch_related(*FETCHED, *OF_ROUNDS).get(pk=id)).data)


IN_ROUNDS = "IN (SELECT id FROM decisions_round WHERE proposal_id = %s)"
TABLES = {
    "proposal": "SELECT * FROM decisions_proposal WHERE id = %s",
    **{
        f"{name}s": f"SELECT * FROM decisions_{name} WHERE proposal_id = %s"
        for name in ("revision", "participant", "objection", "round")
    },
    **{
        f"{name}s": f"SELECT * FROM decisions_{name} WHERE round_id {IN_ROUNDS}"
        for name in ("question", "reaction", "response")
    },
}


def bare(request: HttpRequest, id: str) -> HttpResponse:
    told = {}
    with connection.cursor() as cursor:
        for name, statement in TABLES.items():
            cursor.execute(statement, [id])
            names = [column[0] for column in cursor.description]
            told[name] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(msgspec.json.encode(told), content_type="application/json")


def empty(request: HttpRequest) -> HttpResponse:
    """What a request costs before anybody has looked at it."""
    return HttpResponse()


urlpatterns = [
    path("empty/", empty),
    path("api/v1/nested/<str:id>/", Nested.as_view()),
    path("bare/<str:id>/", bare),
    *usual,
]
