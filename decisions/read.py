"""Everything that goes out: the snapshot, entries, the journal and the lists. Used by GET and by the live side."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from conventions import clock, epoch
from conventions.clock import rfc3339
from teams.models import Account

from . import access, journal, models, sheet, store, textindex
from .names import KEPT_FOR, names_of
from .picture import own_answers
from .process.state import Phase, Proposal
from .process.voice import voices
from .receipts import FOLLOW, Made, Receipt, receipt

KEPT_PICTURES = 1024
IN_ROUNDS = tuple(phase for phase in Phase if phase not in (Phase.DRAFT, *access.ENDED))
_pictures: OrderedDict[str, tuple[str, float, bytes]] = OrderedDict()
_pictures_guard = Lock()


def snapshot(row: models.Proposal, account: Account) -> bytes:
    """The proposal as this person may see it, as JSON. The shared part is made once for each state of it."""
    shared, own = shared_picture(row), own_answers(store.look(row), account.pk)
    if not own:
        return shared
    return _json(merged(json.loads(shared), own))


def shared_picture(row: models.Proposal) -> bytes:
    """The shared picture as JSON, kept while the journal's head is the same (and names are fresh)."""
    known, now = _pictures.get(row.pk), monotonic()
    if known is not None and row.seq and known[0] == row.head and known[1] > now:
        return known[2]
    state = store.look(row)
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


def entry(told: models.ToldEntry) -> bytes:
    """An entry for the wire: what everybody is told of it, with the patch it makes on the shared picture."""
    return f'{told.told[:-1]},"changes":{told.changes}}}'.encode()


def entries_after(proposal: str, after: int, limit: int) -> list[tuple[int, bytes]]:
    """At most `limit` entries that follow number `after`: (number, JSON for the wire), in order."""
    told = models.ToldEntry.objects.filter(entry__proposal=proposal, entry__seq__gt=after)
    rows = told.order_by("entry__seq").values_list("entry__seq", "told", "changes")[:limit]
    return [(seq, f'{text[:-1]},"changes":{changes}}}'.encode()) for seq, text, changes in rows]


def current_seqs(proposals: Iterable[str]) -> dict[str, int]:
    """The number of the last entry of each of these proposals, of those that there are."""
    return dict(models.Proposal.objects.filter(pk__in=list(proposals)).values_list("pk", "seq"))


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
    story = map(journal.event_of, store.entries(proposal))
    return _json({"results": [asdict(one) for one in voices(Proposal(proposal, team, author), story)]})


def made(told: Iterable[models.ToldEntry]) -> list[Made]:
    """These entries, as far as their receipts are concerned."""
    rows = (one.entry for one in told)
    return [Made(row.proposal_id, row.seq, row.event, row.by_id, row.hash) for row in rows]


def receipts_of(row: models.Proposal, account: Account) -> list[dict[str, Any]]:
    """What this person has given in a decision, entry by entry, each with its receipt."""
    given = models.JournalEntry.objects.filter(proposal=row, by=account).exclude(event__in=FOLLOW)
    return [
        {"seq": seq, "event": event, "at": rfc3339(at), "receipt": receipt(row.pk, seq, hash)}
        for seq, event, at, hash in given.order_by("seq").values_list("seq", "event", "at", "hash")
    ]


def stands(account: Account, kept: Receipt) -> dict[str, Any] | None:
    """Whether the entry of a receipt stands in the record as it was; None where this person sees no such decision."""
    row = listed(account).filter(pk=kept.proposal).exclude(seq=0).first()
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
    return journal.exported(proposal, store.entries(proposal))


def listed(account: Account) -> QuerySet[models.Proposal]:
    """The proposals that this person may see, with all that a row of a list tells."""
    dates = models.Revision.objects.only("proposal", "number", "review_on")
    return (
        # Joined to other tables, a list would be sorted anew each time and not read off its index.
        access.among_their_own(account).prefetch_related(
            "team",
            Prefetch("rounds", models.Round.objects.filter(closed_at=None), to_attr="open_rounds"),
            Prefetch("revisions", dates),
        )
    )


