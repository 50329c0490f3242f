"""Which life of the database this is: a restored one begins a new epoch, and whoever knew the old one looks anew."""

from __future__ import annotations

from datetime import datetime

from conventions.clock import rfc3339
from conventions.models import Restoration

FIRST = "first"


def current() -> str:
    """The name of the epoch: another one after each restoration."""
    last = _last()
    return last.epoch if last else FIRST


def begin(ends_at: datetime | None) -> str:
    """The database was restored; `ends_at` is when the last entry in it was made. Returns the new epoch's name."""
    return Restoration.objects.create(ends_at=ends_at).epoch


def last_restored() -> dict[str, str | None] | None:
    """When this database was last put back, and the time of the last entry that came back; None where it never was."""
    last = _last()
    return {"at": rfc3339(last.at), "ends_at": rfc3339(last.ends_at) if last.ends_at else None} if last else None


def _last() -> Restoration | None:
    return Restoration.objects.order_by("-number").first()
