"""The shape of what comes in about decisions; whether it may be done is for the process to say."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from conventions import clock
from conventions.fields import Line, Text
from conventions.language import today
from decisions.process.state import Answer
from teams.api.inputs import Input

CONTRIBUTION = 4_000
BODY = 40_000
TITLE = 200
AFTERWORD = 280


YEARS = range(1970, 3000)


class Moment(serializers.Field):  # type: ignore[type-arg]
    """An RFC 3339 time with its zone."""

    default_error_messages = {"malformed": _("Give a time with its zone, such as 2026-11-26T17:00:00Z.")}

    def to_internal_value(self, data: Any) -> Any:
        try:
            at = clock.parse(data)
        except (TypeError, ValueError, OverflowError):
            return self.fail("malformed")
        # No calendar that a mail leads to knows the first centuries, nor the last.
        return at if at.year in YEARS else self.fail("malformed")

    def to_representation(self, value: Any) -> str:
        return clock.rfc3339(value)


class ReviewDate(serializers.DateField):
    """A day that is still to come, by the calendar of who names it."""

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if day <= today(self.context.get("reader")):
            raise serializers.ValidationError(_("Enter a review date after today."))
        return day


class OnInput(Input):
    """`on`: the open round, or in tuning and revising the revision, for which the command was made."""

    on = serializers.CharField(max_length=16, required=False, allow_null=True)


class AfterwordInput(Input):
    text = Line(AFTERWORD, label="How it was")


class DraftInput(Input):
    title = Line(TITLE, label=_("Title"))
    driver = Text(CONTRIBUTION, blank=True, required=False, default="", label=_("Driver"))
    body = Text(BODY, label=_("Proposal"))
    review_on = ReviewDate(required=False, allow_null=True, default=None)


class DraftChangeInput(Input):
    title = Line(TITLE, required=False, label=_("Title"))
    driver = Text(CONTRIBUTION, blank=True, required=False, label=_("Driver"))
    body = Text(BODY, required=False, label=_("Proposal"))
    review_on = ReviewDate(required=False, allow_null=True)


class OpenInput(Input):
    facilitator = serializers.CharField(max_length=16, required=False, allow_null=True)
    due_at = Moment(required=False, allow_null=True)


class QuestionInput(Input):
    text = Text(CONTRIBUTION, label=_("Question"))


class AnswerInput(OnInput):
    text = Text(CONTRIBUTION, label=_("Your answer"))


class ClearInput(Input):
    nothing_to_add = serializers.BooleanField(default=False)


class ReactionInput(Input):
    text = Text(CONTRIBUTION, label=_("Reaction"))


class ConsentInput(OnInput):
    sealed = serializers.BooleanField(default=False)
    due_at = Moment(required=False, allow_null=True, default=None)


class ResponseInput(Input):
    kind = serializers.ChoiceField(choices=[str(kind) for kind in Answer])
    text = Text(CONTRIBUTION, blank=True, required=False, allow_null=True, default=None, label=_("Objection"))
    suggestion = Text(CONTRIBUTION, blank=True, required=False, allow_null=True, default=None, label=_("Suggestion"))

    def validate_kind(self, kind: str) -> Answer:
        return Answer(kind)


class RevisionInput(OnInput):
    """A blank answer comes through: the process says which objections are still without one."""

    body = Text(BODY, label=_("Proposal"))
    title = Line(TITLE, required=False, label=_("Title"))
    driver = Text(CONTRIBUTION, blank=True, required=False, label=_("Driver"))
    review_on = ReviewDate(required=False, allow_null=True)
    note = Text(CONTRIBUTION, blank=True, required=False, default="", label=_("Note"))
    answers = serializers.DictField(
        child=Text(CONTRIBUTION, blank=True, allow_null=True, label=_("Your answer")), required=False, default=dict
    )

    def validate_answers(self, answers: dict[str, str | None]) -> dict[str, str]:
        return {objection: text or "" for objection, text in answers.items()}


class RestatementInput(OnInput):
    text = Text(CONTRIBUTION, label=_("Restatement"))


class ConfirmationInput(OnInput):
    heard = serializers.BooleanField(default=True)
    text = Text(CONTRIBUTION, blank=True, required=False, allow_null=True, default=None, label=_("Correction"))


class DueInput(OnInput):
    due_at = Moment()


class WithdrawalInput(OnInput):
    reason = Text(CONTRIBUTION, blank=True, required=False, allow_null=True, default=None, label=_("Reason"))


class RenderInput(Input):
    text = Text(BODY, blank=True, label=_("Text"))


class ToInput(OnInput):
    to = serializers.CharField(max_length=16)


class PauseInput(OnInput):
    minutes = serializers.IntegerField(default=5)


class TimeboxInput(OnInput):
    seconds = serializers.IntegerField()


class LeadOutInput(OnInput):
    participant = serializers.CharField(max_length=16)


class AbsenceInput(OnInput):
    """Whose absence: one's own too."""

    participant = serializers.CharField(max_length=16)


class SecondLookInput(OnInput):
    text = Text(CONTRIBUTION, label="Objection")
    suggestion = Text(CONTRIBUTION, blank=True, required=False, allow_null=True, default=None, label="Suggestion")
