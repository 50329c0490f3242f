"""Rondo as it is: its ASGI app, its protocol class, its hub, real people and commands, a database of its own."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import uvicorn
from django.core.management import call_command

from bench.parts import control
from bench.parts.newcomers import founded, newcomer
from config import asgi
from config.server import OPTIONS
from decisions import drafts, models, submit
from decisions.live import announce
from decisions.live.database import Database
from decisions.live.journal import Credential, Opening, Viewer, Visitor
from decisions.live.relay import Word
from decisions.process.commands import (
    AnswerQuestion,
    AskForConsent,
    AskQuestion,
    Clear,
    React,
    Respond,
    TakeBackQuestion,
)
from decisions.process.state import Answer
from teams import tokens

CIRCLE = int(
    os.environ.get("BENCH_CIRCLE", "50")
)  # whoever comes beyond that has no voice in the proposals, and sees them
DEEDS = ("publish", "burst", "sample", "backlog", "cut", "more", "round", "story", "until_alone")
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "20"))
QUESTION = "How do we notice within a week that this does not work, and who says so? " * 2


class Stamp:
    """Stands before the carrier: notes when each entry was announced, and can hold a burst together."""

    def __init__(self, carrier: announce.Carrier) -> None:
        self._carrier = carrier
        self.at: list[float] = []
        self.held: list[Word] | None = None

    def carry(self, word: Word) -> None:
        if self.held is not None:
            self.held.append(word)
            return
        if word["kind"] == "entry":
            self.at.append(control.now())
        self._carrier.carry(word)

    def release(self) -> None:
        held, self.held = self.held or [], None
        for word in held:
            self.carry(word)


class Deeds:
    """What the bench asks of this server. Every entry is made by a real command."""

    def __init__(self) -> None:
        founder, self.team = founded()
        first = min(PEOPLE, CIRCLE)
        self.people = [founder, *(newcomer(self.team, founder, number) for number in range(1, first))]
        self.main, self.beside, self.other = self.proposal(), self.proposal(), self.proposal()
        self.people += [newcomer(self.team, founder, number) for number in range(first, PEOPLE)]  # they look on
        self.tokens = [tokens.make_token(person, "bench")[1] for person in self.people]
        self.question: dict[str, str] = {}
        self.stamp = Stamp(asgi.application.switchboard)

    def proposal(self) -> str:
        author = self.people[0]
        texts = {"title": "Boats in by nine", "driver": "Late boats.", "body": "All boats are in by nine."}
        row = drafts.start(author, self.team, review_on=None, **texts)
        drafts.open_(author, row.pk, via=None)
        return str(row.pk)

    def entry(self, proposal: str, text: str = QUESTION) -> submit.Done:
        """A question asked, or the one before taken back: the journal grows, the snapshot does not."""
        done = self.next_of(proposal, text)()
        self.remember(proposal, done)
        return done

    def next_of(self, proposal: str, text: str = QUESTION) -> Callable[[], submit.Done]:
        """What makes the next entry there. What it gives is to be remembered."""
        asked = self.question.pop(proposal, None)
        if asked is not None:
            return partial(submit.submit, self.people[1], proposal, TakeBackQuestion, question=asked)
        return partial(submit.submit, self.people[1], proposal, AskQuestion, text=text)

    def remember(self, proposal: str, done: submit.Done) -> None:
        """Which question there is to take back now, if it is one."""
        for question, asked in json.loads(done.entries[0])["changes"]["questions"].items():
            if asked is not None:
                self.question[proposal] = question

    def publish(self, proposal: str = "") -> list[float]:
        self.stamp.at.clear()
        self.entry(proposal.strip() or self.main)
        return list(self.stamp.at)

    def burst(self, count: str) -> list[float]:
        self.stamp.at.clear()
        self.stamp.held = []
        for _ in range(int(count)):
            self.entry(self.main)
        self.stamp.release()
        return list(self.stamp.at)

    def sample(self) -> str:
        announce.use(self.stamp)  # now that the server runs and has put its own carrier in place
        return self.entry(self.main).entries[0].decode()

    def backlog(self, limit: str) -> int:
        """Entries on the other proposal, until somebody who does not read is behind, or has been cut."""
        switchboard = asgi.application.switchboard
        before = switchboard.hub.cut
        for guest in list(switchboard.guests):
            if f"proposal:{self.other}" in guest.looks:
                little_room(guest.outlet)
        for _ in range(20_000):
            self.entry(self.other, QUESTION * 20)
            time.sleep(0.001)
            behind = max((guest.outlet.behind() for guest in list(switchboard.guests)), default=0)
            if behind > int(limit) or switchboard.hub.cut > before:
                return behind
        raise RuntimeError("nobody fell behind")

    def more(self, count: str) -> list[str]:
        """The open rounds of so many new proposals."""
        return [self.round(self.proposal()) for _ in range(int(count))]

    def round(self, proposal: str) -> str:
        return str(models.Round.objects.get(proposal=proposal.strip(), closed_at=None).pk)

    def story(self, questions: str) -> str:
        """A proposal that has been through all its rounds once: questions with answers, a reaction and an answer of
        everybody; whoever is last objects, so that it is open still."""
        id, (author, *others) = self.proposal(), self.people
        first = self.round(id)
        for number in range(int(questions)):
            asked = submit.submit(others[number % len(others)], id, AskQuestion, on=first, text=QUESTION)
            question = next(iter(json.loads(asked.entries[0])["changes"]["questions"]))
            submit.submit(author, id, AnswerQuestion, question=question, text=QUESTION)
        for person in others:
            submit.submit(person, id, Clear, on=first)
        reacting = self.round(id)
        for person in self.people:
            submit.submit(person, id, React, on=reacting, text=QUESTION)
        submit.submit(author, id, AskForConsent)
        consenting = self.round(id)
        for person in self.people[:-1]:
            submit.submit(person, id, Respond, on=consenting, kind=Answer.CONCERN, text=QUESTION)
        return id

    def until_alone(self) -> None:
        """Until everybody who was here has gone."""
        while asgi.application.switchboard.guests:
            time.sleep(0.01)

    def cut(self) -> int:
        return int(asgi.application.switchboard.hub.cut)


def little_room(outlet: Any) -> None:
    """A small buffer in the kernel, so that a reader's lag shows at once."""
    outlet._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)


