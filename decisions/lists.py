"""The lists: what stands in a row, which rows there are, and what waits for whom. Used by GET and by the live side."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from conventions.clock import rfc3339
from conventions.prepared import Crowd, PreparedRows
from teams.models import Account, Team

from . import access, models, textindex
from .names import names_of
from .process.state import Phase

IN_ROUNDS = tuple(phase for phase in Phase if phase not in (Phase.DRAFT, *access.ENDED))


def chosen(
    account: Account, *, phases: Collection[str], waiting: bool, words: str, review_by: date | None = None
) -> QuerySet[models.Proposal]:
    """What this person may see: in one of the phases (any, where none is named), waiting for this person, an agreement
    whose review is due on that day or before, and with all of the words in the title, driver or body of a version."""
    found = access.among_their_own(account)
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
    """The rows of a list, of proposals that this person may see."""
    found = list(proposals)
    beside = _beside(found)
    return [_row(row, beside, account.pk) for row in found]


class Beside(NamedTuple):
    """What a row tells that does not stand in the proposal's own: by team its address and name, by proposal the open
    round, the day of its review, and whom the process waits for, and for what; and the names of all of them."""

    teams: dict[str, tuple[str, str]]
    rounds: dict[str, dict[str, Any]]
    reviews: dict[str, date]
    asked: dict[str, dict[str, str]]
    names: dict[str, str]


def _beside(found: list[models.Proposal]) -> Beside:
    asked: dict[str, dict[str, str]] = {row.pk: {} for row in found}
    ids = list(asked)
    for proposal, who, what in WAITS.all(ids):
        asked[proposal][who] = what
    for row in found:
        if row.asks_facilitator and row.facilitator_id:
            asked[row.pk][row.facilitator_id] = row.asks_facilitator
    return Beside(
        teams={team: (slug, name) for team, slug, name in TEAMS.all({row.team_id for row in found})},
        rounds={proposal: _open_round(*told) for proposal, *told in OPEN_ROUNDS.all(ids)},
        reviews=dict(REVIEWS.all(ids)),
        asked=asked,
        names=names_of(who for row in found for who in (row.author_id, row.facilitator_id, *asked[row.pk])),
    )


# Each asks by itself: joined to other tables, a list would be sorted anew each time and not read off its index.


def _waits(proposals: Crowd) -> QuerySet[models.Participant, Any]:
    waiting = models.Participant.objects.filter(proposal__in=proposals, waiting=True)
    return waiting.order_by("since", "account_id").values_list("proposal", "account", "asked")


def _teams(teams: Crowd) -> QuerySet[Team, Any]:
    return Team.objects.filter(pk__in=teams).values_list("pk", "slug", "name")


def _open_rounds(proposals: Crowd) -> QuerySet[models.Round, Any]:
    open_ones = models.Round.objects.filter(proposal__in=proposals, closed_at=None)
    return open_ones.values_list("proposal", "pk", "kind", "sealed", "due_at")


def _reviews(proposals: Crowd) -> QuerySet[models.Revision, Any]:
    current = models.Revision.objects.filter(proposal__in=proposals, number=F("proposal__revision"))
    return current.filter(review_on__isnull=False).values_list("proposal", "review_on")


WAITS: PreparedRows[models.Participant] = PreparedRows(_waits)
TEAMS: PreparedRows[Team] = PreparedRows(_teams)
OPEN_ROUNDS: PreparedRows[models.Round] = PreparedRows(_open_rounds)
REVIEWS: PreparedRows[models.Revision] = PreparedRows(_reviews)


def _row(row: models.Proposal, beside: Beside, reader: str) -> dict[str, Any]:
    team, team_name = beside.teams[row.team_id]
    asked, names, review = beside.asked[row.pk], beside.names, beside.reviews.get(row.pk)
    return {
        "id": row.pk,
        "number": row.number,
        "team": team,
        "team_name": team_name,
        "title": row.title,
        "phase": row.phase,
        "revision": row.revision,
        "author": row.author_id,
        "author_name": names[row.author_id],
        "facilitator": row.facilitator_id,
        "facilitator_name": names.get(row.facilitator_id or ""),
        "opened_at": _time(row.opened_at),
        "adopted_at": _time(row.adopted_at),
        "withdrawn_at": _time(row.withdrawn_at),
        "updated_at": _time(row.updated_at),
        "review_on": review.isoformat() if review else None,
        "round": beside.rounds.get(row.pk),
        "room": _open_room(row.room),
        "waiting_for": list(asked),
        "waiting_names": [names.get(who, "") for who in asked],
        "waiting_for_me": reader in asked,
        "asked": asked.get(reader) or None,
    }


def _open_round(id: str, kind: str, sealed: bool, due_at: datetime | None) -> dict[str, Any]:
    return {"id": id, "kind": kind, "sealed": sealed, "due_at": _time(due_at)}


def _open_room(room: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"present": len(room["present"])} if room else None


def rooms(account: Account) -> dict[str, int]:
    """The proposals of this person's teams on which a room is open now, and how many are in it."""
    found = access.among_their_own(account).filter(room__isnull=False, phase__in=IN_ROUNDS)
    return {pk: len(room["present"]) for pk, room in found.values_list("pk", "room") if room}


