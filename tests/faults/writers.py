"""People who write without pause, and others who decide beside them, all of whom insist on an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from ssl import SSLContext
from uuid import uuid4

import httpx

from tests.decisions.story import Story
from tests.faults.deciders import VOICES, Table
from tests.faults.insisting import Insisting, words
from tests.faults.judge import THOUGHT, Acked
from tests.story.people import Cast, Person
from tests.story.rondo import TRUST

PATIENCE = 30.0
WRITERS, TABLES = 8, 2
Through = tuple[Sequence[str], SSLContext]
"""Addresses in front of the processes, and whom to trust there."""


class Writers(Insisting):
    """And what came of the decisions that were made meanwhile: how often which; and `broken_off`, why one could not be
    brought to its end."""

    def __init__(
        self,
        cast: Cast,
        stories: Sequence[Story],
        count: int = WRITERS,
        through: Through | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`patience`: seconds until an answer that does not come is taken for lost."""
        urls, self._trust = through or (cast.rondo.urls, TRUST)
        super().__init__(urls)
        self.outcomes: Counter[str] = Counter()
        self.broken_off: list[str] = []
        self._cast = cast
        self._rounds = [(story.id, story.round) for story in stories]
        # Fay keeps silent: a round in which everybody has spoken closes.
        everybody = [(who, at) for at in self._rounds for who in ("pia", "max")]
        self._people = (everybody * count)[:count]
        self._patience = patience

    def write(self, number: int) -> None:
        """One reaction after another; each replaces the one before, and each is an entry."""
        name, (proposal, round) = self._people[number]
        with self._elsewhere(name) as writer:
            for said in count(1):
                if self.is_over:
                    break
                text = f"{THOUGHT}{said} of {number} {uuid4().hex[:12]}"
                answer = self.insist(writer, "POST", f"rounds/{round}/reactions/", {"text": text}, said + number)
                if answer and answer.status_code >= 300:
                    self.unforeseen.append(words(answer))
                elif answer:
                    entry = next(one for one in answer.json()["entries"] if one["event"] == "reacted")
                    self.answered(Acked(proposal, entry["seq"], entry["hash"], text))

    def decide(self, team: str) -> None:
        """One decision after another, each to its end."""
        with ExitStack() as seats:
            people = {name: seats.enter_context(self._elsewhere(name)) for name in VOICES}
            table = Table(self, team, people)
            while not self.is_over:
                outcome, broken_off = table.decide()
                self.outcomes[outcome] += 1
                if broken_off and not self._given_up:
                    self.broken_off.append(broken_off)

    @contextmanager
    def _elsewhere(self, name: str) -> Iterator[Person]:
        """The same person, with a line of their own, by token: as good at whatever address."""
        with httpx.Client(timeout=self._patience, verify=self._trust) as client:
            yield replace(self._cast[name], client=client, token=self._cast.token_of(name))

    def add(self, others: Writers) -> None:
        """What others were answered, as if it had been these."""
        self.acked += others.acked
        self.statuses += others.statuses
        self.unforeseen += others.unforeseen
        self.outcomes += others.outcomes
        self.broken_off += others.broken_off


@contextmanager
def writing(
    cast: Cast,
    stories: Sequence[Story],
    count: int = WRITERS,
    through: Through | None = None,
    patience: float = PATIENCE,
) -> Iterator[Writers]:
    """They write and decide meanwhile; at the end everybody finishes what was begun."""
    writers = Writers(cast, stories, count, through, patience)
    with ThreadPoolExecutor(count + TABLES) as threads:
        working = [threads.submit(writers.write, number) for number in range(count)]
        working += [threads.submit(writers.decide, stories[0].team) for _ in range(TABLES)]
        try:
            yield writers
            writers.stop()
            for one in working:
                one.result(60)
        finally:
            writers.give_up()


def stories(cast: Cast, count: int) -> list[Story]:
    """Decisions of one circle in which everybody may react."""
    team = cast.found_team()
    for name in VOICES:
        cast.token_of(name)  # while nothing is amiss, and not by two at once
    made = [Story(cast.ask, team, {name: one.id for name, one in cast.people.items()}) for _ in range(count)]
    for story in made:
        story.propose()
        story.open()
        story.clear()
    return made
