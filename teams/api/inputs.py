"""The shape of what comes in about people and teams; decides nothing."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from conventions import problems
from conventions.fields import Line, Text
from conventions.language import zones
from teams.models import Role, Sealed
from teams.signup import NAME_LENGTH
from teams.tokens import DAYS, MOST_DAYS

INVITED_AS = ((Role.MEMBER.value, "member"), (Role.OBSERVER.value, "observer"))


class Input(serializers.Serializer[Any]):
    """Fields in, plain values out; unknown fields are ignored, as everywhere in the interface."""


class MeInput(Input):
    name = Line(NAME_LENGTH, required=False, label=_("Name"))
    email = serializers.EmailField(max_length=254, required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, allow_null=True, required=False)
    time_zone = serializers.CharField(max_length=64, allow_null=True, required=False)

    def validate_time_zone(self, zone: str | None) -> str | None:
        if zone is not None and zone not in zones():
            raise serializers.ValidationError(_("Choose a time zone by its name, such as Europe/Berlin."))
        return zone

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError({"name": [_("Name is missing.")]})
        return attrs


class BackInput(Input):
    back = Line(2000)


class TokenInput(Input):
    name = Line(80, label=_("Name"))
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=DAYS)


class PolicyInput(Input):
    sealed = serializers.ChoiceField(choices=Sealed.choices, required=False)
    quorum_percent = serializers.IntegerField(min_value=50, max_value=100, required=False)
    due_days = serializers.IntegerField(min_value=1, max_value=30, required=False)
    objector_grace_days = serializers.IntegerField(min_value=3, max_value=30, required=False)
    second_look_days = serializers.IntegerField(min_value=1, max_value=30, required=False)
    facilitator = serializers.CharField(max_length=16, allow_null=True, required=False)


class TeamInput(Input):
    name = Line(80, label=_("Name"))
    aim = Text(1000, blank=True, required=False, default="", label=_("Aim"))
    policy = PolicyInput(required=False)


class TeamChangeInput(Input):
    name = Line(80, required=False, label=_("Name"))
    aim = Text(1000, blank=True, required=False, label=_("Aim"))
    policy = PolicyInput(required=False)


class RoleInput(Input):
    role = serializers.ChoiceField(choices=Role.choices)


class InvitationInput(Input):
    email = serializers.EmailField(max_length=254, allow_blank=True, default="")
    role = serializers.ChoiceField(choices=INVITED_AS, default=Role.MEMBER.value)
    max_uses = serializers.IntegerField(min_value=1, max_value=200, default=50)


def read(shape: type[Input], body: Any, reader: Any = None) -> dict[str, Any]:
    """What came in, checked; or a 400 that says of each field what is amiss. `reader`: whose calendar counts."""
    if not isinstance(body, dict):
        raise problems.malformed(str(_("The body is a JSON object.")))
    given = shape(data=body, context={"reader": reader})
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
