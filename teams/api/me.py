"""Oneself: who one is, and the tokens of one's scripts."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from conventions.endpoint import Endpoint
from conventions.pages import page
from conventions.transactions import writing
from teams import tokens
from teams.api import rows, shapes
from teams.api.inputs import MeInput, TokenInput, read


class Me(Endpoint):
    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    @extend_schema(operation_id="me", responses=shapes.Me)
    def get(self, request: Request) -> Response:
        return Response(rows.me(self.account))

    @extend_schema(operation_id="change_me", request=MeInput, responses=shapes.Me)
    def patch(self, request: Request) -> Response:
        self.needs_session()
        given = read(MeInput, request.data)
        with writing():
            self.account.name = given["name"]
            self.account.save(update_fields=["name"])
        return Response(rows.me(self.account))


class Tokens(Endpoint):
    @extend_schema(operation_id="my_tokens", responses=shapes.paged("Token", shapes.Token))
    def get(self, request: Request) -> Response:
        self.needs_session()
        return page(request, tokens.tokens_of(self.account), rows.token, ordering=("-created", "id"))

    @extend_schema(operation_id="make_token", request=TokenInput, responses={201: shapes.NewToken})
    def post(self, request: Request) -> Response:
        self.needs_session()
        given = read(TokenInput, request.data)
        token, raw = tokens.make_token(self.account, given["name"], days=given["days"])
        return Response({**rows.token(token), "token": raw}, status=201)


class Token(Endpoint):
    @extend_schema(operation_id="revoke_token", responses={204: None})
    def delete(self, request: Request, token_id: str) -> Response:
        self.needs_session()
        tokens.revoke_token(self.account, token_id)
        return Response(status=204)
