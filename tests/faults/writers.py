"""People who write without pause, each command with a key of its own, and insist until it is answered."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx

from tests.decisions.story import Story
from tests.faults.judge import THOUGHT, Acked
from tests.story.people import Cast, Person

PAUSE = 0.1
PATIENCE = 30.0
WRITERS = 8
Through = tuple[Sequence[str], ssl.SSLContext | bool]
"""Addresses in front of the processes, and whom to trust there."""


def in_flight(answer: httpx.Response) -> bool:
    return answer.status_code == 409 and answer.json()["code"] == "idempotency_in_flight"


class Writers:
    """What they were answered: `acked`, how often with which status, and what nobody may be answered."""

    def __init__(
        self,
        cast: Cast,
        stories: Sequence[Story],
        count: int = WRITERS,
        through: Through | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`patience`: seconds until an answer that does not come is taken for lost."""
        self.acked: list[Acked] = []
        self.statuses: Counter[int] = Counter()
        self.unforeseen: list[str] = []
        self.waited: list[float] = []
        self._over = threading.Event()
        self._changed = threading.Condition()
        self._rounds = [(story.id, story.round) for story in stories]
        # Fay keeps silent: a round in which everybody has spoken closes.
        everybody = [(cast[who], at) for at in self._rounds for who in ("pia", "max")]
        self._people = (everybody * count)[:count]
        self._urls, self._trust = through or (cast.rondo.urls, True)
        self._patience = patience

    def write(self, number: int) -> None:
        """One reaction after another; each replaces the one before, and each is an entry."""
        person, (proposal, round) = self._people[number]
        mine = httpx.Client(timeout=self._patience, cookies=person.client.cookies, verify=self._trust)
        writer = Person(person.name, person.token, person.id, mine)
        said = 0
        while not self._over.is_set():
            said += 1
            text = f"{THOUGHT}{said} of {number} {uuid4().hex[:12]}"
            if answer := self._insist(writer, f"rounds/{round}/reactions/", {"text": text}, said + number):
                entry = next(one for one in answer["entries"] if one["event"] == "reacted")
                with self._changed:
                    self.acked.append(Acked(proposal, entry["seq"], entry["hash"], text))
                    self._changed.notify_all()
        mine.close()

    def _insist(self, writer: Person, path: str, body: dict[str, str], turn: int) -> Any:
        key, began = str(uuid4()), time.monotonic()
        while True:
            url = self._urls[turn % len(self._urls)]
            turn += 1
            try:
                answer = writer.send(url, "POST", path, body, **{"Idempotency-Key": key})
            except httpx.TransportError:
                self.statuses[0] += 1
            else:
                self._note(answer)
                if answer.status_code < 300:
                    self.waited.append(time.monotonic() - began)
                    return answer.json()
                if answer.status_code < 500 and not in_flight(answer):
                    return None
            if self._over.wait(PAUSE) and self._given_up:
                return None

    _given_up = False

    def _note(self, answer: httpx.Response) -> None:
        code = answer.status_code
        with self._changed:
            self.statuses[code] += 1
            self._changed.notify_all()
        waits = code == 503 and "Retry-After" in answer.headers
        if not (code < 300 or waits or in_flight(answer)):
            self.unforeseen.append(f"{code} {answer.text[:200]}")

    def wait_for(self, more: int, within: float = 30.0) -> None:
        """Until so many more commands were answered."""
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

    def add(self, others: Writers) -> None:
        """What others were answered, as if it had been these."""
        self.acked += others.acked
        self.statuses += others.statuses
        self.unforeseen += others.unforeseen

    def stop(self) -> None:
        self._over.set()

    def give_up(self) -> None:
        self._given_up = True
        self._over.set()


@contextmanager
def writing(
    cast: Cast,
    stories: Sequence[Story],
    count: int = WRITERS,
    through: Through | None = None,
    patience: float = PATIENCE,
) -> Iterator[Writers]:
    """They write meanwhile; at the end everybody finishes the sentence that was begun."""
    writers = Writers(cast, stories, count, through, patience)
    with ThreadPoolExecutor(count) as threads:
        written = [threads.submit(writers.write, number) for number in range(count)]
        try:
            yield writers
            writers.stop()
            for one in written:
                one.result(60)
        finally:
            writers.give_up()


def stories(cast: Cast, count: int) -> list[Story]:
    """Decisions of one circle in which everybody may react."""
    team = cast.found_team()
    made = [Story(cast.ask, team, {name: one.id for name, one in cast.people.items()}) for _ in range(count)]
    for story in made:
        story.propose()
        story.open()
        story.clear()
    return made
