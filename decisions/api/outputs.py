"""What goes out, described for the OpenAPI document. The bytes themselves are made by `decisions.read`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

S = serializers


class EntryOutput(S.Serializer[Any]):
    """One entry of the journal as everybody is told it."""

    seq = S.IntegerField()
    event = S.CharField()
    at = S.DateTimeField()
    by = S.CharField(allow_null=True)
    via = S.CharField(allow_null=True)
    data = S.DictField()  # type: ignore[assignment]
    hash = S.CharField()


class ChangingEntryOutput(EntryOutput):
    """… with the JSON Merge Patch that it makes on the snapshot."""

    changes = S.DictField()


class DoneOutput(S.Serializer[Any]):
    """The journal entries that a command made; none where it said the same again."""

    proposal = S.CharField()
    seq = S.IntegerField()
    receipt = S.CharField(allow_null=True)
    entries = ChangingEntryOutput(many=True)


class NewScreenOutput(DoneOutput):
    """… and the link, told this once."""

    token = S.CharField()
    url = S.URLField()


class JournalOutput(S.Serializer[Any]):
    results = EntryOutput(many=True)


class GivenOutput(S.Serializer[Any]):
    """An entry that the reader made, with its receipt."""

    seq = S.IntegerField()
    event = S.CharField()
    at = S.DateTimeField()
    receipt = S.CharField()


class ReceiptsOutput(S.Serializer[Any]):
    results = GivenOutput(many=True)


class AfterwordOutput(S.Serializer[Any]):
    """What somebody who took part said of a decision after its end."""

    by = S.CharField()
    name = S.CharField()
    text = S.CharField()
    at = S.DateTimeField()


class AfterwordsOutput(S.Serializer[Any]):
    results = AfterwordOutput(many=True)


class RestoredOutput(S.Serializer[Any]):
    """The server went back to an earlier state: what was recorded after `ends_at` is gone."""

    at = S.DateTimeField()
    ends_at = S.DateTimeField(allow_null=True)


class ReceiptCheckOutput(S.Serializer[Any]):
    """Whether the entry that a receipt names stands as it was; event and what follows are null where there is none."""

    stands = S.BooleanField()
    proposal = S.CharField()
    number = S.IntegerField()
    team_name = S.CharField()
    title = S.CharField()
    seq = S.IntegerField()
    event = S.CharField(allow_null=True)
    at = S.DateTimeField(allow_null=True)
    by = S.CharField(allow_null=True)
    by_name = S.CharField(allow_null=True)
    restored = RestoredOutput(allow_null=True, help_text="Told where the entry does not stand, as what may be why.")


class ParticipantOutput(S.Serializer[Any]):
    name = S.CharField()
    absent = S.BooleanField()
    left = S.BooleanField()
    suspended = S.BooleanField()
    markable = S.BooleanField()
    heard = S.BooleanField()
    awaited = S.BooleanField()
    waiting = S.BooleanField()
    may = S.ListField(child=S.CharField())


class ObserverOutput(S.Serializer[Any]):
    name = S.CharField()
    waiting = S.BooleanField()
    may = S.ListField(child=S.CharField())


class OpenRoundOutput(S.Serializer[Any]):
    id = S.CharField()
    kind = S.ChoiceField(choices=["clarifying", "reaction", "consent"])
    revision = S.IntegerField()
    sealed = S.BooleanField()
    opened_at = S.DateTimeField()
    due_at = S.DateTimeField()
    due_passed = S.BooleanField()
    complete = S.BooleanField()


class RoundOutput(S.Serializer[Any]):
    kind = S.ChoiceField(choices=["clarifying", "reaction", "consent"])
    revision = S.IntegerField()
    sealed = S.BooleanField()
    opened_at = S.DateTimeField()
    closed_at = S.DateTimeField(allow_null=True)
    outcome = S.ChoiceField(choices=["heard", "adopted", "returned", "withdrawn"], allow_null=True)


class RevisionOutput(S.Serializer[Any]):
    title = S.CharField()
    driver = S.CharField()
    driver_html = S.CharField()
    body = S.CharField()
    html = S.CharField()
    review_on = S.DateField(allow_null=True)
    note = S.CharField()
    by = S.CharField()
    at = S.DateTimeField()
    answers = S.DictField(child=S.CharField())


class QuestionOutput(S.Serializer[Any]):
    round = S.CharField()
    by = S.CharField()
    text = S.CharField()
    at = S.DateTimeField()
    answer = S.CharField(allow_null=True)
    answered_at = S.DateTimeField(allow_null=True)


class ReactionOutput(S.Serializer[Any]):
    round = S.CharField()
    by = S.CharField()
    text = S.CharField(allow_null=True)
    at = S.DateTimeField()


class ResponseOutput(S.Serializer[Any]):
    """In a sealed open round those of others have neither kind nor text."""

    round = S.CharField()
    by = S.CharField()
    at = S.DateTimeField()
    seq = S.IntegerField()
    kind = S.ChoiceField(choices=["consent", "concern", "objection"], required=False)
    text = S.CharField(allow_null=True, required=False)
    suggestion = S.CharField(allow_null=True, required=False)


class ObjectionOutput(S.Serializer[Any]):
    response = S.CharField(allow_null=True)
    by = S.CharField()
    revision = S.IntegerField()
    reason = S.CharField()
    suggestion = S.CharField(allow_null=True)
    at = S.DateTimeField()
    status = S.ChoiceField(choices=["standing", "withdrawn", "answered", "resolved"])
    restatement = S.CharField(allow_null=True)
    confirmed = S.BooleanField(allow_null=True)
    correction = S.CharField(allow_null=True)
    answer = S.CharField(allow_null=True)
    answered_in = S.IntegerField(allow_null=True)


class PolicyOutput(S.Serializer[Any]):
    sealed = S.ChoiceField(choices=["in_room", "always", "never"])
    quorum_percent = S.IntegerField()
    due_days = S.IntegerField()
    objector_grace_days = S.IntegerField()
    second_look_days = S.IntegerField()


class RoomOutput(S.Serializer[Any]):
    """A live session: who is present, in which order they speak, whose turn it is."""

    opened_at = S.DateTimeField()
    present = S.ListField(child=S.CharField())
    order = S.ListField(child=S.CharField())
    speaker = S.CharField(allow_null=True)
    turn_since = S.DateTimeField(allow_null=True)
    paused = S.BooleanField()
    paused_until = S.DateTimeField(allow_null=True)
    paused_by = S.CharField(allow_null=True)
    pauses = S.IntegerField()
    time_out = S.CharField(allow_null=True)
    timebox = S.IntegerField(allow_null=True)
    timebox_ends_at = S.DateTimeField(allow_null=True)


class ScreenOutput(S.Serializer[Any]):
    """A link that shows the decision on a screen; `until`: when its day is over."""

    by = S.CharField()
    at = S.DateTimeField()
    until = S.DateTimeField()


PHASES = ["draft", "clarifying", "reaction", "tuning", "consent", "revising", "adopted", "withdrawn"]


class SecondLookOutput(S.Serializer[Any]):
    """Until when, and by whom, an agreement that was made in their absence can still be objected to."""

    until = S.DateTimeField()
    people = S.ListField(child=S.CharField())


class SnapshotOutput(S.Serializer[Any]):
    """A proposal as its reader may see it. Collections are objects keyed by id; null and missing mean the same."""

    id = S.CharField()
    number = S.IntegerField(allow_null=True)
    team = S.CharField()
    team_name = S.CharField()
    title = S.CharField()
    driver = S.CharField()
    phase = S.ChoiceField(choices=PHASES)
    seq = S.IntegerField()
    author = S.CharField()
    facilitator = S.CharField(allow_null=True)
    revision = S.IntegerField()
    opened_at = S.DateTimeField(allow_null=True)
    adopted_at = S.DateTimeField(allow_null=True)
    withdrawn_at = S.DateTimeField(allow_null=True)
    withdrawn_reason = S.CharField(allow_null=True)
    review_on = S.DateField(allow_null=True)
    policy = PolicyOutput()
    participants = S.DictField(child=ParticipantOutput())
    observers = S.DictField(child=ObserverOutput())
    round = OpenRoundOutput(allow_null=True)
    rounds = S.DictField(child=RoundOutput())
    room = RoomOutput(allow_null=True)
    chair_offered = S.CharField(allow_null=True)
    author_offered = S.CharField(allow_null=True)
    overdue = S.BooleanField()
    second_look = SecondLookOutput(allow_null=True)
    revisions = S.DictField(child=RevisionOutput())
    questions = S.DictField(child=QuestionOutput())
    reactions = S.DictField(child=ReactionOutput())
    responses = S.DictField(child=ResponseOutput())
    objections = S.DictField(child=ObjectionOutput())
    screens = S.DictField(child=ScreenOutput())


class ShownOutput(S.Serializer[Any]):
    """What a link to a screen shows: the shared picture, and the way in for those who see it."""

    until = S.DateTimeField()
    join = S.URLField()
    way_in = S.CharField()
    proposal = SnapshotOutput()


class ListedRoundOutput(S.Serializer[Any]):
    id = S.CharField()
    kind = S.ChoiceField(choices=["clarifying", "reaction", "consent"])
    sealed = S.BooleanField()
    due_at = S.DateTimeField()


class ListedRoomOutput(S.Serializer[Any]):
    """A room is open on it, and so many are in it."""

    present = S.IntegerField()


class ListedOutput(S.Serializer[Any]):
    """A proposal in a list."""

    id = S.CharField()
    number = S.IntegerField(allow_null=True)
    team = S.CharField()
    team_name = S.CharField()
    title = S.CharField()
    phase = S.ChoiceField(choices=PHASES)
    revision = S.IntegerField()
    author = S.CharField()
    author_name = S.CharField()
    facilitator = S.CharField(allow_null=True)
    facilitator_name = S.CharField(allow_null=True)
    opened_at = S.DateTimeField(allow_null=True)
    adopted_at = S.DateTimeField(allow_null=True)
    withdrawn_at = S.DateTimeField(allow_null=True)
    updated_at = S.DateTimeField()
    review_on = S.DateField(allow_null=True)
    round = ListedRoundOutput(allow_null=True)
    room = ListedRoomOutput(allow_null=True)
    waiting_for = S.ListField(child=S.CharField())
    waiting_names = S.ListField(child=S.CharField())
    waiting_for_me = S.BooleanField()
    asked = S.CharField(allow_null=True, help_text="The command that it waits for from me, by its name in `may`.")


class ListOutput(S.Serializer[Any]):
    next = S.URLField(allow_null=True)
    previous = S.URLField(allow_null=True)
    results = ListedOutput(many=True)


class VoiceOutput(S.Serializer[Any]):
    """One round: who was heard, and, without names, how long turns took in seconds, the shortest first."""

    round = S.CharField()
    kind = S.ChoiceField(choices=["clarifying", "reaction", "consent"])
    revision = S.IntegerField()
    sealed = S.BooleanField()
    closed = S.BooleanField()
    by_turns = S.BooleanField()
    turns = S.ListField(child=S.IntegerField())
    over = S.IntegerField()
    timebox = S.IntegerField(allow_null=True)
    heard_in_room = S.ListField(child=S.CharField())
    heard_elsewhere = S.ListField(child=S.CharField())


class VoicesOutput(S.Serializer[Any]):
    results = VoiceOutput(many=True)


class RenderedOutput(S.Serializer[Any]):
    html = S.CharField()
