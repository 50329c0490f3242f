"""What stands in the record, for whoever wants to check or count it elsewhere: receipts, and the journal as CSV."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from conventions import epoch, problems
from conventions.endpoint import Endpoint
from decisions import access, afterwords, read, receipts
from teams.api.inputs import read as shaped

from . import inputs, outputs

LONGEST = 2_000


class MyReceipts(Endpoint):
    """What I have given in a decision, each with its receipt."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    @extend_schema(operation_id="my_receipts", responses=outputs.ReceiptsOutput)
    def get(self, request: Request, id: str) -> HttpResponseBase:
        row = access.proposal_for(self.account, id)
        return JsonResponse({"results": read.receipts_of(row, self.account)})


class Afterwords(Endpoint):
    """How a decision was for those who took part, said when it had ended; no part of the decision."""

    @extend_schema(operation_id="afterwords", responses=outputs.AfterwordsOutput)
    def get(self, request: Request, id: str) -> HttpResponseBase:
        return JsonResponse({"results": afterwords.of(access.proposal_for(self.account, id))})

    @extend_schema(operation_id="say_afterword", request=inputs.AfterwordInput, responses=outputs.AfterwordsOutput)
    def put(self, request: Request, id: str) -> HttpResponseBase:
        text = shaped(inputs.AfterwordInput, request.data)["text"]
        return JsonResponse({"results": afterwords.say(self.account, id, text)})

    @extend_schema(operation_id="take_back_afterword", responses={204: None})
    def delete(self, request: Request, id: str) -> HttpResponseBase:
        afterwords.take_back(self.account, id)
        return HttpResponse(status=204)


class ReceiptCheck(Endpoint):
    """Whether a receipt stands in the record as it was. Who may not see its decision learns nothing, not even that
    there is one: the answer is the same as for a receipt that somebody made up."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="check_receipt",
        parameters=[OpenApiParameter("receipt", str, required=True, description="rondo:<proposal>:<entry>:<hash>")],
        responses=outputs.ReceiptCheckOutput,
    )
    def get(self, request: Request) -> HttpResponseBase:
        kept = receipts.read(request.query_params.get("receipt", "")[:LONGEST])
        if kept is None:
            raise problems.invalid({"receipt": [_("Give one receipt in its long form: rondo:, and what follows.")]})
        found = read.stands(self.account, kept) if self.account.is_authenticated else None
        if found is None:
            restored = epoch.last_restored()
            told: dict[str, Any] = {"restored": restored} if restored else {}
            raise problems.Problem(404, "not_known", _("This receipt is not known here, or not for you."), **told)
        return JsonResponse(found)


class Spreadsheet(Endpoint):
    """What people did in a decision, as CSV: a row for each entry that they made."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    allowances: ClassVar[dict[str, str]] = {"GET": "exports"}

    @extend_schema(operation_id="proposals_export_csv", responses={(200, "text/csv"): {"type": "string"}})
    def get(self, request: Request, id: str) -> HttpResponseBase:
        row = access.proposal_for(self.account, id)
        answer = HttpResponse(read.spreadsheet(row), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="rondo-decision-{row.pk}.csv"'
        return answer
