"""A decision as rows: the present in tables, the story in the journal. Constraints, no behaviour.

Field names are those of `decisions.process.state`, so that `store` can put one in the place of the other.
The journal's tables are append-only by the database's own rules (`decisions.append_only`).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from conventions import clock
from conventions.ids import LENGTH, IdField

from .process.state import Answer, Kind, Outcome, Phase, Status


def _choices(names: Any) -> list[tuple[str, str]]:
    return [(str(name), str(name)) for name in names]


def _known(field: str, names: Any) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [str(n) for n in names]}), name=f"%(class)s_{field}_is_known"
    )


def _account(**options: Any) -> models.ForeignKey[Any, Any]:
    # What somebody said in a decision outlives their account's row only if that row cannot go.
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


def _id_of(**options: Any) -> models.CharField[Any, Any]:
    return models.CharField(max_length=LENGTH, **options)


class Proposal(models.Model):
    """One proposal as it is now. `seq` and `head`: number and hash of the last journal entry. `title` is the
    current revision's, kept here for the lists; `clock_at`: when the last thing happened; `wakes_at`: when the clock
    has something to do here; `asks_facilitator`: what the process waits for from one who has no voice in it."""

    id = IdField()
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField(null=True)
    phase = models.CharField(max_length=12, choices=_choices(Phase), default=Phase.DRAFT)
    title = models.CharField(max_length=200)
    author = _account()
    facilitator = _account(null=True)
    policy = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)
    opened_at = models.DateTimeField(null=True)
    adopted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(null=True)
    room = models.JSONField(null=True)
    chair_offered = _id_of(null=True)
    author_offered = _id_of(null=True)
    since = models.DateTimeField(null=True)
    clock_at = models.DateTimeField(null=True)
    wakes_at = models.DateTimeField(null=True)
    asks_facilitator = models.CharField(max_length=20, default="", blank=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            _known("phase", Phase),
            models.UniqueConstraint(fields=["team", "number"], name="one_number_each_in_a_team"),
            models.CheckConstraint(
                condition=Q(phase=Phase.DRAFT, seq=0, number=None) | (~Q(phase=Phase.DRAFT) & Q(seq__gt=0)),
                name="only_a_draft_has_no_journal",
            ),
            models.CheckConstraint(
                condition=~Q(phase=Phase.ADOPTED) | Q(adopted_at__isnull=False), name="adopted_at_some_time"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "phase", "-updated_at", "-id"], name="proposals_of_a_team"),
            models.Index(fields=["team", "-updated_at", "-id"], name="what_changed_last_in_a_team"),
            models.Index(
                fields=["facilitator"], condition=~Q(asks_facilitator=""), name="what_waits_for_a_facilitator"
            ),
            models.Index(fields=["wakes_at"], condition=Q(wakes_at__isnull=False), name="what_the_clock_waits_for"),
        ]


class KeptView(models.Model):
    """Somebody was removed from the team while this decision was open, and may see it until it ends. Whether they may
    now is for `access` to say; this tells the lists where to look."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "proposal"], name="one_kept_view_each")]


class Revision(models.Model):
    """One numbered text; never changed once its proposal is open."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    driver = models.TextField(blank=True)
    body = models.TextField()
    review_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    by = _account()
    at = models.DateTimeField()
    answers = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="one_text_for_a_revision")]


class Participant(models.Model):
    """A voice in one decision. `waiting`: the process waits for this person now; `asked`: for which command of
    theirs. Both are kept for the lists."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="participants")
    account = _account()
    since = models.DateTimeField()
    left = models.BooleanField(default=False)
    absent = models.BooleanField(default=False)
    suspended = models.BooleanField(default=False)
    again = models.DateTimeField(null=True)
    waiting = models.BooleanField(default=False)
    asked = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "account"], name="one_voice_each")]
        indexes = [models.Index(fields=["account"], condition=Q(waiting=True), name="what_waits_for_somebody")]


class Round(models.Model):
    """One pass through all participants. `electorate`, `absent`: account ids; `cleared`: account id → *nothing
    to add*."""

    id = IdField()
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="rounds")
    kind = models.CharField(max_length=10, choices=_choices(Kind))
    revision = models.PositiveIntegerField()
    sealed = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    electorate = models.JSONField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, null=True, choices=_choices(Outcome))
    cleared = models.JSONField(default=dict)
    absent = models.JSONField(default=list)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _known("kind", Kind),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(closed_at=None), name="one_open_round_in_a_proposal"
            ),
            models.UniqueConstraint(fields=["proposal", "revision", "kind"], name="each_round_once_for_a_revision"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome=None) | Q(closed_at__isnull=False, outcome__isnull=False),
                name="a_closed_round_has_an_outcome",
            ),
        ]


