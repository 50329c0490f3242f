"""Two server processes over one proposal, each with what it remembers of it: the journal brings them together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from decisions import models, read, store
from decisions.process.events import EVENTS
from tests.decisions.story import Story


class Processes:
    """Which of them acts; what the other one remembers stays as it was."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self._memories: list[OrderedDict[str, Any]] = [OrderedDict(), OrderedDict()]
        self._pictures: list[OrderedDict[str, Any]] = [OrderedDict(), OrderedDict()]
        self.read_afresh = 0
        afresh = store.read

        def counted(row: models.Proposal) -> Any:
            self.read_afresh += 1
            return afresh(row)

        monkeypatch.setattr(store, "read", counted)

    def act(self, number: int) -> None:
        self._patch.setattr(store, "_known", self._memories[number % 2])
        self._patch.setattr(read, "_pictures", self._pictures[number % 2])


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Processes:
    return Processes(monkeypatch)


def the_row(story: Story) -> models.Proposal:
    return models.Proposal.objects.select_related("team").get(pk=story.id)


def sealed(story: Story) -> list[Callable[[], Any]]:
    def ask() -> None:
        story.ask_for_consent(sealed=True)

    return [ask, lambda: story.respond("pia"), story.object, lambda: story.respond("fay")]


@pytest.mark.parametrize("how", ["open", "sealed"])
def test_what_the_other_process_wrote_is_caught_up_from_the_journal_and_is_what_the_rows_say(
    story: Story, processes: Processes, how: str
) -> None:
    processes.act(0)
    story.play(until="open")
    processes.act(1)
    store.load(the_row(story))
    rest = [step for _, step in story.steps()[2:]]
    steps = rest if how == "open" else [*rest[:4], *sealed(story), *rest[7:9]]
    before = processes.read_afresh
    for number, step in enumerate(steps):
        processes.act(number)
        step()
        for other in (number, number + 1):
            processes.act(other)
            row = the_row(story)
            state = store.look(row)
            assert processes.read_afresh == before, step
            assert state == store.read(row)
            before = processes.read_afresh
            assert store._painter(row, state, ()).last == store.painted(row, state).last


def test_a_memory_that_the_journal_does_not_lead_on_from_is_given_up(story: Story, processes: Processes) -> None:
    processes.act(0)
    story.play(until="open")
    known = store._known[story.id]
    story.ask_a_question()
    store._known[story.id] = store.Known("of a transaction that came to nothing", known.state, known.painter)
    before = processes.read_afresh
    assert store.load(the_row(story)) == store.read(the_row(story))
    assert processes.read_afresh == before + 2


def test_a_kind_of_entry_that_only_the_other_process_knows_is_read_from_the_rows(
    story: Story, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes.act(0)
    story.play(until="open")
    processes.act(1)
    store.load(the_row(story))
    processes.act(0)
    story.ask_a_question()
    processes.act(1)
    before = processes.read_afresh
    with monkeypatch.context() as patch:
        patch.setattr(store, "EVENTS", EVENTS.keys() - {"question_asked"})
        assert store.load(the_row(story)).questions
    assert processes.read_afresh == before + 1


def test_to_catch_up_takes_one_question_to_the_database(story: Story, processes: Processes) -> None:
    processes.act(0)
    story.play(until="open")
    processes.act(1)
    store.load(the_row(story))
    processes.act(0)
    story.ask_a_question()
    story.answer_it()
    row = the_row(story)
    processes.act(1)
    with CaptureQueriesContext(connection) as queries:
        store.load(row)
    assert len(queries) == 1
