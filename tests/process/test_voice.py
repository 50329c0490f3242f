"""Equal voice: who was heard and how long turns took, of the circle as a whole and of nobody by name."""

from __future__ import annotations

from datetime import timedelta

from decisions.process import commands as c
from decisions.process.state import Answer, Kind, Policy, Sealing
from decisions.process.voice import Voice, voices

from .story import CIRCLE, FAY, MAX, NIA, PIA, Story

FOUR = (*CIRCLE, NIA)


def told(story: Story) -> list[Voice]:
    return voices(story.start, story.journal)


def after(story: Story, seconds: int) -> dict[str, object]:
    """As content of a command: given so many seconds after what happened last."""
    return {"at": story.journal[-1].at + timedelta(seconds=seconds)}


def reacting(story: Story, **seconds: int) -> None:
    """Each reacts on their turn, after so long."""
    for _ in seconds:
        who = story.speaker
        assert who is not None
        story.says(c.React, who, text="fine", **after(story, seconds[who]))


def in_reactions(*people: str, circle: tuple[str, ...] = FOUR) -> Story:
    """These people come in at one moment."""
    story = Story(circle=circle).all_clear().meets()
    for who in people:
        story.says(c.Join, who, **after(story, 0))
    return story


def last(story: Story) -> Voice:
    return told(story)[-1]


def test_turns_are_told_by_their_length_and_not_in_the_order_in_which_they_were_taken() -> None:
    story = in_reactions(FAY, MAX, PIA)
    reacting(story, fay=90, max=20, pia=40)
    assert last(story).turns == (20, 40, 90)


def test_who_was_heard_is_told_apart_by_place_alone() -> None:
    story = in_reactions(FAY, MAX, PIA)
    story.says(c.React, NIA, text="from here")
    reacting(story, fay=90, max=20, pia=40)
    assert (last(story).heard_in_room, last(story).heard_elsewhere) == ((FAY, MAX, PIA), (NIA,))


def test_where_somebody_was_heard_stays_when_they_come_in_or_go_out_later() -> None:
    story = in_reactions(FAY, MAX, PIA)
    story.says(c.React, NIA, text="from here")
    story.says(c.Join, NIA)
    story.says(c.React, FAY, text="fine")
    story.says(c.Leave, FAY)
    assert (last(story).heard_in_room, last(story).heard_elsewhere) == ((FAY,), (NIA,))


def test_no_length_is_told_of_so_few_turns_that_each_would_know_the_others() -> None:
    story = in_reactions(FAY, MAX, circle=CIRCLE)
    reacting(story, fay=90, max=20)
    assert (last(story).by_turns, last(story).turns, last(story).over) == (True, (), 0)


def test_a_time_out_is_nobodys_time() -> None:
    story = in_reactions(FAY, MAX, PIA)
    story.says(c.Pause, FAY, minutes=10, **after(story, 30))
    story.says(c.Resume, FAY, **after(story, 300))
    reacting(story, fay=15, max=20, pia=40)
    assert last(story).turns == (20, 40, 45)


def test_a_turn_that_ends_in_a_time_out_is_as_long_as_until_then() -> None:
    story = in_reactions(FAY, MAX, PIA)
    reacting(story, fay=10, max=20)
    story.says(c.GiveTurn, FAY, to=MAX, **after(story, 0))
    story.says(c.Pause, FAY, minutes=10, **after(story, 30))
    story.says(c.GiveTurn, FAY, to=PIA, **after(story, 200))
    assert last(story).turns == (10, 20, 30)


def test_who_comes_later_has_not_taken_the_turn_that_they_passed_on() -> None:
    story = in_reactions(FAY, MAX, PIA)
    story.says(c.Later, FAY, **after(story, 7))
    reacting(story, max=20, pia=40, fay=50)
    assert last(story).turns == (20, 40, 50)


def test_turns_over_the_timebox_are_counted_by_the_clock_that_everybody_saw() -> None:
    story = in_reactions(FAY, MAX, PIA)
    story.says(c.SetTimebox, FAY, seconds=60, **after(story, 50))
    reacting(story, fay=55, max=61, pia=60)
    assert (last(story).over, last(story).timebox, last(story).turns) == (1, 60, (60, 61, 105))


def test_in_a_sealed_round_there_are_no_turns() -> None:
    story = in_reactions(FAY, MAX, PIA, circle=CIRCLE)
    reacting(story, fay=90, max=20, pia=40)
    story.next()
    story.says(c.AskForConsent, PIA, sealed=True)
    for who in CIRCLE[:-1]:
        story.says(c.Respond, who, kind=Answer.CONSENT)
    assert (last(story).sealed, last(story).by_turns, last(story).turns) == (True, False, ())
    assert last(story).heard_in_room == (FAY, PIA)


def test_a_round_without_a_room_has_voices_and_no_turns() -> None:
    story = Story().all_clear()
    clarifying, reaction = told(story)
    assert (clarifying.closed, clarifying.by_turns, clarifying.heard_elsewhere) == (True, False, (FAY, MAX))
    assert (reaction.closed, reaction.heard_elsewhere) == (False, ())


def test_the_author_is_asked_nothing_in_clarifying_and_so_is_not_among_the_heard() -> None:
    story = Story().meets(FAY, MAX, PIA)
    story.in_turn(c.Clear)
    assert last(story).heard_in_room == (FAY, MAX)


def test_each_round_of_each_revision_is_told_apart() -> None:
    story = Story(policy=Policy(sealed=Sealing.NEVER)).meets(*CIRCLE)
    story.in_turn(c.Clear)
    story.next()
    story.in_turn(c.React, text="fine")
    story.next()
    story.says(c.AskForConsent, PIA)
    story.in_turn(c.Respond, kind=Answer.CONSENT)
    assert [(v.kind, v.revision, v.closed, len(v.turns)) for v in told(story)] == [
        (Kind.CLARIFYING, 1, True, 0),
        (Kind.REACTION, 1, True, 3),
        (Kind.CONSENT, 1, True, 3),
    ]


def test_nothing_is_told_before_anything_has_happened() -> None:
    assert voices(Story().start, []) == []
