"""Answers kept so that a command sent twice is done once."""

from django.db import models

from conventions import clock
from conventions.ids import LENGTH


class KeptAnswer(models.Model):
    """The first answer to a request that named a key."""

    account = models.CharField(max_length=LENGTH)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()
    made_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_answer_for_a_key")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
