"""What the process waits for, from whom: exactly what they may do, in every phase, and never from who has left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from decisions.process import commands as c
from decisions.process.state import Policy, Sealing
from decisions.process.wanted import wanted

from .story import FAY, MAX, PIA, Story
from .test_absence import go_to

DAY = timedelta(days=1)


def test_a_round_wants_of_each_the_contribution_that_it_is_about() -> None:
    assert wanted(Story().state) == {FAY: "clear", MAX: "clear"}
    assert set(wanted(Story().to_reaction().state).values()) == {"react"}
    assert wanted(Story().to_tuning().state) == {PIA: "ask-for-consent"}
    assert wanted(Story().to_consent().state) == dict.fromkeys((FAY, MAX, PIA), "respond")


def test_an_unanswered_question_wants_its_answer_of_the_author() -> None:
    story = Story()
    story.asks(MAX)
    assert wanted(story.state)[PIA] == "answer"


def test_a_complete_round_in_a_room_wants_next_of_the_facilitator_and_of_nobody_else() -> None:
    story = Story().meets(FAY, PIA, MAX)
    story.in_turn(c.Clear)
    assert wanted(story.state) == {FAY: "next"}
    assert "next" in story.may(FAY)


def test_nothing_is_wanted_of_the_facilitator_while_a_time_out_lasts() -> None:
    story = Story().meets(FAY, PIA, MAX)
    story.in_turn(c.Clear)
    story.says(c.Pause, FAY, minutes=5)
    assert wanted(story.state) == {}


def test_an_author_who_is_away_makes_the_facilitator_wanted_until_somebody_is_asked_to_carry_on() -> None:
    for story in (Story().to_tuning(), Story().to_revising(MAX)):
        assert PIA in wanted(story.state)
        story.says(c.IAmAbsent, PIA)
        assert wanted(story.state) == {FAY: "author"}
        story.says(c.OfferAuthorship, FAY, to=MAX)
        assert wanted(story.state) == {MAX: "accept-author"}


def test_questions_that_an_absent_author_leaves_unanswered_make_the_facilitator_wanted_once_they_are_clear() -> None:
    story = Story()
    story.asks(MAX)
    story.says(c.IAmAbsent, PIA)
    assert wanted(story.state) == {FAY: "clear", MAX: "clear"}
    story.says(c.Clear, FAY)
    assert wanted(story.state) == {FAY: "author", MAX: "clear"}


def test_an_overdue_author_makes_the_facilitator_wanted_too() -> None:
    story = Story().to_tuning()
    assert FAY not in wanted(story.state)
    go_to(story, story.now + 14 * DAY)
    assert wanted(story.state)[FAY] == "author"


def test_a_facilitator_without_a_voice_is_wanted_like_one_with_a_voice() -> None:
    story = Story().meets(FAY, PIA, MAX)
    story.in_turn(c.Clear)
    without = {who: person for who, person in story.state.participants.items() if who != FAY}
    assert wanted(replace(story.state, participants=without)) == {FAY: "next"}


def test_an_author_without_a_voice_is_wanted_for_nothing() -> None:
    story = Story().to_tuning()
    without = {who: person for who, person in story.state.participants.items() if who != PIA}
    assert PIA not in wanted(replace(story.state, participants=without))


def test_who_has_left_is_wanted_for_nothing() -> None:
    story = Story().meets(FAY, PIA, MAX)
    story.in_turn(c.Clear)
    story.says(c.LeaveCircle, FAY)
    assert FAY not in wanted(story.state)


def test_in_a_sealed_round_what_is_wanted_does_not_hang_on_what_was_said() -> None:
    stories = [Story(policy=Policy(sealed=Sealing.ALWAYS)).to_consent() for _ in range(2)]
    stories[0].consents(MAX)
    stories[1].objects_sealed(MAX)
    assert wanted(stories[0].state) == wanted(stories[1].state)
