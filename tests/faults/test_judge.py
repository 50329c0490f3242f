"""What the runs are judged by finds each thing that may not be, and nothing in a decision that is as it should be."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from decisions import models
from tests.decisions.rows import owning
from tests.decisions.story import Story
from tests.faults.judge import IMPOSSIBLE, Rows, nothing_impossible
from tests.faults.run import Run


class OfTheTest(Rows):
    """What the tests' own transaction sees."""

    def __init__(self) -> None:
        super().__init__("")

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())


TAMPERED = {
    "adopted by no consent round to its text": "UPDATE decisions_round SET outcome = 'returned' WHERE kind = 'consent'",
    "adopted without the two rounds before": "DELETE FROM decisions_reaction; DELETE FROM decisions_round "
    "WHERE kind = 'reaction' AND revision = 2",
    "adopted beside an objection that stands": "UPDATE decisions_objection SET status = 'standing', revision = 2",
    "adopted against an answer": "UPDATE decisions_response SET kind = 'objection' WHERE text IS NOT NULL",
    "adopted without an answer": "DELETE FROM decisions_response WHERE kind = 'concern'",
    "adopted by one alone": "DELETE FROM decisions_response WHERE kind = 'consent'",
}


def found() -> list[str]:
    run = Run("judge")
    nothing_impossible(run, OfTheTest())
    assert run.counts["impossible"] == len(run.notes)
    return [note.rpartition(": ")[2] for note in run.notes]


def test_a_decision_as_it_should_be_is_not_called_impossible(story: Story) -> None:
    story.play(until="revise")
    assert found() == []
    story.second_rounds()
    assert found() == []
    story.adopt()
    assert models.Proposal.objects.get().phase == "adopted"
    assert found() == []


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_each_thing_that_may_not_be_is_found(story: Story, what: str) -> None:
    story.play()
    with transaction.atomic():
        with owning() as cursor:
            for statement in TAMPERED[what].split(";"):
                cursor.execute(statement)
        assert what in found()
        transaction.set_rollback(True)
