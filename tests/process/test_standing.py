"""A circle's standings, worked out together, are what each person's is by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from decisions.process import commands as c
from decisions.process.standing import moment
from decisions.process.state import Answer, Proposal

from .story import EVE, FAY, MAX, NIA, OBI, PIA, SEALED, Story

CIRCLE = (FAY, PIA, MAX, NIA, EVE, OBI)


def moments() -> Iterator[tuple[str, Proposal]]:
    story = Story(circle=CIRCLE)
    yield "the first round is open", story.state
    story.says(c.AskQuestion, NIA, text="How soon?")
    yield "somebody asks", story.state
    story.meets(FAY, MAX)
    story.says(c.Clear, FAY)
    yield "two are in the room, one of them is still to speak", story.state
    story = Story(circle=CIRCLE).to_consent()
    story.says(c.Respond, EVE, kind=Answer.CONSENT)
    yield "one consents", story.state
    story = Story(circle=CIRCLE, policy=SEALED).to_consent()
    for who in CIRCLE:
        yield f"sealed, before {who} answers", story.state
        story.objects_sealed(who, kind=Answer.OBJECTION if who == MAX else Answer.CONSENT)
    yield "an objection stands", story.state


@pytest.mark.parametrize("state", [pytest.param(state, id=name) for name, state in moments()])
def test_those_who_are_said_to_stand_alike_do_whoever_has_left_or_is_absent(state: Proposal) -> None:
    for changed in (state, *_with_somebody_gone(state)):
        now = moment(changed)
        assert now.standings(CIRCLE) == {who: now.standing(who) for who in CIRCLE}


def _with_somebody_gone(state: Proposal) -> Iterator[Proposal]:
    for who in CIRCLE:
        person = state.participants[who]
        for gone in (replace(person, left=True), replace(person, absent=True)):
            yield replace(state, participants={**state.participants, who: gone})


def test_a_first_question_is_news_for_its_asker_and_the_author_and_for_nobody_else() -> None:
    story = Story(circle=CIRCLE)
    before = moment(story.state)
    story.says(c.AskQuestion, NIA, text="How soon?")
    assert moment(story.state).unlike(before) == {NIA, story.state.author}
