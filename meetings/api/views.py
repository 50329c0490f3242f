"""Meetings to look at, to list and to plan; every command of a meeting as an address.

The addresses of the commands are data: `COMMANDS` says for each its command and its shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from conventions import problems
from conventions.endpoint import Endpoint
from conventions.pages import page
from meetings import access, listing, mailing, minutes, planning, store
from meetings.calendar import calendar_entry
from meetings.process import commands as c
from meetings.submit import Done, submit
from teams.access import team_for
from teams.api.inputs import Input
from teams.api.inputs import read as shaped

from . import inputs, outputs

WHEN = OpenApiParameter("when", str, description="`coming` (the usual one) or `past`.")
PAGING = [WHEN, OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]


def answer(done: Done, status: int = 200) -> HttpResponse:
    """The entries that a command made, in the form in which the socket sends them."""
    return HttpResponse(done.as_json(), status=status, content_type="application/json")


class Meetings(Endpoint):
    """Meetings across all my teams: those to come, the next one first; or those past, the last one first."""

    @extend_schema(operation_id="meetings_list", parameters=PAGING, responses=outputs.MeetingListOutput)
    def get(self, request: Request) -> Response:
        return self.listing(request)

    def listing(self, request: Request, **only: Any) -> Response:
        when = request.query_params.get("when", "coming")
        if when not in ("coming", "past"):
            raise problems.invalid({"when": [_("Ask for `coming` or `past`.")]})
        if when == "coming":
            return page(request, listing.coming(self.account).filter(**only), listing.row, ("starts_at", "id"))
        return page(request, listing.past(self.account).filter(**only), listing.row, ("-starts_at", "-id"))


class TeamMeetings(Meetings):
    """A team's meetings, and the way to a new one."""

    @extend_schema(operation_id="team_meetings_list", parameters=PAGING, responses=outputs.MeetingListOutput)
    def get(self, request: Request, slug: str) -> Response:  # type: ignore[override]
        return self.listing(request, team=team_for(self.account, slug))

    @extend_schema(request=inputs.PlanInput, responses={201: outputs.MeetingDoneOutput})
    def post(self, request: Request, slug: str) -> HttpResponseBase:
        team = team_for(self.account, slug)
        given = shaped(inputs.PlanInput, request.data)
        return answer(planning.plan(self.account, team, via=self.via, **given), 201)


class Meeting(Endpoint):
    """One meeting: its snapshot, and its plan as long as that can be changed."""

    @extend_schema(responses=outputs.MeetingOutput)
    def get(self, request: Request, id: str) -> HttpResponseBase:
        return JsonResponse(store.picture(access.meeting_for(self.account, id)))

    @extend_schema(request=inputs.PlanChangeInput, responses=outputs.MeetingDoneOutput)
    def patch(self, request: Request, id: str) -> HttpResponseBase:
        access.meeting_for(self.account, id)
        given = shaped(inputs.PlanChangeInput, request.data)
        return answer(planning.change(self.account, id, via=self.via, **given))


class Minutes(Endpoint):
    """The minutes, as they stand now; final once the meeting has ended."""

    @extend_schema(responses=outputs.MinutesOutput)
    def get(self, request: Request, id: str) -> HttpResponseBase:
        return JsonResponse(minutes.minutes_of(access.meeting_for(self.account, id)))


class MailedMinutes(Endpoint):
    """The minutes by mail to everybody of the team, each once; for whoever was in the meeting."""

    @extend_schema(request=None, responses=outputs.MailedOutput)
    def post(self, request: Request, id: str) -> HttpResponseBase:
        people, fate = mailing.mail_minutes(self.account, id)
        return JsonResponse({"people": people, "mail": str(fate)})


class CalendarEntry(Endpoint):
    """The meeting as an .ics file."""

    @extend_schema(responses={(200, "text/calendar"): {"type": "string"}})
    def get(self, request: Request, id: str) -> HttpResponseBase:
        row = access.meeting_for(self.account, id)
        file = calendar_entry(row, store.load(row), request.build_absolute_uri(f"/m/{row.pk}?join"))
        name = f'attachment; filename="rondo-meeting-{row.pk}.ics"'
        return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": name})


class CommandEndpoint(Endpoint):
    """An address that is a command."""

    command: ClassVar[type[c.Command]]
    shape: ClassVar[type[Input]]

    def obey(self, request: Request, id: str) -> HttpResponseBase:
        # Found before anything is read: what one may not see is a 404 whatever one sends.
        access.meeting_for(self.account, id)
        given = shaped(self.shape, request.data)
        return answer(submit(self.account, id, self.command, via=self.via, **given))


COMMANDS: Mapping[str, tuple[type[c.Command], type[Input]]] = {
    "mail": (c.MailPlan, inputs.MeetingOnInput),
    "call-off": (c.CallOff, inputs.MeetingOnInput),
    "open": (c.Open, inputs.MeetingOnInput),
    "join": (c.Join, inputs.MeetingOnInput),
    "leave": (c.Leave, inputs.MeetingOnInput),
    "speak": (c.Speak, inputs.MeetingOnInput),
    "later": (c.Later, inputs.MeetingOnInput),
    "turn": (c.GiveTurn, inputs.PersonOnInput),
    "agree": (c.Agree, inputs.MeetingOnInput),
    "ask-change": (c.AskChange, inputs.ChangeAskedInput),
    "next": (c.Next, inputs.MeetingOnInput),
    "begin": (c.Begin, inputs.ItemOnInput),
    "end-item": (c.EndItem, inputs.MeetingOnInput),
    "put-off": (c.PutOff, inputs.ItemOnInput),
    "reconsider": (c.Reconsider, inputs.MeetingOnInput),
    "end": (c.End, inputs.MeetingOnInput),
    "lead-out": (c.LeadOut, inputs.LedOutInput),
    "facilitator": (c.HandOver, inputs.PersonOnInput),
    "chair": (c.TakeChair, inputs.MeetingOnInput),
}


def endpoint(address: str) -> type[CommandEndpoint]:
    """The class that serves one command."""
    command, shape = COMMANDS[address]

    def post(self: CommandEndpoint, request: Request, id: str) -> HttpResponseBase:
        return self.obey(request, id)

    described: Any = extend_schema(
        operation_id=f"meeting_{address.replace('-', '_')}", request=shape, responses=outputs.MeetingDoneOutput
    )(post)
    return type(
        f"Meeting{address.title().replace('-', '')}",
        (CommandEndpoint,),
        {
            "command": command,
            "shape": shape,
            "post": described,
        },
    )
