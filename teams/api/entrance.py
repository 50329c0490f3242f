"""The door: what a page needs to know before anybody is signed in, and the way to single sign-on."""

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from conventions import problems
from conventions.endpoint import Endpoint
from teams import sso
from teams.api import shapes
from teams.api.inputs import BackInput, read
from teams.identity import asks_for_confirmation
from teams.models import Account


class Entrance(Endpoint):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="entrance", responses=shapes.Entrance, auth=[])
    def get(self, request: Request) -> Response:
        return Response(
            {
                "first": not Account.objects.filter(former=None, guest=False).exists(),
                "mail": settings.RONDO_MAIL == "sent",
                "confirms_email": asks_for_confirmation(),
                "single_sign_on": sso.offered(request._request),
            }
        )


class SingleSignOn(Endpoint):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="single_sign_on", request=BackInput, responses=shapes.WayThere, auth=[])
    def post(self, request: Request) -> Response:
        back = read(BackInput, request.data)["back"]
        if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            raise problems.invalid({"back": [_("Name a page of this site.")]})
        return Response({"url": sso.way_there(request._request, back)})
