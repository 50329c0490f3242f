"""The one way to tell somebody something by mail: into the outbox, in the transaction of what it tells of.

From there the postman takes it, after the commit and in whichever process is free; what is rolled back was never told.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Subquery
from django.db.models.expressions import Combinable
from django.utils.encoding import punycode

from conventions import clock
from conventions.fields import CONTROLS, SPACES
from notices.models import Mail, State

LONGEST_SUBJECT = 200
OVERRIDES = re.compile(r"[\u202a-\u202e]")  # these turn round the direction of all that follows

NOWHERE = ".invalid"  # no such host will ever be (RFC 2606): who only tries Rondo out has an address there

log = logging.getLogger("rondo.mail")

bell = threading.Event()
"""Rung after a commit that left mail: the postman of this process need not wait for its next look."""


class Way(StrEnum):
    """What becomes of mail in this installation."""

    SENT = "sent"
    PRINTED = "printed"  # nobody gets it; it is on the console of a Rondo that somebody runs for themselves
    OFF = "off"


class Fate(StrEnum):
    """What has become of a mail, for whoever caused it."""

    NONE = "none"
    WAITING = "waiting"
    SENT = "sent"
    PRINTED = "printed"
    FAILED = "failed"


@dataclass(frozen=True)
class Attachment:
    """A file beside the text. `type` may carry parameters: `text/calendar; method=REQUEST`."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One mail to one address; `notices.composing.letter` makes one with all its parts.

    `html` says the same as `text`. `unsubscribe` is an address (https) that takes a POST and ends such mails; leave it
    empty where there is nothing to end.
    """

    address: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = field(default=(), kw_only=True)
    unsubscribe: str = field(default="", kw_only=True)


def queue(event: str, letters: Iterable[Letter], *, thread: str = "") -> None:
    """Leaves a letter for each address, to be sent as soon as the transaction around this call has been committed.

    - `event` names what is told, for ever and in up to 200 characters: `policy:<id>`. It makes the Message-ID, so the
      same event reaches one address once: whoever queues it again adds nothing.
    - `letters` may be in any number; each is sent, tried again and given up by itself.
    - `thread` names what the mail belongs to (`proposal:<id>`): mails of one thread stand together in a mailbox.

    Nothing that people wrote makes this fail: a subject is put on one line and cut, and an address that no server takes
    becomes a dead letter. Outside a transaction it is a RuntimeError. Where no mail is set up nothing is kept, and the
    log says who was not told of what; `way()` says so beforehand.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A mail is queued in the transaction of what it tells of.")
    if way() is Way.OFF:
        log.warning("no mail is set up here, so nobody was told of %s", event)
        return
    sent = [_row(event, one, thread) for one in letters if not one.address.lower().endswith(NOWHERE)]
    Mail.objects.bulk_create(sent, ignore_conflicts=True)
    transaction.on_commit(bell.set)


def way() -> Way:
    return Way(settings.RONDO_MAIL)


def fate_of_new() -> Fate:
    """Of a mail that is queued now."""
    return {Way.SENT: Fate.WAITING, Way.PRINTED: Fate.PRINTED, Way.OFF: Fate.NONE}[way()]


def fate(state: str | None) -> Fate:
    """Of a mail in this state; None where there never was one, or none any more."""
    match state:
        case State.SENT:
            return Fate.SENT
        case State.PRINTED:
            return Fate.PRINTED
        case State.DEAD:
            return Fate.FAILED
        case State.WAITING:
            return fate_of_new()
        case _:
            return Fate.NONE


def state_of(event: Combinable | str) -> Subquery:
    """For a query over events that one address each is told of; `fate` says what it means."""
    return Subquery(Mail.objects.filter(event=event).values("state")[:1])


def _row(event: str, letter: Letter, thread: str) -> Mail:
    return Mail(
        event=event,
        address=letter.address,
        message_id=_name_in_mail(f"{event}\n{letter.address}"),
        thread_id=_name_in_mail(thread) if thread else "",
        unsubscribe=letter.unsubscribe,
        subject=one_line(letter.subject),
        text=letter.text,
        html=letter.html,
        attachments=[_kept(one) for one in letter.attachments],
        next_try=clock.now(),
    )


def _name_in_mail(what: str) -> str:
    """As Message-ID and References name things: the same for the same, wherever and however often it is made."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(what.encode()).hexdigest()[:32]}@{punycode(domain)}>"


def _kept(attachment: Attachment) -> dict[str, str]:
    content = b64encode(attachment.content).decode()
    return {"name": one_line(attachment.name), "type": one_line(attachment.type), "content": content}


def one_line(text: str) -> str:
    """Fit for a header: no line ends, nothing that cannot be seen or turns the reading round, not without end."""
    line = SPACES.sub(" ", CONTROLS.sub(" ", OVERRIDES.sub("", text))).strip()
    if len(line) > LONGEST_SUBJECT:
        line = line[: LONGEST_SUBJECT - 1].rsplit(" ", 1)[0] + "…"
    return line


def waiting() -> int:
    """How many mails wait to be delivered."""
    return Mail.objects.filter(state=State.WAITING).count()


def oldest() -> float:
    """For how many seconds the oldest of them has waited; 0 where none does."""
    made = Mail.objects.filter(state=State.WAITING).order_by("made_at").values_list("made_at", flat=True).first()
    return max(0.0, (clock.now() - made).total_seconds()) if made else 0.0


def dead() -> int:
    """How many could not be delivered."""
    return Mail.objects.filter(state=State.DEAD).count()
