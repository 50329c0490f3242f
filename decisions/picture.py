"""The shared picture: a proposal as everybody may see it, and the difference between two pictures.

Nothing in it depends on who looks, nor, while a sealed round is open, on what was said in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from conventions.clock import rfc3339

from .markup import html
from .process import hours
from .process.engine import may
from .process.room import speaker
from .process.standing import Moment, moment
from .process.state import (
    Objection,
    Outcome,
    Phase,
    Proposal,
    Question,
    Reaction,
    Response,
    Revision,
    Round,
    Screen,
)
from .process.wanted import wanted

Picture = dict[str, Any]
DRAFTING = ("edit", "delete")


class Painter:
    """Paints one picture of a proposal after another. What has not changed from one to the next is one and the same
    object, so that it costs nothing to paint it again, nor to find the difference. `last`: the picture painted last;
    `wanted`: what the process waits for in it."""

    def __init__(self, team: tuple[str, str]) -> None:
        self.names: dict[str, str] = {}
        self.last: Picture = {}
        self.wanted: Mapping[str, str] = {}
        self._team = team
        self._seen: _Seen | None = None
        self._kept: dict[tuple[int, bool], tuple[object, Picture]] = {}
        self._used: dict[tuple[int, bool], tuple[object, Picture]] = {}

    def paint(self, state: Proposal) -> Picture:
        """The picture of this state; the next one is painted on top of it."""
        self._used = {}
        self.last = self._picture(state)
        self._kept = self._used
        return self.last

    def _picture(self, state: Proposal) -> Picture:
        now, text = moment(state), state.text
        self.wanted = wanted(state)
        awaited, waiting = now.awaited, frozenset(self.wanted)
        return {
            "id": state.id,
            "number": state.number,
            "team": self._team[0],
            "team_name": self._team[1],
            "title": text.title,
            "driver": text.driver,
            "phase": str(state.phase),
            "seq": state.seq,
            "author": state.author,
            "facilitator": state.facilitator,
            "revision": state.revision,
            "opened_at": _time(state.opened_at),
            "adopted_at": _time(state.adopted_at),
            "withdrawn_at": _time(state.withdrawn_at),
            "withdrawn_reason": state.withdrawn_reason,
            "review_on": _day(text.review_on),
            "policy": self._once(state.policy, _policy),
            "participants": self._participants(state, now, awaited, waiting),
            "observers": self._observers(state, now, waiting),
            "round": self._open_round(state, awaited),
            "rounds": self._all(state.rounds, _round),
            "room": _room(state),
            "chair_offered": state.chair_offered,
            "author_offered": state.author_offered,
            "overdue": now.overdue,
            "second_look": _second_look(now),
            "revisions": self._all(state.revisions, _revision),
            "questions": self._all(state.questions, _question),
            "reactions": self._all(state.reactions, _reaction),
            "responses": self._responses(state),
            "objections": self._all(state.objections, _objection),
            "screens": self._all(state.screens, _screen),
        }

    def _participants(self, state: Proposal, now: Moment, awaited: frozenset[str], waiting: frozenset[str]) -> Picture:
        if state.phase is Phase.DRAFT:
            return {state.author: self._drafting(state, now)}
        seen, people = self._seen, state.participants
        changed = seen.changed(now, awaited, waiting) if seen else None
        anew = people if changed is None else [who for who in changed if who in people]
        standings = now.standings(anew)
        painted = {
            who: {
                "name": self.names.get(who, ""),
                "absent": people[who].absent,
                "left": people[who].left,
                "suspended": people[who].suspended,
                "markable": who in now.markable,
                "heard": who in now.heard and not people[who].left,
                "awaited": who in awaited,
                "waiting": who in waiting,
                "may": list(may(standings[who])),
            }
            for who in anew
        }
        if seen is not None and changed is not None:
            painted = {**seen.participants, **painted} if painted else seen.participants
        self._seen = _Seen(now, awaited, waiting, painted)
        return painted

    def _drafting(self, state: Proposal, now: Moment) -> Picture:
        could = [*DRAFTING, *may(now.standing(state.author))]
        name = self.names.get(state.author, "")
        return {
            "name": name,
            "absent": False,
            "left": False,
            "suspended": False,
            "markable": False,
            "heard": False,
            "awaited": False,
            "waiting": False,
            "may": could,
        }

    def _observers(self, state: Proposal, now: Moment, waiting: frozenset[str]) -> Picture:
        """A facilitator without a voice."""
        who = state.facilitator
        if who is None or who in state.participants:
            return {}
        could = list(may(now.standing(who)))
        return {who: {"name": self.names.get(who, ""), "may": could, "waiting": who in waiting}}

    def _open_round(self, state: Proposal, awaited: frozenset[str]) -> Picture | None:
        round = state.round
        if round is None:
            return None
        return {
            "id": round.id,
            "kind": str(round.kind),
            "revision": round.revision,
            "sealed": round.sealed,
            "opened_at": _time(round.opened_at),
            "due_at": _time(round.due_at),
            "due_passed": hours.passed(state, round.due_at),
            "complete": not awaited,
        }

    def _responses(self, state: Proposal) -> Picture:
        return {id: self._once(r, _stub if is_hidden(state, r) else _response) for id, r in state.responses.items()}

    def _all(self, items: Mapping[Any, Any], told: Callable[[Any], Picture]) -> Picture:
        return {str(key): self._once(item, told) for key, item in items.items()}

    def _once(self, item: Any, told: Callable[[Any], Picture]) -> Picture:
        key = (id(item), told is _stub)
        if key not in self._used:
            # The item is kept beside it: an id is its own only as long as the item lives.
            self._used[key] = self._kept.get(key) or (item, told(item))
        return self._used[key][1]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The people as they were painted last, and what that hung on."""

    moment: Moment
    awaited: frozenset[str]
    waiting: frozenset[str]
    participants: Picture

    def changed(self, now: Moment, awaited: frozenset[str], waiting: frozenset[str]) -> set[str] | None:
        """Whom to paint anew; None for everybody."""
        unlike = now.unlike(self.moment)
        return None if unlike is None else unlike | (awaited ^ self.awaited) | (waiting ^ self.waiting)


