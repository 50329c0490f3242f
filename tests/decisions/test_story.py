"""A decision from proposal to agreement by HTTP, with every entry in its place."""

from typing import Any

from decisions.read import merged
from tests.merging import without_nulls

from .story import Story

EVENTS = [
    "opened",
    "round_opened",
    "question_asked",
    "question_answered",
    "cleared",
    "cleared",
    "round_closed",
    "round_opened",
    "reacted",
    "passed",
    "reacted",
    "round_closed",
    "round_opened",
    "objection_raised",
    "returned",
    "objection_restated",
    "restatement_confirmed",
    "revised",
    "round_opened",
    "cleared",
    "cleared",
    "round_closed",
    "round_opened",
    "passed",
    "round_closed",
    "round_opened",
    "consented",
    "concern_raised",
    "consented",
    "round_closed",
    "adopted",
]


def test_a_proposal_becomes_an_agreement_through_three_rounds_an_objection_and_a_second_revision(
    story: Story,
) -> None:
    story.play()
    assert [entry["event"] for entry in story.seen] == EVENTS
    assert [entry["seq"] for entry in story.seen] == list(range(1, len(EVENTS) + 1))
    end = story.snapshot()
    (objection,) = end["objections"].values()
    assert objection["status"] == "resolved"
    assert objection["answer"] == "Payments keeps its branch."
    assert objection["confirmed"] is True


def test_the_changes_of_all_entries_in_order_make_the_snapshot(story: Story) -> None:
    story.play()
    built: Any = {}
    for entry in story.seen:
        built = merged(built, entry["changes"])
    assert without_nulls(built) == without_nulls(story.snapshot())
