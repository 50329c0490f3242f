"""The shape of what comes in about meetings; whether it may be done is for the process to say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from conventions.fields import Line, Text
from decisions.api.inputs import Moment
from meetings.process.state import Wanted
from teams.api.inputs import Input

TITLE = 200
PLACE = 500
MOST_ITEMS = 20
SHORTEST, LONGEST = 5, 8 * 60  # minutes of a meeting
MOST_MINUTES = 240  # of an item


class MeetingOnInput(Input):
    """`on`: the moment of the meeting (`moment` in its snapshot) for which the command was made."""

    on = serializers.CharField(max_length=40, required=False, allow_null=True)


class ItemInput(Input):
    """`id`: an item that stands on the agenda already, and is kept."""

    id = serializers.CharField(max_length=16, required=False)
    proposal = serializers.CharField(max_length=16)
    wanted = serializers.ChoiceField(choices=[str(wanted) for wanted in Wanted], default=str(Wanted.DECIDE))
    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES, default=15)


class PlanInput(Input):
    title = Line(TITLE, label=_("Title"))
    starts_at = Moment()
    minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, default=60)
    place = Line(PLACE, blank=True, required=False, default="", label=_("Place"))
    facilitator = serializers.CharField(max_length=16, required=False, allow_null=True, default=None)
    agenda = ItemInput(many=True, required=False, default=list)

    def validate_agenda(self, agenda: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return bounded(agenda)


class PlanChangeInput(MeetingOnInput):
    title = Line(TITLE, required=False, label=_("Title"))
    starts_at = Moment(required=False)
    minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, required=False)
    place = Line(PLACE, blank=True, required=False, label=_("Place"))
    agenda = ItemInput(many=True, required=False)

    def validate_agenda(self, agenda: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return bounded(agenda)


def bounded(agenda: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(agenda) > MOST_ITEMS:
        raise serializers.ValidationError(_("A meeting takes up to {most} decisions.").format(most=MOST_ITEMS))
    proposals = [item["proposal"] for item in agenda if "id" not in item]
    if len(proposals) != len(set(proposals)):
        raise serializers.ValidationError(_("A decision stands on the agenda once."))
    return agenda


class ChangeAskedInput(MeetingOnInput):
    text = Text(1000, label=_("Change"))


class ItemOnInput(MeetingOnInput):
    item = serializers.CharField(max_length=16)


class PersonOnInput(MeetingOnInput):
    to = serializers.CharField(max_length=16)


class LedOutInput(MeetingOnInput):
    participant = serializers.CharField(max_length=16)