def chosen(
    account: Account, *, phases: Collection[str], waiting: bool, words: str, review_by: date | None = None
) -> QuerySet[models.Proposal]:
    """What is left of `listed`: in one of the phases (any, where none is named), waiting for this person, an agreement
    whose review is due on that day or before, and with all of the words in the title, driver or body of a version."""
    found = listed(account)
    if phases:
        found = found.filter(phase__in=phases)
    if waiting:
        found = found.filter(pk__in=_waiting(account))
    if review_by:
        due = models.Revision.objects.filter(
            proposal=OuterRef("pk"), number=OuterRef("revision"), review_on__lte=review_by
        )
        found = found.filter(Exists(due), phase=Phase.ADOPTED)
    for word in words.split()[:8]:
        found = found.filter(pk__in=_texts_with(word).values("proposal"))
    return found


def _texts_with(word: str) -> QuerySet[models.Revision]:
    if textindex.has_to_be_asked(word):
        return models.Revision.objects.filter(pk__in=RawSQL(textindex.FOUND, [textindex.phrase(word)]))  # noqa: S611
    said = Q(title__icontains=word) | Q(driver__icontains=word) | Q(body__icontains=word)
    return models.Revision.objects.filter(said)


def _waiting(account: Account) -> QuerySet[Any]:
    """The ids of the proposals that wait for this person, with a voice or, as their facilitator, without one."""
    own = models.Participant.objects.filter(account=account, waiting=True).values("proposal")
    led = models.Proposal.objects.filter(facilitator=account).exclude(asks_facilitator="").values("pk")
    return own.union(led)


def rows(proposals: Iterable[models.Proposal], account: Account) -> list[dict[str, Any]]:
    """The rows of a list, of proposals that come from `listed`."""
    found = list(proposals)
    asked: dict[str, dict[str, str]] = {row.pk: {} for row in found}
    waiting = models.Participant.objects.filter(proposal__in=list(asked), waiting=True)
    for proposal, who, what in waiting.order_by("since", "account_id").values_list("proposal", "account", "asked"):
        asked[proposal][who] = what
    for row in found:
        if row.asks_facilitator and row.facilitator_id:
            asked[row.pk][row.facilitator_id] = row.asks_facilitator
    names = names_of(who for row in found for who in (row.author_id, row.facilitator_id, *asked[row.pk]))
    return [_row(row, asked[row.pk], account, names) for row in found]


def _row(row: Any, asked: dict[str, str], account: Account, names: dict[str, str]) -> dict[str, Any]:
    review = next((text.review_on for text in row.revisions.all() if text.number == row.revision), None)
    return {
        "id": row.pk,
        "number": row.number,
        "team": row.team.slug,
        "team_name": row.team.name,
        "title": row.title,
        "phase": row.phase,
        "revision": row.revision,
        "author": row.author_id,
        "author_name": names[row.author_id],
        "facilitator": row.facilitator_id,
        "facilitator_name": names.get(row.facilitator_id),
        "opened_at": _time(row.opened_at),
        "adopted_at": _time(row.adopted_at),
        "withdrawn_at": _time(row.withdrawn_at),
        "updated_at": _time(row.updated_at),
        "review_on": review.isoformat() if review else None,
        "round": _open_round(row.open_rounds),
        "room": _open_room(row.room),
        "waiting_for": list(asked),
        "waiting_names": [names.get(who, "") for who in asked],
        "waiting_for_me": account.pk in asked,
        "asked": asked.get(account.pk) or None,
    }


def _open_round(rounds: list[models.Round]) -> dict[str, Any] | None:
    if not rounds:
        return None
    current = rounds[0]
    return {
        "id": current.pk,
        "kind": current.kind,
        "sealed": current.sealed,
        "due_at": _time(current.due_at),
    }


def _open_room(room: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"present": len(room["present"])} if room else None


def rooms(account: Account) -> dict[str, int]:
    """The proposals of this person's teams on which a room is open now, and how many are in it."""
    found = access.among_their_own(account).filter(room__isnull=False, phase__in=IN_ROUNDS)
    return {pk: len(room["present"]) for pk, room in found.values_list("pk", "room") if room}


def waiting_rows(account: Account) -> list[dict[str, Any]]:
    """What waits for this person now, across their teams; what waits longest comes first."""
    return rows(listed(account).filter(pk__in=_waiting(account)).order_by("updated_at"), account)


def _time(at: Any) -> str | None:
    return rfc3339(at) if at else None


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
