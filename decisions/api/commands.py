"""Every command of the process as an address: shape in, one command through `submit`, its entries out.

The addresses are data: `COMMANDS` says for each its command, its shape and what its path names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from conventions.endpoint import Endpoint
from decisions.process import commands as c
from decisions.submit import Done, submit_as_said
from teams.api.inputs import Input, read

from . import inputs, outputs


@dataclass(frozen=True)
class Call:
    """One method of an address. `names`: the kind of row whose id the path holds, `target`: the field of the
    command that takes this id; a round's id is what the command is made `on`."""

    command: type[c.Command]
    shape: type[Input] = inputs.OnInput
    names: str = "proposal"
    target: str | None = None
    status: int = 200
    own: type[c.Command] | None = None
    """The command instead, where the `participant` it names is whoever gives it."""

    def chosen(self, given: dict[str, Any], account: str) -> type[c.Command]:
        """The command that was meant; what it does not take is left out."""
        if self.own is None or given.get("participant") != account:
            return self.command
        del given["participant"]
        return self.own


class CommandEndpoint(Endpoint):
    """An address whose methods are commands."""

    guests: ClassVar[frozenset[str]] = frozenset({"POST", "PUT", "DELETE"})

    calls: ClassVar[Mapping[str, Call]] = {}

    def obey(self, request: Request, id: str) -> HttpResponseBase:
        call = self.calls[str(request.method)]

        def said() -> tuple[type[c.Command], dict[str, Any]]:
            given = read(call.shape, request.data, self.account)
            if call.target is not None:
                given[call.target] = id
            return call.chosen(given, self.account.pk), given

        done = submit_as_said(self.account, call.names, id, said, self.via)
        return answer(done, call.status)


def answer(done: Done, status: int = 200) -> HttpResponse:
    """The entries that a command made, in the form in which the socket sends them."""
    return HttpResponse(done.as_json(), status=status, content_type="application/json")


def on_round(command: type[c.Command], shape: type[Input] = Input, status: int = 200) -> Call:
    return Call(command, shape, names="round", target="on", status=status)


def on_objection(command: type[c.Command], shape: type[Input] = inputs.OnInput) -> Call:
    return Call(command, shape, names="objection", target="objection")


COMMANDS: Mapping[str, Mapping[str, Call]] = {
    "rounds/<str:id>/questions/": {"POST": on_round(c.AskQuestion, inputs.QuestionInput, 201)},
    "questions/<str:id>/": {"DELETE": Call(c.TakeBackQuestion, names="question", target="question")},
    "questions/<str:id>/answer/": {
        "POST": Call(c.AnswerQuestion, inputs.AnswerInput, names="question", target="question")
    },
    "rounds/<str:id>/clear/": {
        "POST": on_round(c.Clear, inputs.ClearInput),
        "DELETE": on_round(c.TakeBackClear),
    },
    "rounds/<str:id>/pass/": {"POST": on_round(c.Pass)},
    "rounds/<str:id>/reactions/": {
        "POST": on_round(c.React, inputs.ReactionInput, 201),
        "DELETE": on_round(c.TakeBackReaction),
    },
    "rounds/<str:id>/response/": {
        "PUT": on_round(c.Respond, inputs.ResponseInput),
        "DELETE": on_round(c.TakeBackResponse),
    },
    "proposals/<str:id>/ask-for-consent/": {"POST": Call(c.AskForConsent, inputs.ConsentInput)},
    "proposals/<str:id>/return/": {"POST": Call(c.ReturnNow)},
    "proposals/<str:id>/revisions/": {"POST": Call(c.Revise, inputs.RevisionInput, status=201)},
    "proposals/<str:id>/due/": {"POST": Call(c.MoveDue, inputs.DueInput)},
    "proposals/<str:id>/withdraw/": {"POST": Call(c.Withdraw, inputs.WithdrawalInput)},
    "proposals/<str:id>/room/": {"POST": Call(c.OpenRoom), "DELETE": Call(c.CloseRoom)},
    "proposals/<str:id>/room/join/": {"POST": Call(c.Join)},
    "proposals/<str:id>/room/leave/": {"POST": Call(c.Leave)},
    "proposals/<str:id>/room/later/": {"POST": Call(c.Later)},
    "proposals/<str:id>/room/time-out/": {"POST": Call(c.AskTimeOut)},
    "proposals/<str:id>/room/pause/": {"POST": Call(c.Pause, inputs.PauseInput)},
    "proposals/<str:id>/room/resume/": {"POST": Call(c.Resume)},
    "proposals/<str:id>/room/next/": {"POST": Call(c.Next)},
    "proposals/<str:id>/room/turn/": {"POST": Call(c.GiveTurn, inputs.ToInput)},
    "proposals/<str:id>/room/timebox/": {"POST": Call(c.SetTimebox, inputs.TimeboxInput)},
    "proposals/<str:id>/room/lead-out/": {"POST": Call(c.LeadOut, inputs.LeadOutInput)},
    "proposals/<str:id>/facilitator/": {"POST": Call(c.HandOver, inputs.ToInput)},
    "proposals/<str:id>/facilitator/accept/": {"POST": Call(c.AcceptChair)},
    "proposals/<str:id>/chair/": {"POST": Call(c.TakeChair)},
    "proposals/<str:id>/absences/": {"POST": Call(c.MarkAbsent, inputs.AbsenceInput, own=c.IAmAbsent)},
    "proposals/<str:id>/here/": {"POST": Call(c.IAmHere)},
    "proposals/<str:id>/author/": {"POST": Call(c.OfferAuthorship, inputs.ToInput)},
    "proposals/<str:id>/author/accept/": {"POST": Call(c.AcceptAuthorship)},
    "proposals/<str:id>/objections/": {"POST": Call(c.LookAgain, inputs.SecondLookInput, status=201)},
    "objections/<str:id>/withdraw/": {"POST": on_objection(c.WithdrawObjection)},
    "objections/<str:id>/restate/": {"POST": on_objection(c.Restate, inputs.RestatementInput)},
    "objections/<str:id>/confirm/": {"POST": on_objection(c.Confirm, inputs.ConfirmationInput)},
}


def endpoint(address: str, calls: Mapping[str, Call]) -> type[CommandEndpoint]:
    """The class that serves one address of the table."""
    methods = {method.lower(): _documented(call) for method, call in calls.items()}
    name = "".join(part.title() for part in address.replace("<str:id>", "").replace("-", "/").split("/"))
    return type(name, (CommandEndpoint,), {"calls": calls, **methods})


def _documented(call: Call) -> Any:
    def obey(self: CommandEndpoint, request: Request, id: str) -> HttpResponseBase:
        return self.obey(request, id)

    shape = call.shape if call.shape().fields else None
    return extend_schema(request=shape, responses={call.status: outputs.DoneOutput})(obey)
