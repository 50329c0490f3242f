"""What one person has given to decisions, for that person: their own words, in those decisions that they may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conventions.clock import rfc3339
from teams.models import Account

from . import access, afterwords, store
from .process.state import Objection, Proposal, Question, Reaction, Response

Told = dict[str, Any]


def told(account: Account) -> Told:
    """`{decisions: […]}`, the oldest first; those to which they gave nothing are left out."""
    said = afterwords.own(account)
    found = [
        {**_decision(store.look(row), row.title, account.pk), "afterword": said.get(row.pk)}
        for row in access.visible_to(account).order_by("pk")
    ]
    return {"decisions": [one for one in found if _gave(one)]}


def _gave(one: Told) -> bool:
    return any(one[kind] for kind in ("revisions", "questions", "reactions", "responses", "objections", "afterword"))


def _decision(state: Proposal, title: str, who: str) -> Told:
    return {
        "id": state.id,
        "title": title,
        "phase": str(state.phase),
        "author": state.author == who,
        "revisions": [
            {
                "number": one.number,
                "title": one.title,
                "driver": one.driver,
                "body": one.body,
                "note": one.note,
                "answers": dict(one.answers),
                "at": rfc3339(one.at),
            }
            for one in state.revisions.values()
            if one.by == who
        ],
        "questions": [_question(one) for one in _own(state.questions.values(), who)],
        "reactions": [_reaction(one) for one in _own(state.reactions.values(), who)],
        "responses": [_response(one) for one in _own(state.responses.values(), who)],
        "objections": [_objection(one) for one in _own(state.objections.values(), who)],
    }


def _own(given: Iterable[Any], who: str) -> list[Any]:
    return sorted((one for one in given if one.by == who), key=lambda one: one.at)


def _question(one: Question) -> Told:
    return {"text": one.text, "at": rfc3339(one.at)}


def _reaction(one: Reaction) -> Told:
    return {"text": one.text, "at": rfc3339(one.at)}


def _response(one: Response) -> Told:
    return {"kind": str(one.kind), "text": one.text, "suggestion": one.suggestion, "at": rfc3339(one.at)}


def _objection(one: Objection) -> Told:
    return {
        "revision": one.revision,
        "reason": one.reason,
        "suggestion": one.suggestion,
        "correction": one.correction,
        "status": str(one.status),
        "at": rfc3339(one.at),
    }
