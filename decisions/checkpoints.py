"""Checkpoints: once a day the stewards of a team are mailed where each of its journals stands.

Whoever can write the database can make a chain that is sound in itself, but does not reach what lies in mailboxes. A
line of a checkpoint is the receipt of a journal's last entry, and speaks for all entries up to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from conventions import clock
from conventions.language import day, moment, speaking_to
from conventions.transactions import writing
from notices.composing import Lines, Link, letter, name
from notices.outbox import Letter, Way, queue, way
from teams.models import Account, Role, Team

from .models import Checkpoint, JournalEntry, Proposal
from .receipts import Receipt, read_all, receipt

EVERY = 60.0  # seconds between two looks at which teams are due
PAUSE = timedelta(days=1)
AT_ONCE = 100  # teams in one look: the others come with the next ones


def mail_due() -> int:
    """Mails each team that is due, where something was recorded since. Returns how many teams were mailed.

    A team is due a day after it was first seen here, and then a day after it was last looked at.
    """
    if way() is Way.OFF:
        return 0
    not_yet = Checkpoint.objects.filter(due_at__gt=clock.now())
    teams = Team.objects.filter(played=False).exclude(pk__in=not_yet.values("team")).order_by("pk")[:AT_ONCE]
    return sum(_mail(team, clock.now()) for team in teams)


def _mail(team: Team, now: datetime) -> bool:
    with writing():
        first = Checkpoint(team=team, due_at=now + PAUSE)
        Checkpoint.objects.bulk_create([first], ignore_conflicts=True)
        row = Checkpoint.objects.select_for_update().get(pk=team.pk)
        if row.due_at > now:  # it has just begun, or another process was here first
            return False
        lines = heads(team)
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        stewards = Account.objects.filter(
            memberships__team=team, memberships__role=Role.STEWARD, is_active=True
        ).order_by("pk")
        told = [_letter(team, reader, lines, now) for reader in stewards] if lines and digest != row.digest else []
        if told:
            queue(f"checkpoint:{team.pk}:{now:%Y%m%d%H%M}", told, thread=f"checkpoints:{team.pk}")
            row.digest = digest
        row.due_at = now + PAUSE
        row.save(update_fields=["due_at", "digest"])
        return bool(told)


def heads(team: Team) -> tuple[str, ...]:
    """The receipt of the last entry of each journal of a team."""
    rows = Proposal.objects.filter(team=team).exclude(seq=0).order_by("number", "pk")
    return tuple(receipt(*head) for head in rows.values_list("pk", "seq", "head"))


def _letter(team: Team, reader: Account, lines: tuple[str, ...], now: datetime) -> Letter:
    called = name(team.name)
    with speaking_to(reader):
        stood = _(
            "This is where the record of the team {team} stood on {time}: a line for each decision, with the number of "
            "its last entry and the fingerprint of everything up to there."
        )
        return letter(
            reader.email,
            _("Checkpoint of {team}, {day}").format(team=called, day=day(now)),
            stood.format(team=called, time=moment(now)),
            _(
                "Keep this mail. Whoever changes the record later, even in the database itself, cannot keep these "
                "lines. Each is a receipt that you can check; whoever runs this Rondo can check them all at once."
            ),
            Lines(lines),
            Link(_("Check a record"), f"{settings.RONDO_URL}/verify"),
            why=_(
                "You get this because you are a steward of the team {team}. "
                "It comes once a day at most, and only when something was recorded."
            ).format(team=called),
        )


def compare(text: str) -> tuple[int, list[str]]:
    """How many journals a mail names, and what is not as it stood then, in words."""
    named = read_all(text)
    return len({one.proposal for one in named}), [fault for one in named for fault in _faults(one)]


def _faults(kept: Receipt) -> Iterator[str]:
    entries = JournalEntry.objects.filter(proposal=kept.proposal)
    hash = entries.filter(seq=kept.seq).values_list("hash", flat=True).first()
    last = entries.order_by("-seq").values_list("seq", flat=True).first()
    if last is None:
        yield f"{kept.proposal}: the mail names entry {kept.seq}, and there is no such journal: it was deleted"
    elif hash is None:
        yield f"{kept.proposal}: the mail names entry {kept.seq}, and the journal ends with {last}: its end was cut off"
    elif not hash.startswith(kept.beginning):
        yield (
            f"{kept.proposal}: entry {kept.seq} has another hash than in the mail: "
            "it, or an entry before it, was rewritten"
        )
