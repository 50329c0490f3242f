"""The lists: what stands in a row, which rows there are, and what waits for whom. Used by GET and by the live side."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from conventions.clock import rfc3339
from teams.models import Account

from . import access, models, textindex
from .names import names_of
from .process.state import Phase

IN_ROUNDS = tuple(phase for phase in Phase if phase not in (Phase.DRAFT, *access.ENDED))


def listed(account: Account) -> QuerySet[models.Proposal]:
    """The proposals that this person may see, with all that a row of a list tells."""
    return _as_rows(access.among_their_own(account))


def _as_rows(proposals: QuerySet[models.Proposal]) -> QuerySet[models.Proposal]:
    # Joined to other tables, a list would be sorted anew each time and not read off its index.
    return proposals.prefetch_related(
        "team",
        Prefetch("rounds", models.Round.objects.filter(closed_at=None), to_attr="open_rounds"),
        Prefetch("revisions", models.Revision.objects.only("proposal", "number", "review_on")),
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
    asked, names = _told_with(found)
    return [_row(row, asked[row.pk], account.pk, names) for row in found]


def _told_with(found: list[models.Proposal]) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """By proposal whom the process waits for, and for what; and the names of all who are in these rows."""
    asked: dict[str, dict[str, str]] = {row.pk: {} for row in found}
    waiting = models.Participant.objects.filter(proposal__in=list(asked), waiting=True)
    for proposal, who, what in waiting.order_by("since", "account_id").values_list("proposal", "account", "asked"):
        asked[proposal][who] = what
    for row in found:
        if row.asks_facilitator and row.facilitator_id:
            asked[row.pk][row.facilitator_id] = row.asks_facilitator
    return asked, names_of(who for row in found for who in (row.author_id, row.facilitator_id, *asked[row.pk]))


def _row(row: Any, asked: dict[str, str], reader: str, names: dict[str, str]) -> dict[str, Any]:
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
        "waiting_for_me": reader in asked,
        "asked": asked.get(reader) or None,
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


def waiting_of(accounts: Collection[Account]) -> dict[str, tuple[list[dict[str, Any]], dict[str, int]]]:
    """For each of these people their `waiting_rows` and `rooms`. A crowd costs hardly more than one of them; only who
    sees more than their teams show them is looked up alone."""
    apart = access.who_keep_views([one.pk for one in accounts])
    crowd = [one.pk for one in accounts if one.pk not in apart]
    told: dict[str, tuple[list[dict[str, Any]], dict[str, int]]] = {who: ([], {}) for who in crowd}
    told |= {one.pk: (waiting_rows(one), rooms(one)) for one in accounts if one.pk in apart}
    waits = _waiting_pairs(crowd)
    found = list(_as_rows(access.rows_of({id for _, id in waits})).order_by("updated_at")) if waits else []
    asked, names = _told_with(found) if found else ({}, {})
    for row in found:
        for who in crowd:
            if (who, row.pk) in waits:
                told[who][0].append(_row(row, asked[row.pk], who, names))
    in_rooms = models.Proposal.objects.filter(room__isnull=False, phase__in=IN_ROUNDS)
    for who, id, room in access.for_members(crowd, in_rooms, "room"):
        if room:
            told[who][1][id] = len(room["present"])
    return told


def _waiting_pairs(accounts: Collection[str]) -> set[tuple[str, str]]:
    """(account, proposal) of what waits for these people, as far as it is their team's."""
    own = models.Participant.objects.filter(account__in=accounts, waiting=True).values_list("account", "proposal")
    led = models.Proposal.objects.filter(facilitator__in=accounts).exclude(asks_facilitator="")
    pairs = {*own, *led.values_list("facilitator", "pk")}
    return pairs & access.seen_by_members(accounts, {id for _, id in pairs}) if pairs else pairs


def _time(at: Any) -> str | None:
    return rfc3339(at) if at else None
