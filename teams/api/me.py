"""Oneself: who one is, the tokens of one's scripts, what is kept of one, and how to go."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from conventions.endpoint import Endpoint
from conventions.language import as_asked
from conventions.pages import page
from conventions.told_once import TellsOnce, locked
from teams import about, factors, identity, leaving, tokens
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
        given: dict[str, Any] = read(MeInput, request.data)
        if "email" in given:
            identity.needs_confirming(request._request)
            identity.change_address(self.account, given["email"])
        if "name" in given:
            identity.rename(self.account, given["name"])
        identity.speak(self.account, {name: given[name] for name in ("language", "time_zone") if name in given})
        as_asked(self.account)
        return Response(rows.me(self.account))

    @extend_schema(operation_id="delete_me", responses={204: None})
    def delete(self, request: Request) -> Response:
        self.needs_session()
        identity.needs_confirming(request._request)
        leaving.delete_account(self.account)
        return Response(status=204)


class Leaving(Endpoint):
    @extend_schema(operation_id="what_keeps_me", responses=shapes.Obstacles)
    def get(self, request: Request) -> Response:
        self.needs_session()
        alone = leaving.teams_without_another_steward(self.account)
        return Response({"teams": [{"slug": team.slug, "name": team.name} for team in alone]})


class Data(Endpoint):
    allowances = {"GET": "exports"}

    @extend_schema(operation_id="my_data", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        self.needs_session()
        identity.needs_confirming(request._request)
        return Response(
            about.everything_about(self.account),
            headers={"Content-Disposition": 'attachment; filename="rondo-my-data.json"'},
        )


class SecretPicture(Endpoint):
    @extend_schema(operation_id="picture_of_secret", responses=shapes.Picture)
    def get(self, request: Request) -> Response:
        self.needs_session()
        return Response({"picture": factors.picture_of_secret(request._request)})


class Tokens(TellsOnce):
    """One's own tokens for scripts. The token itself is told here alone, to whoever made it."""

    @extend_schema(operation_id="my_tokens", responses=shapes.paged("Token", shapes.Token))
    def get(self, request: Request) -> Response:
        self.needs_session()
        return page(request, tokens.tokens_of(self.account), rows.token, ordering=("-created", "id"))

    @extend_schema(operation_id="make_token", request=TokenInput, responses={201: shapes.NewToken})
    def post(self, request: Request) -> Response:
        self.needs_session()
        given = read(TokenInput, request.data)
        token, raw = tokens.make_token(self.account, given["name"], days=given["days"])
        return Response({**rows.token(token), "token": locked(raw)}, status=201)


class Token(Endpoint):
    @extend_schema(operation_id="revoke_token", responses={204: None})
    def delete(self, request: Request, token_id: str) -> Response:
        self.needs_session()
        tokens.revoke_token(self.account, token_id)
        return Response(status=204)
