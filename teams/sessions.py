"""Sessions that end when nobody has used them for a while, and in any case after a longer one.

The row says until when, for pages and sockets alike, and is written at most once an hour; the cookie lasts as long as a
session ever may, and proves nothing by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from conventions.prepared import Crowd, Prepared
from conventions.transactions import writing

UNUSED = timedelta(days=14)
LONGEST = timedelta(days=90)
RENEWED = timedelta(hours=1)
BEGAN = "began"


def _sessions(keys: Crowd) -> QuerySet[Session]:
    return Session.objects.filter(session_key__in=keys)


SESSIONS: Prepared[Session] = Prepared(_sessions)


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()
        if row is None:
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        # One from before this module has not said when it began, and ends when it was told to.
        if SESSION_KEY in data and BEGAN in data:
            _renew(row, _until(data))
        return data

    def _get_session_from_db(self) -> Session | None:
        row = SESSIONS.first([self.session_key or ""])
        if row is not None and row.expire_date > timezone.now():
            return row
        self._session_key = None
        return None

    def save(self, must_create: bool = False) -> None:
        if SESSION_KEY in self and BEGAN not in self:
            self[BEGAN] = int(timezone.now().timestamp())
        super().save(must_create)

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Until when the row is good."""
        return _until(self._session)  # type: ignore[attr-defined]

    def get_expiry_age(self, **kwargs: Any) -> int:
        """For how many seconds the browser keeps the cookie."""
        end = _end(self._session)  # type: ignore[attr-defined]
        return max(0, int((end - timezone.now()).total_seconds()))


def _end(data: dict[str, Any]) -> datetime:
    began = data.get(BEGAN)
    return (timezone.now() if began is None else datetime.fromtimestamp(began, UTC)) + LONGEST


def _until(data: dict[str, Any]) -> datetime:
    return min(timezone.now() + UNUSED, _end(data))


def _renew(row: Session, until: datetime) -> None:
    """Nothing but the time: what another request of the same browser keeps in the session meanwhile stays."""
    if until - row.expire_date >= RENEWED:
        with writing():
            Session.objects.filter(pk=row.pk, expire_date__lt=until).update(expire_date=until)
