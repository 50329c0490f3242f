"""Teams and who belongs to them."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from conventions.endpoint import Endpoint
from conventions.pages import page
from teams import access, flows
from teams.api import rows, shapes
from teams.api.inputs import RoleInput, TeamChangeInput, TeamInput, read
from teams.models import Account, Membership, Role
from teams.models import Team as TeamRow


class Teams(Endpoint):
    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    @extend_schema(operation_id="my_teams", responses=shapes.paged("Team", shapes.Team))
    def get(self, request: Request) -> Response:
        return page(
            request,
            _teams_of(self.account),
            lambda team: rows.team(team, self.account),
            ordering=("name", "id"),
        )

    @extend_schema(operation_id="found_team", request=TeamInput, responses={201: shapes.Team})
    def post(self, request: Request) -> Response:
        given = read(TeamInput, request.data)
        team = flows.found_team(self.account, given["name"], given["aim"], given.get("policy"))
        return Response(told(team, self.account), status=201)


class Team(Endpoint):
    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    @extend_schema(operation_id="team", responses=shapes.Team)
    def get(self, request: Request, slug: str) -> Response:
        return Response(told(access.team_for(self.account, slug), self.account))

    @extend_schema(operation_id="change_team", request=TeamChangeInput, responses=shapes.Team)
    def patch(self, request: Request, slug: str) -> Response:
        team = access.team_for(self.account, slug)
        access.only_steward(self.account, team)
        return Response(told(flows.change_team(self.account, team, read(TeamChangeInput, request.data)), self.account))


class Member(Endpoint):
    @extend_schema(operation_id="change_role", request=RoleInput, responses=shapes.Member)
    def patch(self, request: Request, slug: str, account_id: str) -> Response:
        team = access.team_for(self.account, slug)
        self.needs_session()
        access.only_steward(self.account, team)
        role = Role(read(RoleInput, request.data)["role"])
        return Response(rows.member(flows.change_role(self.account, team, account_id, role)))

    @extend_schema(operation_id="leave_or_remove", responses={204: None})
    def delete(self, request: Request, slug: str, account_id: str) -> Response:
        team = access.team_for(self.account, slug)
        self.needs_session()
        if account_id == self.account.pk:
            flows.leave(self.account, team)
        else:
            flows.remove(self.account, team, account_id)
        return Response(status=204)


def _people() -> "Prefetch[Any]":
    return Prefetch("memberships", Membership.objects.select_related("account"))


def _teams_of(account: Account) -> QuerySet[TeamRow]:
    return TeamRow.objects.filter(memberships__account=account).prefetch_related(_people())


def told(team: TeamRow, viewer: Account) -> rows.Row:
    prefetch_related_objects([team], _people())
    return rows.team(team, viewer)
