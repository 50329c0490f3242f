"""The minutes of a meeting, which write themselves: what was decided, in its exact words, and where each item stands.

Read off the journals of the decisions, from the entry at which the meeting came to an item to the one at which it left
it. Who said what stands in a decision's own record, and nowhere else; what is said in check-in and check-out is kept
nowhere at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from conventions.clock import rfc3339
from decisions.gathering import Passage, passage
from decisions.markup import html
from decisions.names import names_of
from decisions.process.state import Outcome, Phase, Proposal, Round

from . import models, store
from .process import events as e
from .process.state import Item, Meeting

Json = dict[str, Any]


def minutes_of(row: models.Meeting) -> Json:
    """The minutes as they stand now; final once the meeting has ended."""
    state = store.load(row)
    story = store.story(row)
    names = names_of({who for event in story for who in (event.by, *_chairs(event))} | set(state.people))
    return {
        "id": row.pk,
        "team": row.team.slug,
        "team_name": row.team.name,
        "title": state.title,
        "phase": str(state.phase),
        "place": state.place,
        "starts_at": rfc3339(state.starts_at),
        "opened_at": _time(state.opened_at),
        "ended_at": _time(state.ended_at),
        "facilitators": _named(_facilitators(state, story), names),
        "present": sorted(_named(_present(story), names), key=str.casefold),
        "agenda": {
            "version": state.version,
            "agreed_at": _time(state.agreed_at),
            "changes_asked": sum(isinstance(event, e.ChangeAsked) for event in story),
        },
        "items": [_item(item) for item in state.agenda],
    }


def _chairs(event: e.Event) -> tuple[str, ...]:
    return (event.facilitator,) if isinstance(event, e.Planned | e.FacilitatorChanged) else ()


def _facilitators(state: Meeting, story: Iterable[e.Event]) -> list[str]:
    """Whoever facilitated while it went on, in that order."""
    before = [event.before for event in story if isinstance(event, e.FacilitatorChanged)]
    return list(dict.fromkeys([*before, state.facilitator]))


def _present(story: Iterable[e.Event]) -> list[str]:
    """Whoever was in the meeting, however long."""
    return list(dict.fromkeys(event.by for event in story if isinstance(event, e.Joined)))


def _named(people: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return [names.get(who, "") for who in people]


def _item(item: Item) -> Json:
    told: Json = {
        "id": item.id,
        "proposal": item.proposal,
        "wanted": str(item.wanted),
        "minutes": item.minutes,
        "stage": str(item.stage),
        "began_at": _time(item.began_at),
        "ended_at": _time(item.ended_at),
    }
    if item.began is None:
        return {**told, **_subject(passage(item.proposal, 0, None).after), "outcome": None}
    seen = passage(item.proposal, item.began, item.ended)
    return {**told, **_subject(seen.after), "outcome": _outcome(seen)}


def _subject(proposal: Proposal) -> Json:
    return {"number": proposal.number, "title": proposal.text.title}


def _outcome(seen: Passage) -> Json:
    """What became of a decision while the meeting was at it."""
    before, after = seen.before, seen.after
    closed = [round for id, round in after.rounds.items() if _closed_meanwhile(before.rounds.get(id), round)]
    adopted = after.phase is Phase.ADOPTED and before.phase is not Phase.ADOPTED
    return {
        "phase_before": str(before.phase),
        "phase": str(after.phase),
        "revision": after.revision,
        "rounds": [{"kind": str(r.kind), "revision": r.revision, "outcome": str(r.outcome)} for r in closed],
        "objections": sum(id not in before.objections for id in after.objections),
        "sent_back": sum(round.outcome is Outcome.RETURNED for round in closed),
        "revisions": [
            {"number": text.number, "note": text.note}
            for number, text in after.revisions.items()
            if number not in before.revisions
        ],
        "adopted": _agreement(after) if adopted else None,
        "goes_on": _goes_on(after),
    }


def _closed_meanwhile(before: Round | None, after: Round) -> bool:
    return after.closed_at is not None and (before is None or before.closed_at is None)


def _agreement(proposal: Proposal) -> Json:
    """The exact text of what was decided."""
    text = proposal.text
    return {
        "title": text.title,
        "driver_html": html(text.driver),
        "html": html(text.body),
        "body": text.body,
        "review_on": text.review_on.isoformat() if text.review_on else None,
        "at": _time(proposal.adopted_at),
    }


def _goes_on(proposal: Proposal) -> Json | None:
    """The round that was open when the meeting left the item, and goes on, each in their own time."""
    round = proposal.round
    return {"kind": str(round.kind), "due_at": rfc3339(round.due_at)} if round else None


def _time(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None
