"""Everything that goes out: the snapshot, entries, the journal and the lists. Used by GET and by the live side."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Any

from django.db.models import Count, QuerySet

from conventions import clock, epoch
from conventions.clock import rfc3339
from conventions.prepared import Crowd, PreparedRows
from teams.models import Account

from . import access, entries, journal, models, sheet, store
from .names import KEPT_FOR, names_of
from .picture import own_answers
from .process.state import Phase, Proposal
from .process.voice import voices
from .receipts import FOLLOW, Receipt, receipt

KEPT_PICTURES = 1024
_pictures: OrderedDict[str, tuple[str, float, bytes]] = OrderedDict()
_pictures_guard = Lock()


def snapshot(row: models.Proposal, account: Account) -> bytes:
    """The proposal as this person may see it, as JSON. The shared part is made once for each state of it."""
    state = store.look(row)
    shared, own = shared_picture(row, state), own_answers(state, account.pk)
    if not own:
        return shared
    return _json(merged(json.loads(shared), own))


def shared_picture(row: models.Proposal, state: Proposal | None = None) -> bytes:
    """The shared picture as JSON, kept while the journal's head is the same (and names are fresh)."""
    known, now = _pictures.get(row.pk), monotonic()
    if known is not None and row.seq and known[0] == row.head and known[1] > now:
        return known[2]
    state = state or store.look(row)
    made = _json(store.painted(row, state).last)
    with _pictures_guard:
        _pictures[row.pk] = (row.head, now + KEPT_FOR, made)
        _pictures.move_to_end(row.pk)
        while len(_pictures) > KEPT_PICTURES:
            _pictures.popitem(last=False)
    return made


def forget_pictures() -> None:
    """Somebody is called something else from now on: all are made anew."""
    with _pictures_guard:
        _pictures.clear()


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396: `target` after the merge patch."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def entries_after(proposal: str, after: int, limit: int) -> list[tuple[int, bytes]]:
    """At most `limit` entries that follow number `after`: (number, JSON for the wire), in order."""
    told = models.ToldEntry.objects.filter(entry__proposal=proposal, entry__seq__gt=after)
    rows = told.order_by("entry__seq").values_list("entry__seq", "told", "changes")[:limit]
    return [(seq, entries.for_the_wire(text, changes)) for seq, text, changes in rows]


def current_seqs(proposals: Iterable[str]) -> dict[str, int]:
    """The number of the last entry of each of these proposals, of those that there are."""
    return dict(SEQS.all(list(proposals)))


def _seqs(proposals: Crowd) -> QuerySet[models.Proposal, Any]:
    return models.Proposal.objects.filter(pk__in=proposals).values_list("pk", "seq")


SEQS: PreparedRows[models.Proposal] = PreparedRows(_seqs)


def last_entry_at() -> datetime | None:
    """When the last entry of any journal was made; None where there is none."""
    return models.JournalEntry.objects.order_by("-pk").values_list("at", flat=True).first()


def woken(limit: int = 100) -> list[str]:
    """The proposals in which the clock has something to do now, the longest waiting first."""
    due = models.Proposal.objects.filter(wakes_at__lte=clock.now()).order_by("wakes_at")
    return list(due.values_list("pk", flat=True)[:limit])


def journal_page(row: models.Proposal, after: int, limit: int) -> bytes:
    """`{results: [entries]}` after number `after`, without their patches."""
    rows = models.ToldEntry.objects.filter(entry__proposal=row, entry__seq__gt=after)
    texts = rows.order_by("entry__seq").values_list("told", flat=True)[:limit]
    return f'{{"results":[{",".join(texts)}]}}'.encode()


def voice(row: models.Proposal) -> bytes:
    """`{results: [rounds]}`: who was heard, and how long turns took, for the circle as a whole."""
    return _voice(row.pk, row.team_id, row.author_id, row.head)


@lru_cache(maxsize=256)
def _voice(proposal: str, team: str, author: str, _head: str) -> bytes:
    """Told once for each state of the journal: at the end of a round everybody in the room asks for it."""
    story = map(journal.event_of, entries.of(proposal))
    return _json({"results": [asdict(one) for one in voices(Proposal(proposal, team, author), story)]})


def receipts_of(row: models.Proposal, account: Account) -> list[dict[str, Any]]:
    """What this person has given in a decision, entry by entry, each with its receipt."""
    given = models.JournalEntry.objects.filter(proposal=row, by=account).exclude(event__in=FOLLOW)
    return [
        {"seq": seq, "event": event, "at": rfc3339(at), "receipt": receipt(row.pk, seq, hash)}
        for seq, event, at, hash in given.order_by("seq").values_list("seq", "event", "at", "hash")
    ]


def stands(account: Account, kept: Receipt) -> dict[str, Any] | None:
    """Whether the entry of a receipt stands in the record as it was; None where this person sees no such decision."""
    row = access.among_their_own(account).filter(pk=kept.proposal).exclude(seq=0).first()
    if row is None:
        return None
    entry = models.JournalEntry.objects.filter(proposal=row, seq=kept.seq).first()
    about = {"proposal": row.pk, "number": row.number, "team_name": row.team.name, "title": row.title, "seq": kept.seq}
    if entry is None:
        gone = {"stands": False, "event": None, "at": None, "by": None, "by_name": None}
        return {**about, **gone, "restored": epoch.last_restored()}
    stands = entry.hash.startswith(kept.beginning)
    return {
        **about,
        "stands": stands,
        "event": entry.event,
        "at": rfc3339(entry.at),
        "by": entry.by_id,
        "by_name": names_of([entry.by_id]).get(entry.by_id or ""),
        "restored": None if stands else epoch.last_restored(),
    }


def spreadsheet(row: models.Proposal) -> str:
    """What people did in a decision as CSV, as far as everybody is told it."""
    told = models.ToldEntry.objects.filter(entry__proposal=row).order_by("entry__seq")
    entries = [json.loads(text) for text in told.values_list("told", flat=True)]
    return sheet.csv_of(row.pk, entries, names_of(entry["by"] for entry in entries))


def counts() -> dict[str, int]:
    """How many decisions there are on the whole site. No more is told of them to whoever looks after it."""
    real = models.Proposal.objects.exclude(phase=Phase.DRAFT).exclude(team__played=True)
    by_phase = {Phase(phase): n for phase, n in real.values_list("phase").annotate(Count("pk")).order_by()}
    open_ones = sum(number for phase, number in by_phase.items() if phase not in access.ENDED)
    return {"open_decisions": open_ones, "agreements": by_phase.get(Phase.ADOPTED, 0)}


def export(row: models.Proposal) -> dict[str, Any]:
    """The whole journal as a document for the stand-alone verifier."""
    return exported(row.pk)


def exported(proposal: str) -> dict[str, Any]:
    """The same for the operator, who goes by the id alone."""
    return journal.exported(proposal, entries.of(proposal))


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
