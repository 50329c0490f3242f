"""People who send a command again, with the same key, until it is answered; and what they were answered."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

import httpx

from tests.faults.judge import Acked
from tests.story.people import Person

PAUSE = 0.1


def says(answer: httpx.Response, codes: Collection[str]) -> bool:
    """Whether it is a refusal by the process for one of these reasons."""
    return answer.status_code == 409 and answer.json()["code"] in codes


def in_flight(answer: httpx.Response) -> bool:
    return says(answer, ("idempotency_in_flight",))


def words(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.text[:200]}"


class Insisting:
    """`acked`: the entries that were answered for; `statuses`: how often they were answered with which; `unforeseen`:
    what nobody may be answered, in words."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.urls = urls
        self.acked: list[Acked] = []
        self.statuses: Counter[int] = Counter()
        self.unforeseen: list[str] = []
        self._over = threading.Event()
        self._given_up = False
        self._changed = threading.Condition()

    def insist(self, person: Person, method: str, path: str, body: Any, turn: int) -> httpx.Response | None:
        """The answer, which may be a refusal; None when nobody waits for it any more. The servers are asked in turn."""
        key = str(uuid4())
        while True:
            url = self.urls[turn % len(self.urls)]
            turn += 1
            try:
                answer = person.send(url, method, path, body, **{"Idempotency-Key": key})
            except httpx.TransportError:
                self.statuses[0] += 1
            else:
                self._note(answer)
                if answer.status_code < 500 and not in_flight(answer):
                    return answer
            if self._over.wait(PAUSE) and self._given_up:
                return None

    def _note(self, answer: httpx.Response) -> None:
        code = answer.status_code
        with self._changed:
            self.statuses[code] += 1
            self._changed.notify_all()
        if code >= 500 and not (code == 503 and "Retry-After" in answer.headers):
            self.unforeseen.append(words(answer))

    def answered(self, *more: Acked) -> None:
        with self._changed:
            self.acked += more
            self._changed.notify_all()

    def wait_for(self, more: int, within: float = 30.0) -> None:
        """Until so many more entries were answered for."""
        wanted = len(self.acked) + more
        with self._changed:
            told = f"not {more} more answers within {within} s: {dict(self.statuses)}, {self.unforeseen[:3]}"
            assert self._changed.wait_for(lambda: len(self.acked) >= wanted, within), told

    def wait_to_be_refused(self, more: int, within: float = 60.0) -> None:
        """Until so many more were told to come again."""
        wanted = self.statuses[503] + more
        with self._changed:
            told = f"not {more} more answers of 503 within {within} s: {dict(self.statuses)}, {self.unforeseen[:3]}"
            assert self._changed.wait_for(lambda: self.statuses[503] >= wanted, within), told

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def stop(self) -> None:
        """Everybody finishes what was begun."""
        self._over.set()

    def give_up(self) -> None:
        """Nobody waits for an answer any more."""
        self._given_up = True
        self._over.set()
