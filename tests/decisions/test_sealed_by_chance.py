"""Sealed rounds by chance: whatever somebody answers, changes or takes back, nobody else gets a byte too early."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from conventions import problems
from decisions import models, read
from decisions.live import announce
from decisions.live.database import waiting_of_all
from decisions.live.relay import Word
from decisions.process import commands as c
from decisions.process.state import Answer
from decisions.submit import submit
from notices.message import message
from notices.models import Mail
from teams.models import Account

from .story import Story
from .test_sealed import sealed

pytestmark = pytest.mark.timeout(400)

ROUNDS, ACTS, SEED = 500, 4, 9
VOICES = ("fay", "pia", "max")
READERS = (*VOICES, "obi")
Executed = Callable[..., Any]


class Air:
    """A carrier of which everything is overheard that would go to other processes and to sockets."""

    def __init__(self) -> None:
        self.words: list[bytes] = []

    def carry(self, word: Word) -> None:
        self.words.append(repr(word).encode())

    @contextmanager
    def overheard(self) -> Iterator[list[bytes]]:
        before, self.words = announce.use(self), []
        try:
            yield self.words
        finally:
            announce.use(before)


class Round:
    """One sealed round. `given`: who → every text that they ever gave; `last`: what stands now, by whom."""

    def __init__(self, number: int, id: str, cast: Mapping[str, Account], chance: random.Random) -> None:
        self.number, self.id, self.cast, self.chance = number, id, cast, chance
        self.given: dict[str, list[bytes]] = {who: [] for who in VOICES}
        self.last: dict[str, list[bytes]] = {}

    def canary(self, who: str) -> str:
        text = f"canary-{self.number}-{who}-{len(self.given[who])}."
        self.given[who].append(text.encode())
        return text

    def act(self, who: str) -> bytes:
        """Answers, answers anew or takes back; what the command's answer says, which is told to the actor alone."""
        if who in self.last and self.chance.random() < 0.3:
            del self.last[who]
            return submit(self.cast[who], self.id, c.TakeBackResponse).as_json()
        kind, said = self.chance.choice(list(Answer)), {}
        if kind is not Answer.CONSENT:
            said["text"] = self.canary(who)
        if kind is Answer.OBJECTION and self.chance.random() < 0.5:
            said["suggestion"] = self.canary(who)
        self.last[who] = [text.encode() for text in said.values()]
        return submit(self.cast[who], self.id, c.Respond, kind=kind, **said).as_json()

    def read_by(self, who: str) -> list[bytes]:
        """The page, the record and the live side from the beginning; and now and then what waits for them."""
        row, account = models.Proposal.objects.get(pk=self.id), self.cast[who]
        waits = [waiting_of_all([account.pk])[account.pk]] if self.chance.random() < 0.1 else []
        entries = [text for _, text in read.entries_after(self.id, 0, 200)]
        return [read.snapshot(row, account), read.journal_page(row, 0, 200), *entries, *waits]

    @property
    def is_closed(self) -> bool:
        return len(self.last) == len(VOICES)

    def of_others(self, who: str) -> list[bytes]:
        return [text for other, texts in self.given.items() if other != who for text in texts]

    def kept(self) -> list[bytes]:
        return [text for texts in self.last.values() for text in texts]


def found(texts: list[bytes], heard: list[bytes]) -> list[bytes]:
    whole = b"\n".join(heard)
    return [text for text in texts if text in whole]


def letters() -> list[bytes]:
    return [f"{made.subject}\n{made.body}\n{made.alternatives}".encode() for made in map(message, Mail.objects.all())]


def test_in_five_hundred_sealed_rounds_nobody_gets_a_byte_of_another_too_early_or_of_what_was_taken_back(
    story: Story,
    cast: Mapping[str, Account],
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Executed,
) -> None:
    caplog.set_level(logging.DEBUG)
    sealed(story)
    chance, air, seen = random.Random(SEED), Air(), 0
    for number in range(ROUNDS):
        one = Round(number, story.id, cast, chance)
        with transaction.atomic(), air.overheard() as told_to_all:
            for _ in range(ACTS):
                who = chance.choice(VOICES)
                with django_capture_on_commit_callbacks(execute=True):
                    answered = one.act(who)
                if one.is_closed:
                    break
                assert not found(one.of_others(""), [*told_to_all, answered]), (SEED, number)
            for reader in READERS:
                heard = [*one.read_by(reader), *told_to_all]
                if one.is_closed:
                    assert found(one.of_others(""), heard) == [t for t in one.of_others("") if t in one.kept()], number
                else:
                    assert not found(one.of_others(reader), heard), (SEED, number, reader)
            assert one.is_closed or not found(one.of_others(""), letters()), (SEED, number)
            seen += one.is_closed
            transaction.set_rollback(True)
    assert 0.1 * ROUNDS < seen < 0.9 * ROUNDS, "both what is open and what was opened is looked at"
    assert "canary" not in caplog.text


def test_a_search_finds_no_sealed_word_and_a_refusal_repeats_none(story: Story, cast: Mapping[str, Account]) -> None:
    sealed(story)
    with pytest.raises(problems.Problem) as refused:
        submit(cast["obi"], story.id, c.Respond, kind=Answer.OBJECTION, text="canary-of-an-observer")
    assert "canary" not in str(vars(refused.value))
