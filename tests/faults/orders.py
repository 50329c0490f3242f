"""Two people press at the same moment, and the order in which the database lets them in is forced, each way round. The
first holds the proposal's lock until the second stands before it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from conventions import clock
from conventions.transactions import writing
from decisions import store, submit
from notices.models import Mail
from teams import flows
from tests.api.test_races import press, told
from tests.api.together import at_once
from tests.decisions.conftest import Clients
from tests.decisions.story import Json, Story
from tests.faults.run import Run

PATIENCE = 20.0  # seconds
Act = Callable[[Clients, Story], Callable[[], tuple[int, Json]]]


class Order:
    """Who is let in first, and that all the others came while the first was in."""

    def __init__(self, others: int) -> None:
        self._mine, self._others = threading.local(), others
        self._inside, self._outside = threading.Event(), threading.Semaphore(0)

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
            self._outside.release()
        with writing():
            yield

    def load(self, inner: Callable[[Any], Any], row: Any) -> Any:
        """Whoever loads a proposal in order to change it holds its lock, be it a person, the clock or the team."""
        if getattr(self._mine, "place", "") == "first" and not self._inside.is_set():
            self._inside.set()
            assert all(self._outside.acquire(timeout=PATIENCE) for _ in range(self._others))
            until_waiting(self._others)
        return inner(row)


def until_waiting(others: int) -> None:
    """On PostgreSQL each of them asks for the lock itself; on SQLite they stand before the one writer's."""
    end = time.monotonic() + PATIENCE
    while connection.vendor == "postgresql" and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= others:
                return


def in_order(acts: Sequence[Callable[[], Any]], monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Json]]:
    """What each is answered, of whom the first is let in first; the rest as they come."""
    order = Order(len(acts) - 1)
    with monkeypatch.context() as patch:
        for module in (submit, flows):
            patch.setattr(module, "writing", order.writing)
        patch.setattr(store, "load", partial(order.load, store.load))
        return at_once([order.first(acts[0]), *map(order.second, acts[1:])])


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


def as_it_is(_story: Story) -> None:
    """Nothing more."""


def consented(*people: str) -> Callable[[Story], None]:
    def before(story: Story) -> None:
        for who in people:
            story.respond(who)

    return before


@dataclass(frozen=True)
class Pair:
    """`codes`: what the first and the second are answered; `phase` and `events`: what it then has come to.

    `later`: so much time goes by before the two press. `after` puts back what others would miss."""

    name: str
    until: str
    before: Callable[[Story], None]
    first: Act
    second: Act
    codes: tuple[int, int]
    phase: str
    events: dict[str, int]
    later: timedelta = timedelta()
    after: Callable[[Story], None] = as_it_is


CONSENTED = consented("fay")
ALL_BUT_PIA = consented("fay", "max")
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
    for pair in pairs:
        played = fresh(pair.until)
        pair.before(played)
        with clock.moved(pair.later):
            answers = in_order([pair.first(circle, played), pair.second(circle, played)], monkeypatch)
            run.fault(pair.name)
            judged(run, pair, played, answers)
            pair.after(played)


def judged(run: Run, pair: Pair, played: Story, answers: list[tuple[int, Json]]) -> None:
    codes, came_to = tuple(code for code, _ in answers), played.snapshot()["phase"]
    counted = {event: told(played).count(event) for event in pair.events}
    if (codes, came_to, counted) != (pair.codes, pair.phase, pair.events):
        refusals = [said.get("code") for _, said in answers]
        run.found("impossible", f"{pair.name}: {codes} {refusals}, {came_to}, {counted}")
    answered(run, pair.name, played, answers)


def answered(run: Run, name: str, played: Story, answers: list[tuple[int, Json]]) -> None:
    """Whoever is refused is told why, and nobody is mailed the same of it twice."""
    run.acked += sum(code < 400 for code, _ in answers)
    if not all(said.get("detail") for code, said in answers if code >= 400):
        run.found("impossible", f"{name}: refused without a word")
    mails = Counter(Mail.objects.filter(text__contains=f"/d/{played.id}").values_list("address", "subject"))
    for (address, subject), often in mails.items():
        if often > 1:
            run.found("dup", f"{name}: {often} mails to {address}: {subject}")
    if mails:
        run.figures["mails"] = run.figures.get("mails", 0) + mails.total()
