"""The accounts of the site, for its administrator; for everybody else there is nothing here."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from conventions.endpoint import Endpoint
from conventions.pages import page
from teams import site
from teams.api import rows, shapes
from teams.models import Account as AccountRow

WORDS = OpenApiParameter("q", OpenApiTypes.STR, description="A part of an e-mail address.")


class AdministratorsEndpoint(Endpoint):
    def administrator(self) -> AccountRow:
        site.only_administrator(self.account)
        self.needs_session()
        administrator: AccountRow = self.account
        return administrator


class Accounts(AdministratorsEndpoint):
    @extend_schema(
        operation_id="accounts", parameters=[WORDS], responses=shapes.paged("SiteAccount", shapes.SiteAccount)
    )
    def get(self, request: Request) -> Response:
        self.administrator()
        found = site.accounts(request.query_params.get("q", ""))
        return page(request, found, rows.site_account, ordering=("-created_at", "-id"))


class Suspend(AdministratorsEndpoint):
    @extend_schema(operation_id="suspend_account", request=None, responses=shapes.SiteAccount)
    def post(self, request: Request, account_id: str) -> Response:
        return Response(rows.site_account(site.suspend(self.administrator(), account_id)))


class Lift(AdministratorsEndpoint):
    @extend_schema(operation_id="lift_suspension", request=None, responses=shapes.SiteAccount)
    def post(self, request: Request, account_id: str) -> Response:
        self.administrator()
        return Response(rows.site_account(site.lift(account_id)))


class Recover(AdministratorsEndpoint):
    allowances = {"POST": "recoveries"}

    @extend_schema(operation_id="send_recovery_link", request=None, responses=shapes.SiteAccount)
    def post(self, request: Request, account_id: str) -> Response:
        administrator = self.administrator()
        return Response(rows.site_account(site.send_recovery(request._request, administrator, account_id)))