def waiting_rows(account: Account) -> list[dict[str, Any]]:
    """What waits for this person now, across their teams; what waits longest comes first."""
    waiting = access.among_their_own(account).filter(pk__in=_waiting(account))
    return rows(waiting.order_by("updated_at"), account)


def waiting_of(accounts: Collection[str]) -> dict[str, tuple[list[dict[str, Any]], dict[str, int]]]:
    """For each of these people their `waiting_rows` and `rooms`. A crowd costs hardly more than one of them; only who
    sees more than their teams show them is looked up alone."""
    apart = access.who_keep_views(accounts)
    crowd = [who for who in accounts if who not in apart]
    told: dict[str, tuple[list[dict[str, Any]], dict[str, int]]] = {who: ([], {}) for who in crowd}
    told |= {one.pk: (waiting_rows(one), rooms(one)) for one in Account.objects.filter(pk__in=apart)} if apart else {}
    waits = _waiting_pairs(crowd)
    found = access.rows_of({id for _, id in waits})
    beside = _beside(found)
    for row in found:
        for who in crowd:
            if (who, row.pk) in waits:
                told[who][0].append(_row(row, beside, who))
    for who, id, room in IN_ROOMS.all(crowd):
        if room:
            told[who][1][id] = len(room["present"])
    return told


def _waiting_pairs(accounts: Collection[str]) -> set[tuple[str, str]]:
    """(account, proposal) of what waits for these people, as far as it is their team's."""
    pairs = {(who, id) for who, id in (*OWN.all(accounts), *LED.all(accounts))}
    return pairs & access.seen_by_members(accounts, {id for _, id in pairs})


def _own(accounts: Crowd) -> QuerySet[models.Participant, Any]:
    return models.Participant.objects.filter(account__in=accounts, waiting=True).values_list("account", "proposal")


def _led(accounts: Crowd) -> QuerySet[models.Proposal, Any]:
    led = models.Proposal.objects.filter(facilitator__in=accounts).exclude(asks_facilitator="")
    return led.values_list("facilitator", "pk")


def _in_rooms(accounts: Crowd) -> QuerySet[models.Proposal, Any]:
    there = models.Proposal.objects.filter(room__isnull=False, phase__in=IN_ROUNDS)
    return access.for_members(accounts, there, "room")


OWN: PreparedRows[models.Participant] = PreparedRows(_own)
LED: PreparedRows[models.Proposal] = PreparedRows(_led)
IN_ROOMS: PreparedRows[models.Proposal] = PreparedRows(_in_rooms)


def _time(at: Any) -> str | None:
    return rfc3339(at) if at else None
