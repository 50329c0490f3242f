"""One mail after the other from the outbox to the mail server, each at least once, by any number of processes.

A mail is leased, sent, and settled by whoever holds the lease. Who dies in between leaves the lease to run out; then
another takes it, with the same Message-ID. A mail goes out twice only so, or when the mail server takes it and is gone
before it says that it did.
"""

from __future__ import annotations

import logging
import random
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q, QuerySet

from conventions import clock
from conventions.transactions import writing
from notices.message import message
from notices.models import HANDED_OVER, Mail, State
from notices.outbox import Way, way

LEASE = timedelta(minutes=5)  # longer than a mail server can keep us: each of its dozen answers may take ten seconds
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)
MOST_ATTEMPTS = 20  # over about two and a half days
KEPT_FOR = timedelta(days=30)

log = logging.getLogger("rondo.mail")


class Unreachable(Exception):
    """The mail server is not there: nothing is amiss with the mail."""


def deliver(worker: str, going_on: Callable[[], bool] = lambda: True) -> int:
    """Sends all that is due now. Returns how many mails were handed over."""
    sent = 0
    if way() is Way.OFF or not _due().exists():
        return sent
    with _post() as post:
        while going_on() and (mail := claim(worker)):
            try:
                post(mail)
            except Unreachable as fault:
                put_off(mail, fault)
                break  # the others need not wait for the same answer one after another
            except Exception as fault:
                put_off(mail, fault)
            else:
                sent += hand_over(mail)
    return sent


def claim(worker: str) -> Mail | None:
    """The next mail that is due, for this worker alone while the lease lasts. New ones come before repeated ones."""
    with writing():
        mails = _due().select_for_update(skip_locked=True).order_by("attempts", "next_try")
        while (mail := mails.first()) and mail.attempts >= MOST_ATTEMPTS:
            put_off(mail, ChildProcessError("each worker ended over it"))
        if mail is not None:
            mail.attempts += 1
            mail.leased_by, mail.leased_until = worker, clock.now() + LEASE
            mail.save(update_fields=["attempts", "leased_by", "leased_until"])
        return mail


def _due() -> QuerySet[Mail]:
    now = clock.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return Mail.objects.filter(free, state=State.WAITING, next_try__lte=now)


Post = Callable[[Mail], None]


@contextmanager
def _post() -> Iterator[Post]:
    """A connection to the mail server, made when it is first needed and made anew after a fault."""
    plain = way() is Way.PRINTED
    connection: BaseEmailBackend | None = None

    def post(mail: Mail) -> None:
        nonlocal connection
        made = message(mail, plain=plain)
        if connection is None:
            connection = _connected()
        try:
            if connection.send_messages([made]) != 1:
                raise ValueError("it names nobody to send it to")
        except BaseException:
            _leave(connection)
            connection = None
            raise

    try:
        yield post
    finally:
        if connection is not None:
            _leave(connection)


def _connected() -> BaseEmailBackend:
    connection: BaseEmailBackend = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable(said(fault)) from fault
    return connection


def _leave(connection: BaseEmailBackend) -> None:
    with suppress(Exception):  # what was to be sent is sent, or will be by another connection
        connection.close()


def hand_over(mail: Mail) -> bool:
    """Another has it: its contents are kept here no longer. False where the lease was somebody else's meanwhile."""
    state = State.PRINTED if way() is Way.PRINTED else State.SENT
    return _settle(mail, state=state, sent_at=clock.now(), last_error="", **Mail.CONTENTS)


def put_off(mail: Mail, fault: Exception) -> None:
    """Tries again later, each time after a longer pause; gives up where that cannot help."""
    if is_final(fault) or mail.attempts >= MOST_ATTEMPTS:
        log.error("mail %s is given up after %d attempts: %s", mail.pk, mail.attempts, kind(fault))
        _settle(mail, state=State.DEAD, last_error=said(fault))
    else:
        log.warning("mail %s could not be sent (attempt %d): %s", mail.pk, mail.attempts, kind(fault))
        _settle(mail, next_try=clock.now() + pause(mail.attempts), last_error=said(fault))


def _settle(mail: Mail, **changes: object) -> bool:
    mine = Mail.objects.filter(pk=mail.pk, leased_by=mail.leased_by, attempts=mail.attempts, state=State.WAITING)
    with writing():
        return mine.update(leased_by="", leased_until=None, **changes) == 1


def pause(attempts: int) -> timedelta:
    """Doubled each time, and never the same for all that failed together."""
    usual: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return usual * random.uniform(0.8, 1.2)  # noqa: S311 - nobody gains by guessing it


def is_final(fault: Exception) -> bool:
    """The server says for good that it does not take this mail, or it cannot be put into a mail's form at all."""
    match fault:
        case smtplib.SMTPRecipientsRefused():
            return all(code >= 500 for code, _ in fault.recipients.values())
        case smtplib.SMTPDataError():
            return fault.smtp_code >= 500
        case ValueError():  # a header that cannot be one, a text that cannot be encoded
            return True
    return False


def kind(fault: Exception) -> str:
    """For the log, which says outcomes and nothing of what somebody wrote."""
    code = getattr(fault, "smtp_code", "")
    return f"{type(fault).__name__} {code}".strip()


def said(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:500]


def clear_old() -> int:
    """How many mails, a month old and settled, are now gone."""
    old = Q(state__in=[*HANDED_OVER, State.DEAD], made_at__lte=clock.now() - KEPT_FOR)
    with writing():
        gone, _ = Mail.objects.filter(old).delete()
    return gone
