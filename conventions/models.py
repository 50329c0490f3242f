"""Answers kept so that a command sent twice is done once."""

from django.db import models

from conventions import clock
from conventions.ids import LENGTH, new_id


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


class Restoration(models.Model):
    """The database was put back to an earlier state. What people recorded after `ends_at`, the time of the last entry
    that came back, is gone."""

    number = models.BigAutoField(primary_key=True)
    epoch = models.CharField(max_length=LENGTH, default=new_id, unique=True)
    at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"restored {self.at:%Y-%m-%d %H:%M}"
