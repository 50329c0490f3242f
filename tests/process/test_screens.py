"""Links that show a decision on a screen. Told by stories: in the walks they would double every state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from decisions.process import commands as c
from decisions.process.limits import A_SCREEN_LASTS, MOST_SCREENS
from decisions.process.page import DOES
from decisions.process.state import Answer, Phase, Proposal

from .story import CIRCLE, EVE, FAY, MAX, OBI, PIA, Story, told


def link(number: int = 1) -> dict[str, str]:
    return {"screen": f"screen{number}", "digest": f"{number:064}"}


def stories() -> list[Story]:
    """One in each phase in which a decision is open."""
    return [Story(), Story().to_reaction(), Story().to_tuning(), Story().to_consent(), Story().to_revising(MAX)]


def test_every_participant_may_make_a_link_in_every_open_phase_and_all_see_who_did() -> None:
    for story in stories():
        for number, who in enumerate(CIRCLE):
            assert "open-screen" in story.may(who)
            (opened,) = story.says(c.OpenScreen, who, **link(number))
            assert (opened.name, opened.by, opened.at) == ("screen_opened", who, story.now)
        assert [(screen.by, screen.digest) for screen in story.state.screens.values()] == [
            (who, link(number)["digest"]) for number, who in enumerate(CIRCLE)
        ]


def test_who_facilitates_without_a_voice_may_too_and_who_only_reads_may_not() -> None:
    story = Story(facilitator=OBI)
    story.says(c.OpenScreen, OBI, **link())
    story.refuses("not_a_participant", c.OpenScreen, EVE, **link(2))
    assert "open-screen" not in story.may(EVE)


def test_a_link_makes_no_difference_to_anything_else() -> None:
    for story in stories():
        before = {who: story.may(who) for who in CIRCLE}
        story.says(c.OpenScreen, FAY, **link())
        after = {who: tuple(name for name in story.may(who) if name != "close-screen") for who in CIRCLE}
        assert before == after
        story.says(c.CloseScreen, FAY, screen="screen1")
        assert {who: story.may(who) for who in CIRCLE} == before


def test_who_made_a_link_or_facilitates_may_close_it_and_nobody_else() -> None:
    story = Story()
    story.says(c.OpenScreen, MAX, **link(1))
    story.says(c.OpenScreen, MAX, **link(2))
    assert [who for who in CIRCLE if "close-screen" in story.may(who)] == [FAY, MAX]
    story.refuses("only_its_maker", c.CloseScreen, PIA, screen="screen1")
    assert told(story.says(c.CloseScreen, MAX, screen="screen1")) == ["screen_closed"]
    assert told(story.says(c.CloseScreen, FAY, screen="screen2")) == ["screen_closed"]
    assert not story.state.screens
    story.refuses("no_screen", c.CloseScreen, FAY, screen="screen2")


def test_the_right_to_close_goes_over_with_the_chair() -> None:
    story = Story()
    story.says(c.OpenScreen, MAX, **link())
    story.says(c.HandOver, FAY, to=PIA)
    story.says(c.AcceptChair, PIA)
    assert [who for who in CIRCLE if "close-screen" in story.may(who)] == [PIA, MAX]


def test_there_are_at_most_five_links_at_once() -> None:
    story = Story()
    for number in range(MOST_SCREENS):
        story.says(c.OpenScreen, MAX, **link(number))
    story.refuses("too_many_screens", c.OpenScreen, FAY, **link(9))
    story.says(c.CloseScreen, FAY, screen="screen0")
    story.says(c.OpenScreen, FAY, **link(9))


def test_a_link_whose_day_is_over_makes_room_for_the_next() -> None:
    story = Story()
    for number in range(MOST_SCREENS):
        story.says(c.OpenScreen, MAX, **link(number))
    first = story.state.screens["screen0"].at
    story.refuses("too_many_screens", c.OpenScreen, FAY, at=first + A_SCREEN_LASTS - timedelta(seconds=1), **link(9))
    story.says(c.OpenScreen, FAY, at=first + A_SCREEN_LASTS, **link(9))
    assert list(story.state.screens) == ["screen1", "screen2", "screen3", "screen4", "screen9"]


def test_the_links_of_who_leaves_end() -> None:
    story = Story()
    story.says(c.OpenScreen, MAX, **link(1))
    story.says(c.OpenScreen, FAY, **link(2))
    story.says(c.LeaveCircle, MAX)
    assert list(story.state.screens) == ["screen2"]


def adopted() -> Story:
    story = Story().to_consent()
    story.says(c.OpenScreen, MAX, **link())
    story.consents(*CIRCLE)
    return story


def withdrawn() -> Story:
    story = Story()
    story.says(c.OpenScreen, MAX, **link())
    story.says(c.Withdraw, PIA)
    return story


@pytest.mark.parametrize("ends", [adopted, withdrawn])
def test_the_end_is_shown_too_and_the_link_can_be_closed_after_it(ends: Any) -> None:
    story: Story = ends()
    assert story.phase in (Phase.ADOPTED, Phase.WITHDRAWN)
    story.refuses("wrong_phase", c.OpenScreen, MAX, **link(2))
    assert [story.may(who) for who in CIRCLE] == [("close-screen",), (), ("close-screen",)]
    phase = story.phase
    assert story.says(c.CloseScreen, MAX, screen="screen1")
    assert (story.phase, story.may(MAX)) == (phase, ())


def test_in_a_sealed_round_a_link_can_be_made_whatever_was_said() -> None:
    after: list[Proposal] = []
    for kind in Answer:
        story = Story().to_consent(sealed=True)
        story.objects_sealed(MAX, kind=kind)
        story.says(c.OpenScreen, FAY, **link())
        after.append(story.state)
    assert after[0].screens == after[1].screens == after[2].screens


def test_a_link_makes_the_entries_that_the_page_tells() -> None:
    """As the walks say it of all the other commands."""
    story = Story()
    opened, closed = story.says(c.OpenScreen, FAY, **link()), story.says(c.CloseScreen, FAY, screen="screen1")
    assert (tuple(map(type, opened)), tuple(map(type, closed))) == (DOES[c.OpenScreen][1], DOES[c.CloseScreen][1])
