"""Plays the members that nobody is: looked at twice a second, each act some seconds after the one before.

An act is worked out from the decision as it stands and given through `submit` like anybody's. Nothing is remembered
between two looks, so that a restart loses nothing; the visit's lock lets one of several processes give it.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from hashlib import blake2b

from django.conf import settings

from conventions import clock, problems
from conventions.language import speaking_to
from conventions.transactions import writing
from decisions import access, read, store
from decisions.submit import submit
from teams.models import Account

from . import visits
from .models import Visit
from .story import Act, next_act

EVERY = 0.5  # seconds
VIA = "played"
SHORTEST, LONGEST = 1.0, 4.0
AT_ONCE = 50


def look() -> None:
    """Ends what is old, and plays on wherever it is somebody else's move than the visitor's."""
    visits.end_old()
    going = list(Visit.objects.select_related("visitor").order_by("begun_at"))
    seqs = read.current_seqs(visit.proposal for visit in going)
    for visit in going:
        if seqs.get(visit.proposal) != visit.idle_at:
            _play(visit)


def _play(visit: Visit) -> None:
    """Every act whose time has come; more than one only where they follow without a pause."""
    # What the visitor did in this very moment may refuse it: the next look sees what is to be done then.
    with contextlib.suppress(problems.Problem):
        for _ in range(AT_ONCE):
            if not _play_one(visit):
                return


def _play_one(visit: Visit) -> bool:
    # Looked at first without a lock: while somebody thinks, nobody else has to wait.
    if not _time_has_come(visit, access.proposal_for(visit.visitor, visit.proposal)):
        return False
    with writing():
        held = Visit.objects.select_for_update(of=("self",)).select_related("visitor").filter(pk=visit.pk).first()
        if held is None:
            return False
        row = access.proposal_for(held.visitor, held.proposal)
        state = store.look(row)
        with speaking_to(held.visitor):
            act = next_act(state, held.cast)
        if act is None:
            _wait(held, state.seq)
            return False
        if not _time_has_come(held, row):
            return False
        _give(held, act)
        return True


def _time_has_come(visit: Visit, row: access.Row) -> bool:
    return clock.now() >= row.updated_at + pause(visit.pk, row.seq)


def _wait(visit: Visit, seq: int) -> None:
    visit.idle_at, visit.stirred_at = seq, clock.now()
    visit.save(update_fields=["idle_at", "stirred_at"])


def _give(visit: Visit, act: Act) -> None:
    who = Account.objects.get(pk=visit.cast[act.who])
    submit(who, visit.proposal, act.command, via=VIA, **act.content)


def pause(visit: str, seq: int) -> timedelta:
    """How long the next act takes: a while that differs from step to step, and is the same for every process."""
    chance = blake2b(f"{visit}/{seq}".encode(), digest_size=2).digest()
    share = int.from_bytes(chance) / 0xFFFF
    return timedelta(seconds=settings.RONDO_TRY_PACE * (SHORTEST + (LONGEST - SHORTEST) * share))
