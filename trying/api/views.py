"""To begin a visit, and to find it again."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth import login
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from conventions import problems
from conventions.endpoint import Endpoint
from conventions.throttles import READS, Allowance
from decisions.api.inputs import DraftInput
from teams.api.inputs import read
from trying import visits


class FromOneAddress(Allowance):
    """Each visit makes a new account: only the address of the net is the same."""

    def whose(self, request: Request) -> str:
        return f"address:{self.get_ident(request)}"

    def scopes(self, request: Request, view: object) -> list[str]:
        return ["anonymous"] if request.method in READS else ["anonymous", "trying"]


class VisitOutput(serializers.Serializer[object]):
    """The decision of one's visit, if one is here for that, and whether there is a place for another."""

    proposal = serializers.CharField(allow_null=True)
    places = serializers.BooleanField()


class Try(Endpoint):
    """A decision with three played members, for whoever is not signed in. It is gone after a day."""

    permission_classes = [AllowAny]
    throttle_classes = [FromOneAddress]
    guests: ClassVar[frozenset[str]] = frozenset({"GET", "POST"})

    @extend_schema(operation_id="visit", responses=VisitOutput, auth=[])
    def get(self, request: Request) -> Response:
        mine = visits.visit_of(self.account) if request.user.is_authenticated else None
        return Response({"proposal": mine.proposal if mine else None, "places": visits.room_for_one_more()})

    @extend_schema(operation_id="begin_visit", request=DraftInput, responses={201: VisitOutput}, auth=[])
    def post(self, request: Request) -> Response:
        # Nobody is signed in yet: no session would have it checked that the press was on a page of ours.
        SessionAuthentication().enforce_csrf(request)
        if request.user.is_authenticated and not self.account.guest:
            raise problems.conflict("signed_in", _("You are signed in. Sign out first: trying needs no account."))
        visit = visits.begin(**read(DraftInput, request.data))
        login(request._request, visit.visitor)
        request._request.session.set_expiry(visits.KEPT_FOR)
        return Response({"proposal": visit.proposal, "places": True}, status=201)