def let_everybody_in() -> None:
    """For comparison: nobody is asked who they are, nor whether they may see what they ask for."""

    async def admit(self: Database, credential: Credential) -> Visitor:
        return Visitor("", credential)

    async def open(self: Database, viewer: Viewer, topic: str, after: int | None) -> Opening:
        return Opening(hub.topics[topic].seq or 1, ())

    hub = asgi.application.switchboard.hub
    Database.admit, Database.open = admit, open  # type: ignore[method-assign]


def beside(port: int) -> None:
    """A second process, on the data and among the people of the first."""
    control.obey({"memory": control.memory})
    control.say({"topics": []})
    uvicorn.run(asgi.application, host="127.0.0.1", port=port, **OPTIONS)


def main(port: int) -> None:
    call_command("migrate", verbosity=0)
    if "unasked" in sys.argv:
        let_everybody_in()
    deeds = Deeds()
    table: dict[str, Any] = {name: getattr(deeds, name) for name in DEEDS}
    control.obey({**table, "memory": control.memory, "spent": control.spent})
    started = partial(control.say, {"topics": [deeds.main, deeds.beside, deeds.other], "tokens": deeds.tokens})
    started()
    uvicorn.run(asgi.application, host="127.0.0.1", port=port, **OPTIONS)


if __name__ == "__main__":
    (beside if "beside" in sys.argv else main)(int(sys.argv[1]))
