"""The outbox as rows: one for each mail to each person."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from conventions import clock
from conventions.ids import LENGTH, IdField


class State(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"  # a mail server has taken it
    PRINTED = "printed"  # on the console of a Rondo that has no mail server
    DEAD = "dead"  # given up: what is left to do is for the operator


HANDED_OVER = (State.SENT, State.PRINTED)


class Mail(models.Model):
    """What one person is told of one event. Its contents go as soon as somebody else has them."""

    id = IdField()
    event = models.CharField(max_length=200)
    address = models.CharField(max_length=254)
    message_id = models.CharField(max_length=300)
    thread_id = models.CharField(max_length=300, blank=True)
    unsubscribe = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    subject = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    attachments: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=clock.now)
    last_error = models.CharField(max_length=500, blank=True)
    leased_by = models.CharField(max_length=LENGTH, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    CONTENTS: ClassVar[dict[str, Any]] = {"subject": "", "text": "", "html": "", "unsubscribe": "", "attachments": []}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "address"], name="one_mail_of_an_event_for_an_address"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="mail_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=HANDED_OVER) | Q(text="", html="", sent_at__isnull=False),
                name="mail_handed_over_is_not_kept",
            ),
        ]
        indexes = [
            models.Index(fields=["attempts", "next_try"], condition=Q(state="waiting"), name="mail_waiting"),
            models.Index(fields=["made_at"], name="mail_by_age"),
        ]

    def __str__(self) -> str:
        return f"mail {self.id} of {self.event}, {self.state}"
