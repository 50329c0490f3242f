"""The shape of what goes out about meetings, for the interface's description; the answers are made elsewhere."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from meetings.process.state import Phase, Stage, Wanted

S = serializers

PHASES = [str(phase) for phase in Phase]
WANTED = [str(wanted) for wanted in Wanted]
STAGES = [str(stage) for stage in Stage]


class MeetingEntryOutput(S.Serializer[Any]):
    seq = S.IntegerField()
    event = S.CharField()
    at = S.DateTimeField()
    by = S.CharField()
    via = S.CharField(allow_null=True)
    data = S.DictField()  # type: ignore[assignment]
    changes = S.DictField()


class MeetingDoneOutput(S.Serializer[Any]):
    """The entries that a command made, in the form in which the socket sends them."""

    meeting = S.CharField()
    seq = S.IntegerField()
    entries = MeetingEntryOutput(many=True)


class MeetingPersonOutput(S.Serializer[Any]):
    name = S.CharField()
    voice = S.BooleanField()
    present = S.BooleanField()
    heard = S.BooleanField()
    awaited = S.BooleanField()
    answer = S.ChoiceField(choices=["agreed", "change"], allow_null=True)
    change = S.CharField(allow_null=True)
    may = S.ListField(child=S.CharField())


class AgendaItemOutput(S.Serializer[Any]):
    proposal = S.CharField()
    number = S.IntegerField(allow_null=True)
    title = S.CharField()
    phase = S.CharField(allow_null=True)
    facilitator = S.CharField(allow_null=True)
    wanted = S.ChoiceField(choices=WANTED)
    minutes = S.IntegerField()
    stage = S.ChoiceField(choices=STAGES)
    began_at = S.DateTimeField(allow_null=True)
    ended_at = S.DateTimeField(allow_null=True)
    ends_at = S.DateTimeField(allow_null=True)


class MeetingOutput(S.Serializer[Any]):
    """A meeting as everybody in its team sees it. `places`: the items' ids in their order."""

    id = S.CharField()
    team = S.CharField()
    team_name = S.CharField()
    title = S.CharField()
    phase = S.ChoiceField(choices=PHASES)
    moment = S.CharField()
    seq = S.IntegerField()
    facilitator = S.CharField()
    starts_at = S.DateTimeField()
    minutes = S.IntegerField()
    place = S.CharField()
    opened_at = S.DateTimeField(allow_null=True)
    agreed_at = S.DateTimeField(allow_null=True)
    ended_at = S.DateTimeField(allow_null=True)
    version = S.IntegerField()
    mailed = S.BooleanField()
    order = S.ListField(child=S.CharField())
    speaker = S.CharField(allow_null=True)
    turn_since = S.DateTimeField(allow_null=True)
    current = S.CharField(allow_null=True)
    places = S.ListField(child=S.CharField())
    agenda = S.DictField(child=AgendaItemOutput())
    people = S.DictField(child=MeetingPersonOutput())


class MailedOutput(S.Serializer[Any]):
    """To how many, and what becomes of mail here: `waiting` to be sent, `printed` on the console, `none`."""

    people = S.IntegerField()
    mail = S.CharField()


class ListedMeetingOutput(S.Serializer[Any]):
    id = S.CharField()
    team = S.CharField()
    team_name = S.CharField()
    title = S.CharField()
    phase = S.ChoiceField(choices=PHASES)
    starts_at = S.DateTimeField()
    minutes = S.IntegerField()
    place = S.CharField()
    facilitator = S.CharField()
    facilitator_name = S.CharField()
    items = S.IntegerField()
    present = S.IntegerField()
    opened_at = S.DateTimeField(allow_null=True)
    ended_at = S.DateTimeField(allow_null=True)


class MeetingListOutput(S.Serializer[Any]):
    next = S.URLField(allow_null=True)
    previous = S.URLField(allow_null=True)
    results = ListedMeetingOutput(many=True)


class ClosedRoundOutput(S.Serializer[Any]):
    kind = S.CharField()
    revision = S.IntegerField()
    outcome = S.CharField()


class NewRevisionOutput(S.Serializer[Any]):
    number = S.IntegerField()
    note = S.CharField()


class AgreementOutput(S.Serializer[Any]):
    title = S.CharField()
    driver_html = S.CharField()
    html = S.CharField()
    body = S.CharField()
    review_on = S.DateField(allow_null=True)
    at = S.DateTimeField()


class GoesOnOutput(S.Serializer[Any]):
    kind = S.CharField()
    due_at = S.DateTimeField()


class OutcomeOutput(S.Serializer[Any]):
    phase_before = S.CharField()
    phase = S.CharField()
    revision = S.IntegerField()
    rounds = ClosedRoundOutput(many=True)
    objections = S.IntegerField()
    sent_back = S.IntegerField()
    revisions = NewRevisionOutput(many=True)
    adopted = AgreementOutput(allow_null=True)
    goes_on = GoesOnOutput(allow_null=True)


class MinutesItemOutput(S.Serializer[Any]):
    id = S.CharField()
    proposal = S.CharField()
    number = S.IntegerField(allow_null=True)
    title = S.CharField()
    wanted = S.ChoiceField(choices=WANTED)
    minutes = S.IntegerField()
    stage = S.ChoiceField(choices=STAGES)
    began_at = S.DateTimeField(allow_null=True)
    ended_at = S.DateTimeField(allow_null=True)
    outcome = OutcomeOutput(allow_null=True)


class AgendaConsentOutput(S.Serializer[Any]):
    version = S.IntegerField()
    agreed_at = S.DateTimeField(allow_null=True)
    changes_asked = S.IntegerField()


class MinutesOutput(S.Serializer[Any]):
    id = S.CharField()
    team = S.CharField()
    team_name = S.CharField()
    title = S.CharField()
    phase = S.ChoiceField(choices=PHASES)
    place = S.CharField()
    starts_at = S.DateTimeField()
    opened_at = S.DateTimeField(allow_null=True)
    ended_at = S.DateTimeField(allow_null=True)
    facilitators = S.ListField(child=S.CharField())
    present = S.ListField(child=S.CharField())
    agenda = AgendaConsentOutput()
    items = MinutesItemOutput(many=True)
