"""Invitations: made and ended by stewards, looked at and accepted by whoever holds the link."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from conventions.endpoint import Endpoint
from conventions.pages import page
from conventions.told_once import TellsOnce, locked
from teams import access, invitations
from teams.api import rows, shapes
from teams.api.inputs import InvitationInput, read
from teams.api.teams import told
from teams.models import Role


class Invitations(TellsOnce):
    """The ways into a team that are open. Their links are told here alone, to whoever made them."""

    allowances = {"POST": "invitations"}

    @extend_schema(operation_id="invitations", responses=shapes.paged("Invitation", shapes.Invitation))
    def get(self, request: Request, slug: str) -> Response:
        team = access.team_for(self.account, slug)
        access.only_steward(self.account, team)
        return page(request, invitations.waiting(team), rows.invitation, ordering=("-created_at", "-id"))

    @extend_schema(operation_id="invite", request=InvitationInput, responses={201: shapes.NewInvitation})
    def post(self, request: Request, slug: str) -> Response:
        team = access.team_for(self.account, slug)
        access.only_steward(self.account, team)
        given = read(InvitationInput, request.data)
        invitation, token = invitations.invite(
            self.account, team, Role(given["role"]), given["email"], given["max_uses"], site=self._site()
        )
        return Response({**rows.invitation(invitation), "token": locked(token)}, status=201)

    def opened(self, told: dict[str, Any]) -> dict[str, Any]:
        return {**told, "url": invitations.link(told["token"], self._site())}

    def _site(self) -> str:
        return self.request.build_absolute_uri("/").rstrip("/")


class Invitation(Endpoint):
    @extend_schema(operation_id="revoke_invitation", responses={204: None})
    def delete(self, request: Request, slug: str, invitation_id: str) -> Response:
        invitations.revoke(self.account, access.team_for(self.account, slug), invitation_id)
        return Response(status=204)


class Offer(Endpoint):
    """Open to whoever holds the link: it says where it leads before one signs up."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="offer", responses=shapes.Offer, auth=[])
    def get(self, request: Request, token: str) -> Response:
        return Response(rows.offer(invitations.open_invitation_of(token)))


class Accept(Endpoint):
    @extend_schema(operation_id="accept_invitation", request=None, responses=shapes.Team)
    def post(self, request: Request, token: str) -> Response:
        return Response(told(invitations.accept_invitation(self.account, token), self.account))
