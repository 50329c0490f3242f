"""The one way to change a proposal that is open: one command, one transaction, one lock.

rows → decide → events → rows + journal, committed together; the announcement only after that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from conventions import clock, problems
from conventions.ids import new_id
from conventions.transactions import writing
from teams.access import voices
from teams.models import Account

from . import access, away, letters, models, receipts, store
from .live.announce import announce, rights_changed, waiting_changed
from .process.commands import Command, JoinCircle, LeadOut, LeaveCircle, Suspend, TakeChair
from .process.engine import Refused, decide, tick
from .process.refusals import Refusal
from .process.state import Phase, Proposal

SEE_WHO_IS_GONE = (LeadOut, TakeChair)
BEGINS_AGAIN = (Phase.DRAFT, Phase.ADOPTED)


@dataclass(frozen=True, slots=True)
class Done:
    """What a command has brought about: the journal entries that it made, as JSON for the wire, the last number, and
    the receipt of the entry that the command was given for."""

    proposal: str
    seq: int
    entries: tuple[bytes, ...]
    receipt: str | None = None

    def as_json(self) -> bytes:
        return b'{"proposal":"%s","seq":%d,"receipt":%s,"entries":[%s]}' % (
            self.proposal.encode(),
            self.seq,
            b'"%s"' % self.receipt.encode() if self.receipt else b"null",
            b",".join(self.entries),
        )


def submit(account: Account, proposal: str, command: type[Command], *, via: str | None = None, **content: Any) -> Done:
    """Gives one command as this person. Raises a Problem (404, 403, 409, 400), and then nothing has changed."""
    return submit_as_said(account, "proposal", proposal, lambda: (command, content), via)


Said = Callable[[], tuple[type[Command], dict[str, Any]]]


def submit_as_said(account: Account, kind: str, id: str, said: Said, via: str | None) -> Done:
    """Gives the command that `said` tells, on the proposal that this `kind` is or belongs to. It is found before `said`
    is asked: what somebody may not see is a 404, whatever they say."""
    with writing():
        row = access.locked_for(account, kind, id)
        command, content = said()
        if command in SEE_WHO_IS_GONE:
            content["gone"] = away.gone([row.facilitator_id, *((row.room or {}).get("present", ()))])
        away.seen([account.pk])
        return carry_out(row, partial(command, by=account.pk, **content), via)


def carry_out(
    row: models.Proposal, command: Callable[..., Command], via: str | None, newcomers: tuple[str, ...] = ()
) -> Done:
    """Judges a command against a proposal whose lock is held, and writes what follows from it."""
    before = store.load(row)
    try:
        after, events = decide(before, command(at=clock.now(), seed=new_id()))
    except Refused as refused:
        raise as_problem(refused.refusal) from refused
    return _written(row, store.Course(before, after, events), via, newcomers)


def let_time_pass(proposal: str) -> Done:
    """Does what the clock brings about in a proposal now; nothing, where something else was first."""
    with writing():
        row = models.Proposal.objects.select_for_update(of=("self",)).select_related("team").get(pk=proposal)
        before = store.load(row)
        after, events = tick(before, clock.now(), new_id())
        if not events:
            store.set_the_clock(row, before)
        return _written(row, store.Course(before, after, events), None)


def _written(row: models.Proposal, course: store.Course, via: str | None, newcomers: tuple[str, ...] = ()) -> Done:
    before, after, events = course
    if not events:
        return Done(row.pk, row.seq, ())
    recorded = store.record(row, course, via, newcomers)
    entries, turned = recorded.told, _turned(before, after, recorded)
    letters.tell(row, before, events)
    transaction.on_commit(partial(_tell, row.pk, after.seq - len(entries) + 1, entries, turned))
    if after.phase in access.ENDED:
        transaction.on_commit(partial(_see_out, row.team_id, (*after.participants, after.author, after.facilitator)))
    if before.phase in BEGINS_AGAIN and after.phase not in access.ENDED:
        _catch_up(row, after)
    return Done(row.pk, after.seq, entries, receipts.receipt_for(recorded.made))


def _catch_up(row: models.Proposal, state: Proposal) -> None:
    """What happened in the team and to accounts while the decision was not open has happened for it as well."""
    here, there = {person.pk: person for person in voices(row.team)}, set(state.voices())
    for who in sorted(there - here.keys()):
        carry_out(row, partial(LeaveCircle, by=who), None)
    for who in sorted(here.keys() - there):
        carry_out(row, partial(JoinCircle, by=who), None, newcomers=(who,))
    for who in sorted(who for who, person in here.items() if not person.is_active):
        carry_out(row, partial(Suspend, by=who, suspended=True), None)


def _turned(before: Proposal, after: Proposal, recorded: store.Recorded) -> set[str]:
    """Those for whom what waits for them changes, in what it is or in whether it is. A room that opens, comes to
    life, empties or closes is news for the whole circle."""
    earlier, later = recorded.asked, recorded.asks
    if _meets(before) != _meets(after):
        return {*after.voices(), *earlier, *([after.facilitator] if after.facilitator else [])}
    if (before.phase, before.current) != (after.phase, after.current):
        return {*earlier, *later}
    return {who for who, _ in earlier.items() ^ later.items()}


def _meets(state: Proposal) -> bool | None:
    """Whether anybody is in the room; None where no room is open."""
    return bool(state.room.present) if state.room else None


def _tell(proposal: str, first: int, entries: tuple[bytes, ...], turned: set[str]) -> None:
    for seq, text in enumerate(entries, first):
        announce(f"proposal:{proposal}", seq, text)
    if turned:
        waiting_changed(sorted(turned))


def _see_out(team: str, people: tuple[str | None, ...]) -> None:
    """Whoever was removed while it was open has seen how it ended, and sees no more."""
    for account in access.strangers(team, people):
        rights_changed(account)


def as_problem(refusal: Refusal) -> problems.Problem:
    """A refusal of the process as the interface tells it."""
    if refusal.field is not None:
        return problems.invalid({refusal.field: [gettext(refusal.words)]})
    more: Mapping[str, Any] = refusal.more
    if refusal.right:
        return problems.forbidden(refusal.code, gettext(refusal.words), **more)
    return problems.conflict(refusal.code, gettext(refusal.words), **more)
