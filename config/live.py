"""What a socket would say, for whoever has none: a proxy on their way lets none through. They ask, again and again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from config.books import BOOKS
from conventions import problems
from conventions.endpoint import Endpoint
from decisions.api.views import number
from decisions.live import frames
from decisions.live.database import open_all, waiting_of_all
from decisions.live.journal import Screen, Viewer
from decisions.screens import digest_of

MOST = 2**31 - 1


class Told(serializers.Serializer[Any]):
    """The messages of a socket, in their order."""

    messages = serializers.ListField(child=serializers.DictField())


class Live(Endpoint):
    """One topic: what a socket that subscribes to it now would be told at once."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})
    kind: ClassVar[str]

    def get(self, request: Request, id: str) -> HttpResponse:
        viewer, topic = self.viewer(request), f"{self.kind}:{id}"
        after = number(request, "after", MOST, MOST) if "after" in request.query_params else None
        opening = open_all(BOOKS, [(viewer, topic, after)])[viewer, topic, after]
        if opening is None:
            raise problems.not_found()
        if opening.is_news_to(request.query_params.get("epoch")):
            return told([frames.resync(topic, opening.epoch)])
        subscribed = frames.subscribed(topic, opening.seq, epoch=opening.epoch)
        return told([subscribed, *(frames.event(topic, seq, text).text for seq, text in opening.entries)])

    def viewer(self, request: Request) -> Viewer:
        """Who comes with a link to a screen is looked at as that and nothing else, whoever else they are."""
        screen = request.query_params.get("screen")
        if screen:
            return Screen(digest_of(screen))
        if not request.user.is_authenticated:
            raise problems.not_signed_in()
        return str(self.account.pk)


ASKED = [OpenApiParameter("after", int), OpenApiParameter("epoch", str)]


class LiveProposal(Live):
    """Also for who comes with a link to a screen, signed in or not."""

    permission_classes = [AllowAny]
    kind = "proposal"

    @extend_schema(parameters=[*ASKED, OpenApiParameter("screen", str)], responses=Told)
    def get(self, request: Request, id: str) -> HttpResponse:
        return super().get(request, id)


class LiveMeeting(Live):
    kind = "meeting"

    @extend_schema(parameters=ASKED, responses=Told)
    def get(self, request: Request, id: str) -> HttpResponse:
        return super().get(request, id)


class LiveMe(Endpoint):
    """What waits for whoever asks, across their teams."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    @extend_schema(responses=Told)
    def get(self, request: Request) -> HttpResponse:
        mine = str(self.account.pk)
        return told([frames.subscribed("me", 0), waiting_of_all([mine])[mine]])


def told(messages: Iterable[bytes]) -> HttpResponse:
    return HttpResponse(b'{"messages":[%s]}' % b",".join(messages), content_type="application/json")
