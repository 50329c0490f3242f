"""Proposals to look at and to list, drafts to write, the journal to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from conventions import problems
from conventions.endpoint import Endpoint
from conventions.pages import Pages
from decisions import access, drafts, lists, read
from decisions.markup import html
from decisions.process.state import Phase
from teams.access import team_for
from teams.api.inputs import read as shaped

from . import inputs, outputs
from .commands import answer

FILTERS = [
    OpenApiParameter("phase", str, description="One phase, or several with commas between."),
    OpenApiParameter("waiting_for", str, description="`me`: those that wait for me."),
    OpenApiParameter("q", str, description="Words in the title, the driver or the text."),
    OpenApiParameter("review_by", date, description="Agreements whose review is due on this day or before."),
    OpenApiParameter("cursor", str),
    OpenApiParameter("page_size", int),
]
SHARED = OpenApiParameter(
    "shared", bool, allow_blank=True, description="As everybody sees it, without one's own sealed answer: for a screen."
)


def snapshot(request: Request, row: access.Row, status: int = 200) -> HttpResponse:
    """The snapshot, or 304 where the reader has this very one."""
    if row.seq and request.headers.get("If-None-Match") == etag(request, row):
        return HttpResponse(status=304, headers=kept_as(request, row))
    body = read.snapshot(row, request.user)  # type: ignore[arg-type]
    return HttpResponse(body, status=status, content_type="application/json", headers=kept_as(request, row))


def kept_as(request: Request, row: access.Row) -> dict[str, str]:
    return {"ETag": etag(request, row), "Cache-Control": "private, no-cache"} if row.seq else {}


def etag(request: Request, row: access.Row) -> str:
    """Each reader's own: two people at one browser must not get each other's sealed answers out of its cache."""
    return f'"{row.seq}-{row.head[:16]}-{request.user.pk}"'


class ProposalList(Endpoint):
    """Proposals across all my teams, those that changed last first."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    @extend_schema(operation_id="proposals_list", parameters=FILTERS, responses=outputs.ListOutput)
    def get(self, request: Request) -> HttpResponseBase:
        return self.listing(request)

    def listing(self, request: Request, **only: Any) -> HttpResponseBase:
        pages = Pages(("-updated_at", "-id"))
        rows = lists.chosen(self.account, **filters(request)).filter(**only)
        found = pages.paginate_queryset(rows, request) or []
        return pages.get_paginated_response(lists.rows(found, self.account))


def filters(request: Request) -> dict[str, Any]:
    """What the address's query asks for; 400 where there is no such phase or person to ask for."""
    asked = request.query_params
    phases = [phase for phase in asked.get("phase", "").split(",") if phase]
    unknown = [phase for phase in phases if phase not in list(Phase)]
    if unknown:
        raise problems.invalid({"phase": [_("There is no phase {phase}.").format(phase=unknown[0])]})
    if asked.get("waiting_for", "me") != "me":
        raise problems.invalid({"waiting_for": [_("Only `me` can be asked for.")]})
    words = asked.get("q", "").strip()
    if "\0" in words:
        raise problems.invalid({"q": [_("These characters cannot be searched for.")]})
    return {"phases": phases, "waiting": "waiting_for" in asked, "words": words, "review_by": day(asked, "review_by")}


def day(asked: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(asked[name]) if asked.get(name) else None
    except ValueError as error:
        raise problems.invalid({name: [_("Write the day as 2027-05-21.")]}) from error


class TeamProposals(ProposalList):
    """A team's proposals, and the way to a new draft."""

    @extend_schema(operation_id="team_proposals_list", parameters=FILTERS, responses=outputs.ListOutput)
    def get(self, request: Request, slug: str) -> HttpResponseBase:  # type: ignore[override]
        team = team_for(self.account, slug)
        return self.listing(request, team=team)

    @extend_schema(request=inputs.DraftInput, responses={201: outputs.SnapshotOutput})
    def post(self, request: Request, slug: str) -> HttpResponseBase:
        team = team_for(self.account, slug)
        given = shaped(inputs.DraftInput, request.data, self.account)
        return snapshot(request, drafts.start(self.account, team, **given), 201)


class ProposalView(Endpoint):
    """One proposal: its snapshot, and while it is a draft its text."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    @extend_schema(parameters=[SHARED], responses=outputs.SnapshotOutput)
    def get(self, request: Request, id: str) -> HttpResponseBase:
        row = access.proposal_for(self.account, id)
        if "shared" in request.query_params:
            return HttpResponse(read.shared_picture(row), content_type="application/json")
        return snapshot(request, row)

    @extend_schema(request=inputs.DraftChangeInput, responses=outputs.SnapshotOutput)
    def patch(self, request: Request, id: str) -> HttpResponseBase:
        access.proposal_for(self.account, id)
        given = shaped(inputs.DraftChangeInput, request.data, self.account)
        return snapshot(request, drafts.edit(self.account, id, **given))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, id: str) -> HttpResponseBase:
        drafts.delete(self.account, id)
        return HttpResponse(status=204)


class OpenProposal(Endpoint):
    """Shows a draft to the circle and begins its first round."""

    @extend_schema(request=inputs.OpenInput, responses=outputs.DoneOutput)
    def post(self, request: Request, id: str) -> HttpResponseBase:
        access.proposal_for(self.account, id)
        given = shaped(inputs.OpenInput, request.data)
        return answer(drafts.open_(self.account, id, via=self.via, **given))


class Journal(Endpoint):
    """What has happened to a proposal, in order."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    @extend_schema(
        parameters=[OpenApiParameter("after", int), OpenApiParameter("page_size", int)],
        responses=outputs.JournalOutput,
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:
        row = access.proposal_for(self.account, id)
        after, limit = number(request, "after", 0, 2**31 - 1), number(request, "page_size", 200, 200)
        return HttpResponse(read.journal_page(row, after, limit), content_type="application/json")


class Voices(Endpoint):
    """Who was heard in each round, and how long turns took: for the circle as a whole, nobody's time by name."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    @extend_schema(responses=outputs.VoicesOutput)
    def get(self, request: Request, id: str) -> HttpResponseBase:
        row = access.proposal_for(self.account, id)
        return HttpResponse(read.voice(row), content_type="application/json")


def number(request: Request, name: str, usual: int, most: int) -> int:
    """A whole number from the address's query, from 0 to `most`."""
    given = request.query_params.get(name)
    if given is None:
        return usual
    if not (given.isascii() and given.isdecimal()) or len(given) > 10 or int(given) > most:
        raise problems.invalid({name: [_("Give a whole number from 0 to {most}.").format(most=most)]})
    return int(given)


class Export(Endpoint):
    """The whole journal as a document that can be checked without Rondo."""

    guests: ClassVar[frozenset[str]] = frozenset({"GET"})

    allowances: ClassVar[dict[str, str]] = {"GET": "exports"}

    @extend_schema(responses={(200, "application/json"): {"type": "object"}})
    def get(self, request: Request, id: str) -> HttpResponseBase:
        row = access.proposal_for(self.account, id)
        document = JsonResponse(read.export(row), json_dumps_params={"ensure_ascii": False, "indent": 1})
        document["Content-Disposition"] = f'attachment; filename="rondo-decision-{row.pk}.json"'
        return document


class Render(Endpoint):
    """Markdown as it will be shown."""

    @extend_schema(request=inputs.RenderInput, responses=outputs.RenderedOutput)
    def post(self, request: Request) -> HttpResponseBase:
        return JsonResponse({"html": html(shaped(inputs.RenderInput, request.data)["text"])})
