"""Tells one decision step by step through the real commands, each step some minutes after the one before."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from conventions import clock
from decisions import drafts, submit
from decisions.process import commands as c
from decisions.process.state import Answer
from teams.models import Team

from .people import People

STEP = timedelta(minutes=7)


class Telling:
    """One proposal of the demo team. `ago` is when it began; nothing is told beyond the present."""

    def __init__(
        self, team: Team, people: People, author: str, ago: timedelta, title: str, driver: str, body: str
    ) -> None:
        self._people, self._author = people, author
        self._latest = clock.now()
        self._at = self._latest - ago
        self._objections: dict[str, str] = {}
        review = self._latest.date() + timedelta(days=140)
        with clock.frozen(self._at):
            row = drafts.start(people[author], team, title=title, driver=driver, body=body, review_on=review)
        self.proposal = str(row.pk)
        self.step = STEP

    def open(self) -> None:
        with clock.frozen(self.next()):
            drafts.open_(self._people[self._author], self.proposal, via=None)

    def asks(self, who: str, text: str, answer: str | None = None) -> None:
        question = self._gives(who, c.AskQuestion, text=text)["question"]
        if answer is not None:
            self._gives(self._author, c.AnswerQuestion, question=question, text=answer)

    def clear(self, *names: str) -> None:
        for name in names:
            self._gives(name, c.Clear)

    def reacts(self, who: str, text: str) -> None:
        self._gives(who, c.React, text=text)

    def passes(self, *names: str) -> None:
        for name in names:
            self._gives(name, c.Pass)

    def asks_for_consent(self) -> None:
        self._gives(self._author, c.AskForConsent)

    def consents(self, *names: str) -> None:
        for name in names:
            self._gives(name, c.Respond, kind=Answer.CONSENT)

    def has_a_concern(self, who: str, text: str) -> None:
        self._gives(who, c.Respond, kind=Answer.CONCERN, text=text)

    def objects(self, who: str, reason: str, suggestion: str | None = None) -> None:
        told = self._gives(who, c.Respond, kind=Answer.OBJECTION, text=reason, suggestion=suggestion)
        self._objections[who] = told["objection"]

    def restates(self, whose: str, text: str) -> None:
        self._gives(self._author, c.Restate, objection=self._objections[whose], text=text)

    def confirms(self, who: str) -> None:
        self._gives(who, c.Confirm, objection=self._objections[who])

    def revises(self, body: str, note: str, review_on: date | None = None, **answers: str) -> None:
        given = {self._objections[who]: text for who, text in answers.items()}
        self._gives(self._author, c.Revise, body=body, note=note, review_on=review_on, answers=given)

    def withdraws(self, reason: str) -> None:
        self._gives(self._author, c.Withdraw, reason=reason)

    def everybody_but(self, *names: str) -> list[str]:
        return [name for name in self._people if name not in names]

    def later(self, **time: float) -> None:
        self._at += timedelta(**time)

    def _gives(self, who: str, command: type[c.Command], **content: Any) -> dict[str, Any]:
        """What the first entry says that this command made."""
        with clock.frozen(self.next()):
            done = submit.submit(self._people[who], self.proposal, command, **content)
        told: dict[str, Any] = json.loads(done.entries[0])["data"]
        return told

    def next(self) -> datetime:
        """When what is told next happened."""
        self._at = min(self._at + self.step, self._latest)
        return self._at
