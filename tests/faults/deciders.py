"""Decisions that are played to their end while the faults come. In each the last consent and an objection are sent at
the same moment, so that every kill, cut and absence has a chance to fall between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import httpx

from tests.decisions.story import Brief
from tests.faults.insisting import Insisting, says, words
from tests.faults.judge import Acked
from tests.story.people import Person

Json = Any
VOICES = ("fay", "pia", "max")
SENT_BACK = "sent back and adopted as changed"
OUTCOMES = {"adopted": "adopted as it was", "revising": SENT_BACK}
BEFORE, AFTER = 5, 3  # steps of the story up to where consent is asked for, and from the new revision on
OBJECTION = {"kind": "objection", "text": "Payments has no fast suite.", "suggestion": "Leave payments out."}


class BrokenOff(Exception):
    """A command was refused that the rules allow, or nobody waits any more."""


class Decision(Brief):
    """Told from the entries in their order, whoever of those who spoke at once was answered first."""

    def glance(self) -> Json:
        self.seen.sort(key=lambda entry: int(entry["seq"]))
        return super().glance()


class Table:
    """Three people with one decision after another."""

    def __init__(self, insisting: Insisting, team: str, people: Mapping[str, Person]) -> None:
        self._insisting, self._team, self._people = insisting, team, people
        self._ids = {name: one.id for name, one in people.items()}
        self._turn = count()

    def decide(self) -> tuple[str, str]:
        """What came of it, and why it was broken off, if it was."""
        decision = Decision(self._ask, self._team, self._ids)
        try:
            self._go_on(decision, *decision.steps()[:BEFORE])
            decision.respond("pia")
            decision.respond("max")
            self._last_words(decision)
            outcome = OUTCOMES[decision.glance()["phase"]]
            if outcome == SENT_BACK:
                self._go_on(decision, *decision.steps()[-AFTER:])
        except BrokenOff as why:
            return "broken off", str(why)
        return outcome, ""

    def _go_on(self, decision: Decision, *steps: tuple[str, Callable[[], None]]) -> None:
        for phase, step in steps:
            step()
            if (now := decision.glance()["phase"]) != phase:
                raise BrokenOff(f"{step.__name__}: {now}, not {phase}")

    def _last_words(self, decision: Decision) -> None:
        """Whoever is first: after the objection the consent ends the round without adoption, after the consent there
        is no round any more to object in."""
        path = f"rounds/{decision.round}/response/"
        with ThreadPoolExecutor(2) as both:
            consent = both.submit(self._send, "fay", "PUT", path, {"kind": "consent"})
            objection = both.submit(self._send, "max", "PUT", path, OBJECTION, refused=("round_closed", "wrong_phase"))
            for one in (consent, objection):
                decision.seen += one.result().json().get("entries", ())

    def _ask(self, who: str, method: str, path: str, body: Json) -> tuple[int, Json]:
        answer = self._send(who, method, path, body)
        return answer.status_code, answer.json()

    def _send(self, who: str, method: str, path: str, body: Json, refused: Collection[str] = ()) -> httpx.Response:
        answer = self._insisting.insist(self._people[who], method, path, body, next(self._turn))
        if answer is None or (answer.status_code >= 300 and not says(answer, refused)):
            raise BrokenOff(f"{who}: {method} {path}: {words(answer) if answer else 'no answer'}")
        told = answer.json()
        made = [Acked(told["proposal"], one["seq"], one["hash"]) for one in told.get("entries", ())]
        self._insisting.answered(*made)
        return answer