class Question(models.Model):
    id = IdField()
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="questions")
    by = _account()
    text = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(null=True)
    answered_at = models.DateTimeField(null=True)


class Reaction(models.Model):
    """A quick reaction; `text` is null for a pass."""

    id = IdField()
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reactions")
    by = _account()
    text = models.TextField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "by"], name="one_reaction_each")]


class Response(models.Model):
    """One person's answer in one consent round, sealed or not."""

    id = IdField()
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="responses")
    by = _account()
    kind = models.CharField(max_length=10, choices=_choices(Answer))
    text = models.TextField(null=True)
    suggestion = models.TextField(null=True)
    at = models.DateTimeField()
    seq = models.PositiveIntegerField()

    class Meta:
        constraints = [
            _known("kind", Answer),
            models.UniqueConstraint(fields=["round", "by"], name="one_response_each"),
            models.CheckConstraint(
                condition=Q(kind=Answer.CONSENT, text=None)
                | (~Q(kind=Answer.CONSENT) & Q(text__isnull=False) & ~Q(text="")),
                name="an_objection_and_a_concern_have_words",
            ),
        ]


class Objection(models.Model):
    """A reasoned no. `response`: the id of the response that holds it, which may have been taken back since."""

    id = IdField()
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="objections")
    response = _id_of(null=True)
    by = _account()
    revision = models.PositiveIntegerField()
    reason = models.TextField()
    suggestion = models.TextField(null=True)
    at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=_choices(Status), default=Status.STANDING)
    restatement = models.TextField(null=True)
    confirmed = models.BooleanField(null=True)
    correction = models.TextField(null=True)
    answer = models.TextField(null=True)
    answered_in = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            _known("status", Status),
            models.CheckConstraint(condition=~Q(reason=""), name="an_objection_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(status=Status.ANSWERED) | Q(answer__isnull=False),
                name="an_answered_objection_has_it",
            ),
            models.UniqueConstraint(
                fields=["proposal", "by", "revision"],
                condition=Q(status=Status.STANDING),
                name="one_standing_objection_each",
            ),
        ]


class Screen(models.Model):
    """A link that shows the decision to whoever holds it. Of its token only the hash is kept."""

    id = IdField()
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="screens")
    by = _account()
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()


class JournalEntry(models.Model):
    """One thing that happened, for ever. `data` is canonical JSON with commitments in the place of personal texts;
    `hash` covers it and the entry before (docs/journal.md). `played`: of a team that was made for trying Rondo out."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="journal")
    seq = models.PositiveIntegerField()
    event = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = _account(null=True)
    via = models.CharField(max_length=20, null=True)
    data = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    played = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "seq"], name="one_entry_for_a_number"),
            models.CheckConstraint(condition=Q(seq__gt=0), name="entries_count_from_one"),
        ]


class JournalText(models.Model):
    """What somebody wrote, beside the chain. Only this can be erased; the commitment in the chain stays."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="texts")
    path = models.CharField(max_length=120)
    salt = models.CharField(max_length=32, null=True)
    text = models.TextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "path"], name="one_text_for_a_commitment")]


class Checkpoint(models.Model):
    """When the stewards of a team may be mailed next where its journals stand, and the hash of what they were mailed
    last, empty before the first time."""

    team = models.OneToOneField("teams.Team", on_delete=models.CASCADE, primary_key=True, related_name="+")
    due_at = models.DateTimeField()
    digest = models.CharField(max_length=64, default="", blank=True)


class Afterword(models.Model):
    """How a decision was for somebody who took part, said when it had ended. Not a part of it: in no journal, in no
    record, and its giver's to change or take back for good."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="afterwords")
    account = _account()
    text = models.CharField(max_length=280)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "account"], name="one_afterword_each")]


class ToldEntry(models.Model):
    """An entry as everybody was told it: JSON text, and the merge patch it makes on the shared picture.

    Derived: it can be made again from the journal and its texts.
    """

    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, primary_key=True, related_name="told")
    told = models.TextField()
    changes = models.TextField()
