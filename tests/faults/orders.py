"""Two people press at the same moment, and the order in which the database lets them in is forced, each way round. The
first holds the proposal's lock until the second stands before it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from conventions.transactions import writing
from decisions import access, submit
from tests.api.test_races import press, told
from tests.api.together import at_once
from tests.decisions.conftest import Clients
from tests.decisions.story import Json, Story
from tests.faults.run import Run

PATIENCE = 20.0  # seconds
Act = Callable[[Clients, Story], Callable[[], tuple[int, Json]]]


class Order:
    """Who is let in first, and that the other came while the first was in."""

    def __init__(self) -> None:
        self._mine = threading.local()
        self._inside, self._outside = threading.Event(), threading.Event()

    def first(self, act: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: self._as("first", act)

    def second(self, act: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: self._as("second", act)

    def _as(self, place: str, act: Callable[[], Any]) -> Any:
        self._mine.place = place
        return act()

    @contextmanager
    def writing(self) -> Iterator[None]:
        if getattr(self._mine, "place", "") == "second":
            assert self._inside.wait(PATIENCE)
            self._outside.set()
        with writing():
            yield

    def locked_for(self, inner: Callable[..., Any], *args: Any) -> Any:
        row = inner(*args)
        if getattr(self._mine, "place", "") == "first" and not self._inside.is_set():
            self._inside.set()
            assert self._outside.wait(PATIENCE)
            until_somebody_waits()
        return row


def until_somebody_waits() -> None:
    """On PostgreSQL the second asks for the lock itself; on SQLite it stands before the one writer's."""
    end = time.monotonic() + PATIENCE
    while connection.vendor == "postgresql" and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return


def respond(who: str, kind: str, text: str = "") -> Act:
    body = {"kind": kind, "text": text} if text else {"kind": kind}
    return lambda circle, story: press(circle[who], "PUT", f"rounds/{story.round}/response/", body)


def take_back(who: str) -> Act:
    return lambda circle, story: press(circle[who], "DELETE", f"rounds/{story.round}/response/")


def on_it(who: str, tail: str, body: Callable[[Story], Json]) -> Act:
    return lambda circle, story: press(circle[who], "POST", f"proposals/{story.id}/{tail}/", body(story))


def withdraw_objection(circle: Clients, story: Story) -> Callable[[], tuple[int, Json]]:
    return press(circle["max"], "POST", f"objections/{story.objection}/withdraw/", {"on": "1"})


def revision(story: Story) -> Json:
    return {"body": "Better.", "answers": {story.objection: "Payments stay."}, "on": "1"}


@dataclass(frozen=True)
class Pair:
    """`codes`: what the first and the second are answered; `phase` and `events`: what it then has come to."""

    name: str
    until: str
    before: tuple[tuple[str, str], ...]
    first: Act
    second: Act
    codes: tuple[int, int]
    phase: str
    events: dict[str, int]


CONSENTED = (("fay", "consent"),)
ALL_BUT_PIA = (("fay", "consent"), ("max", "consent"))
OBJECTION = respond("max", "objection", "Wait.")
CONSENT = respond("pia", "consent")
RETURN = on_it("fay", "return", lambda story: {"on": story.round})
WITHDRAW = on_it("pia", "withdraw", lambda story: {})
REVISE = on_it("pia", "revisions", revision)
ANOTHER_TEXT = on_it("pia", "revisions", lambda story: {"body": "Better.", "on": "1"})
ASK = on_it("pia", "ask-for-consent", lambda story: {"on": "1"})


def forced(
    run: Run, pairs: tuple[Pair, ...], fresh: Callable[[str], Story], circle: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plays each pair, and counts what came to something else than it says."""
    inner = access.locked_for
    for pair in pairs:
        order = Order()
        played = fresh(pair.until)
        for who, kind in pair.before:
            played.respond(who, kind)
        acts = [order.first(pair.first(circle, played)), order.second(pair.second(circle, played))]
        with monkeypatch.context() as patch:
            patch.setattr(submit, "writing", order.writing)
            patch.setattr(access, "locked_for", lambda *words, _to=order: _to.locked_for(inner, *words))
            answers = at_once(acts)
        run.fault(pair.name)
        run.acked += sum(code < 400 for code, _ in answers)
        codes, came_to = tuple(code for code, _ in answers), played.snapshot()["phase"]
        events = Counter(told(played))
        counted = {event: events[event] for event in pair.events}
        if (codes, came_to, counted) != (pair.codes, pair.phase, pair.events):
            refusals = [said.get("code") for _, said in answers]
            run.found("impossible", f"{pair.name}: {codes} {refusals}, {came_to}, {counted}")
        if not all(said.get("detail") for code, said in answers if code >= 400):
            run.found("impossible", f"{pair.name}: refused without a word")
