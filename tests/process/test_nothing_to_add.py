"""Section 4: *clear, and nothing to add*, in one press, on revisions after the first."""

from __future__ import annotations

from decisions.process import commands as c
from decisions.process.events import RoundOpened
from decisions.process.rounds import awaited

from .story import FAY, MAX, PIA, Story, told


def test_nothing_to_add_is_for_revisions_after_the_first() -> None:
    Story().refuses("first_revision", c.Clear, MAX, nothing_to_add=True)


def test_nothing_to_add_stands_as_a_pass_in_that_revisions_reaction_round() -> None:
    story = Story().to_tuning()
    story.revises()
    story.says(c.Clear, MAX, nothing_to_add=True)
    *_, opened = story.says(c.Clear, FAY)
    assert isinstance(opened, RoundOpened)
    assert list(opened.passes.values()) == [MAX]
    (reaction,) = [r for r in story.state.reactions.values() if r.round == story.here()]
    assert (reaction.by, reaction.text) == (MAX, None)
    assert set(awaited(story.state)) == {FAY, PIA}


def test_a_pass_given_ahead_is_changeable_like_any_other() -> None:
    story = Story().to_tuning()
    story.revises()
    story.says(c.Clear, MAX, nothing_to_add=True)
    story.says(c.Clear, FAY)
    assert story.says(c.Pass, MAX) == []
    story.says(c.React, MAX, text="After all: I like it")
    story.says(c.TakeBackReaction, MAX)
    assert MAX in awaited(story.state)


def test_nothing_to_add_may_be_added_taken_away_and_is_lost_by_asking() -> None:
    story = Story().to_tuning()
    story.revises()
    assert told(story.says(c.Clear, MAX)) == ["cleared"]
    assert told(story.says(c.Clear, MAX, nothing_to_add=True)) == ["cleared"]
    assert story.says(c.Clear, MAX, nothing_to_add=True) == []
    question = story.asks(MAX).id
    story.says(c.AnswerQuestion, PIA, question=question, text="yes")
    story.says(c.Clear, MAX)
    *_, opened = story.says(c.Clear, FAY)
    assert isinstance(opened, RoundOpened)
    assert opened.passes == {}


def test_who_left_after_nothing_to_add_has_no_pass_in_the_next_round() -> None:
    story = Story().to_tuning()
    story.revises()
    story.says(c.Clear, MAX, nothing_to_add=True)
    story.says(c.LeaveCircle, MAX)
    *_, opened = story.says(c.Clear, FAY)
    assert isinstance(opened, RoundOpened)
    assert opened.passes == {}


def test_nothing_to_add_counts_for_one_revision_alone() -> None:
    story = Story().to_tuning()
    for n in (2, 3):
        story.revises(body=f"Revision {n}")
        story.says(c.Clear, MAX, nothing_to_add=n == 2)
        story.says(c.Clear, FAY)
        passed = {r.by for r in story.state.reactions.values() if r.round == story.here()}
        assert passed == ({MAX} if n == 2 else set())
        for who in (MAX, FAY, PIA):
            story.says(c.Pass, who)
