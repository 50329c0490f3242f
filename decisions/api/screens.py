"""Links that show a decision on a screen: made and closed by those in it, looked through by whoever holds one."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from conventions import problems
from conventions.answer import encode
from conventions.endpoint import Endpoint
from conventions.ids import ALPHABET, new_id
from conventions.seldom import Seldom
from decisions import access, read
from decisions.process import commands as c
from decisions.screens import digest_of, token_of
from decisions.submit import submit_as_said
from teams.api.inputs import Input
from teams.api.inputs import read as shaped

if TYPE_CHECKING:
    import segno
else:
    segno = Seldom("segno")

from . import inputs, outputs
from .commands import Call, CommandEndpoint, answer

ID = f"[{ALPHABET}]{{16}}"
WAY_IN = re.compile(rf"/(?:d/{ID}/live|m/{ID})\?join")
A_DAY = 24 * 60 * 60


class Screens(Endpoint):
    """Makes a link that shows this decision. The token is told here alone, to whoever made it."""

    @extend_schema(operation_id="open_screen", request=inputs.OnInput, responses={201: outputs.NewScreenOutput})
    def post(self, request: Request, id: str) -> HttpResponseBase:
        screen = new_id()

        def said() -> tuple[type[c.Command], dict[str, Any]]:
            given = shaped(inputs.OnInput, request.data)
            return c.OpenScreen, {"screen": screen, "digest": digest_of(token_of(screen)), **given}

        done = submit_as_said(self.account, "proposal", id, said, self.via)
        return answer(done, 201)

    def completed(self, response: HttpResponseBase) -> HttpResponseBase:
        """The answer as it is kept names the screen; its token is made from that, each time the answer goes out."""
        if response.status_code == 201 and isinstance(response, HttpResponse):
            done = json.loads(response.content)
            (opened,) = [entry for entry in done["entries"] if entry["event"] == "screen_opened"]
            token = token_of(opened["data"]["screen"])
            url = self.request.build_absolute_uri(f"/s/{token}")
            response.content = encode({**done, "token": token, "url": url})
        return response


class ScreenView(CommandEndpoint):
    """A link: looked through by its token, signed in or not, and closed by its id."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    calls = {"DELETE": Call(c.CloseScreen, Input, names="screen", target="screen")}

    @extend_schema(operation_id="look_through_screen", responses=outputs.ShownOutput, auth=[])
    def get(self, request: Request, id: str) -> HttpResponseBase:
        row, until = access.on_screen(id)
        way_in = f"/d/{row.pk}/live?join"
        around = encode({"until": until, "join": request.build_absolute_uri(way_in), "way_in": way_in})
        # The very bytes that everybody gets: nothing is taken out of them here, nor put in.
        body = b'%s,"proposal":%s}' % (around[:-1], read.shared_picture(row))
        return HttpResponse(body, content_type="application/json")

    @extend_schema(operation_id="close_screen", request=None, responses=outputs.DoneOutput)
    def delete(self, request: Request, id: str) -> HttpResponseBase:
        return self.obey(request, id)


class Qr(Endpoint):
    """A way in as a picture that a telephone reads: of our own pages alone."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="qr",
        parameters=[OpenApiParameter("path", str, required=True, description="Such as `/d/<id>/live?join`.")],
        responses={(200, "image/svg+xml"): {"type": "string"}},
        auth=[],
    )
    def get(self, request: Request) -> HttpResponseBase:
        path = request.query_params.get("path", "")
        if not WAY_IN.fullmatch(path):
            raise problems.not_found()
        picture = BytesIO()
        code = segno.make(request.build_absolute_uri(path), error="m", micro=False)
        code.save(picture, kind="svg", light="#fff", omitsize=True, xmldecl=False)
        kept = {"Cache-Control": f"public, max-age={A_DAY}"}
        return HttpResponse(picture.getvalue(), content_type="image/svg+xml", headers=kept)