def is_hidden(state: Proposal, response: Response) -> bool:
    """Whether others learn only *that* somebody responded: while a sealed round is open, and for ever where the
    proposal was withdrawn out of it."""
    round = state.rounds[response.round]
    return round.sealed and round.outcome in (None, Outcome.WITHDRAWN)


def own_answers(state: Proposal, who: str) -> Picture:
    """What this person alone may see: their own sealed answers, as a patch on the shared picture."""
    own = {r.id: _own(r) for r in state.responses.values() if r.by == who and is_hidden(state, r)}
    return {"responses": own} if own else {}


def difference(before: Picture, after: Picture) -> Picture:
    """The JSON Merge Patch (RFC 7396) that makes `after` out of `before`: null where something is gone."""
    patch: Picture = {key: None for key in before if key not in after}
    for key, new in after.items():
        old = before.get(key)
        if new is old or (key in before and new == old):
            continue
        both = isinstance(new, dict) and isinstance(old, dict)
        patch[key] = difference(old or {}, new) if both else new
    return patch


def _time(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _policy(policy: Any) -> Picture:
    return {
        "sealed": str(policy.sealed),
        "quorum_percent": policy.quorum_percent,
        "due_days": policy.due_days,
        "objector_grace_days": policy.objector_grace_days,
        "second_look_days": policy.second_look_days,
    }


def _round(round: Round) -> Picture:
    return {
        "kind": str(round.kind),
        "revision": round.revision,
        "sealed": round.sealed,
        "opened_at": _time(round.opened_at),
        "closed_at": _time(round.closed_at),
        "outcome": str(round.outcome) if round.outcome else None,
    }


def _second_look(now: Moment) -> Picture | None:
    """Until when, and by whom, an agreement can still be looked at again."""
    ends = hours.window_ends(now.state)
    if ends is None or not now.window:
        return None
    return {"until": _time(ends), "people": sorted(now.looking_again)}


def _room(state: Proposal) -> Picture | None:
    room = state.room
    if room is None:
        return None
    return {
        "opened_at": _time(room.opened_at),
        "present": sorted(room.present),
        "order": list(room.order),
        "speaker": speaker(state),
        "turn_since": _time(room.turn_since),
        "paused": room.paused_until is not None,
        "paused_until": _time(room.paused_until),
        "paused_by": room.paused_by,
        "pauses": room.pauses,
        "time_out": room.asked_time_out,
        "timebox": room.timebox,
        "timebox_ends_at": _time(room.timebox_ends_at),
    }


def _revision(text: Revision) -> Picture:
    return {
        "title": text.title,
        "driver": text.driver,
        "driver_html": html(text.driver),
        "body": text.body,
        "html": html(text.body),
        "review_on": _day(text.review_on),
        "note": text.note,
        "by": text.by,
        "at": _time(text.at),
        "answers": dict(text.answers),
    }


def _question(question: Question) -> Picture:
    return {
        "round": question.round,
        "by": question.by,
        "text": question.text,
        "at": _time(question.at),
        "answer": question.answer,
        "answered_at": _time(question.answered_at),
    }


def _reaction(reaction: Reaction) -> Picture:
    return {"round": reaction.round, "by": reaction.by, "text": reaction.text, "at": _time(reaction.at)}


def _stub(response: Response) -> Picture:
    return {"round": response.round, "by": response.by, "at": _time(response.at), "seq": response.seq}


def _response(response: Response) -> Picture:
    return {**_stub(response), "kind": str(response.kind), "text": response.text}


def _own(response: Response) -> Picture:
    return {**_response(response), "suggestion": response.suggestion}


def _objection(objection: Objection) -> Picture:
    return {
        "response": objection.response,
        "by": objection.by,
        "revision": objection.revision,
        "reason": objection.reason,
        "suggestion": objection.suggestion,
        "at": _time(objection.at),
        "status": str(objection.status),
        "restatement": objection.restatement,
        "confirmed": objection.confirmed,
        "correction": objection.correction,
        "answer": objection.answer,
        "answered_in": objection.answered_in,
    }


def _screen(screen: Screen) -> Picture:
    return {"by": screen.by, "at": _time(screen.at), "until": _time(screen.until)}
