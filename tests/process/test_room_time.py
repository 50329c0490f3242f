"""Section 6: time-outs, the courtesy clock, the chair, and who is led out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from decisions.process import commands as c
from decisions.process.engine import wakes_at
from decisions.process.state import Answer, Phase, Policy

from .story import FAY, MAX, OBI, PIA, Story, told

CONSENT = {"kind": Answer.CONSENT}
GONE = frozenset({FAY})


# ── time-out ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_anyone_present_may_ask_for_a_time_out_and_the_facilitator_pauses() -> None:
    story = Story().meets(FAY, MAX)
    story.refuses("not_present", c.AskTimeOut, PIA)
    assert told(story.says(c.AskTimeOut, MAX)) == ["time_out_asked"]
    assert (story.room.asked_time_out, story.room.paused_until) == (MAX, None)
    story.refuses("only_the_facilitator", c.Pause, MAX)
    assert told(story.says(c.Pause, FAY)) == ["paused"]
    assert story.room.asked_time_out is None
    story.refuses("only_the_facilitator", c.Resume, MAX)
    assert told(story.says(c.Resume, FAY)) == ["resumed"]
    story.refuses("not_paused", c.Resume, FAY)


def test_who_asked_for_a_time_out_and_leaves_asks_no_more() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.AskTimeOut, MAX)
    story.says(c.Leave, MAX)
    assert story.room.asked_time_out is None


@pytest.mark.parametrize("minutes", [-1, 0, 31, 10**9])
def test_a_pause_lasts_at_most_thirty_minutes(minutes: int) -> None:
    story = Story().meets(FAY, MAX)
    story.refuses("minutes", c.Pause, FAY, minutes=minutes)
    story.says(c.Pause, FAY, minutes=30)
    story.refuses("already_paused", c.Pause, FAY, minutes=30)


def test_there_are_three_pauses_in_a_round_and_three_again_in_the_next() -> None:
    story = Story().meets(FAY, MAX)
    for _ in range(3):
        story.says(c.Pause, FAY)
        story.says(c.Resume, FAY)
    story.refuses("too_many_pauses", c.Pause, FAY)
    story.in_turn(c.Clear)
    story.next()
    story.says(c.Pause, FAY)


def test_while_paused_those_present_give_no_first_contribution_and_those_elsewhere_do() -> None:
    story = Story().meets(FAY, PIA)
    story.says(c.Pause, FAY)
    story.refuses("paused", c.Clear, FAY)
    story.refuses("paused", c.AskQuestion, FAY, text="?")
    story.says(c.Clear, MAX)


def test_while_paused_those_present_answer_no_sealed_round_whatever_they_would_say() -> None:
    story = Story(policy=Policy()).to_tuning().meets(FAY, MAX)
    story.says(c.AskForConsent, PIA)
    story.says(c.Respond, MAX, **CONSENT)
    story.says(c.Pause, FAY)
    story.refuses("paused", c.Respond, FAY, **CONSENT)
    story.says(c.Respond, MAX, kind=Answer.OBJECTION, text="harm")
    story.says(c.Respond, PIA, **CONSENT)


def test_a_pause_tells_who_called_it_until_it_ends() -> None:
    story = Story().to_consent().meets(FAY, MAX)
    story.says(c.Pause, FAY)
    story.says(c.HandOver, FAY, to=MAX)
    assert story.room.paused_by == FAY
    story.says(c.Resume, MAX)
    assert story.room.paused_by is None


def test_what_became_complete_in_a_pause_closes_at_resume() -> None:
    story = Story().to_consent().meets(FAY, MAX)
    story.consents(FAY, MAX)
    story.says(c.Pause, FAY)
    assert told(story.consents(PIA)) == ["consented"]
    assert told(story.says(c.Resume, FAY)) == ["resumed", "round_closed", "adopted"]


def test_what_became_complete_in_a_pause_closes_at_the_end_of_its_time() -> None:
    story = Story().to_consent().meets(FAY, MAX)
    story.consents(FAY, MAX)
    story.says(c.Pause, FAY, minutes=5)
    story.consents(PIA)
    ends = story.room.paused_until
    assert ends is not None
    assert ends - story.now == timedelta(minutes=4)
    assert wakes_at(story.state) == ends
    assert story.passes(3) == []
    events = story.passes(1)
    assert told(events) == ["pause_ended", "round_closed", "adopted"]
    assert {event.by for event in events} == {None}


def test_what_became_complete_in_a_pause_closes_when_the_room_is_closed() -> None:
    story = Story().to_consent().meets(FAY, MAX)
    story.consents(FAY, MAX)
    story.says(c.Pause, FAY)
    story.consents(PIA)
    assert told(story.says(c.CloseRoom, FAY)) == ["room_closed", "round_closed", "adopted"]


def test_no_round_closes_in_a_pause_by_next_or_by_returning_it() -> None:
    story = Story().meets(FAY, MAX)
    story.in_turn(c.Clear)
    story.says(c.Pause, FAY)
    story.refuses("paused", c.Next, FAY)
    story.says(c.Resume, FAY)
    story.next()
    story.in_turn(c.Pass)
    story.says(c.Pass, PIA)
    story.next()
    story.says(c.AskForConsent, PIA)
    story.says(c.Respond, PIA, kind=Answer.OBJECTION, text="harm")
    story.says(c.Pause, FAY)
    story.refuses("paused", c.ReturnNow, FAY)
    assert "return" not in story.may(FAY)
    story.says(c.Resume, FAY)
    story.says(c.ReturnNow, FAY)


def test_a_command_after_the_pauses_time_finds_it_over() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.Pause, FAY, minutes=1)
    events = story.says(c.Clear, FAY)
    assert told(events) == ["pause_ended", "cleared"]
    assert [event.by for event in events] == [None, FAY]


def test_who_leaves_in_a_pause_contributes_at_once() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.Pause, FAY)
    story.says(c.Leave, MAX)
    story.says(c.Clear, MAX)


# ── timebox ──────────────────────────────────────────────────────────────────────────────────────────────────


def timed(seconds: int = 120) -> Story:
    story = Story().meets(FAY, MAX)
    story.says(c.SetTimebox, FAY, seconds=seconds)
    return story


def test_a_timebox_begins_with_each_turn_and_cuts_nothing_off() -> None:
    story = timed()
    assert story.room.timebox_ends_at == story.now + timedelta(minutes=2)
    story.passes(10)
    assert story.speaker == FAY
    story.says(c.Clear, FAY)
    begun = (story.room.turn_since, story.room.timebox_ends_at)
    assert begun == (story.now, story.now + timedelta(minutes=2))
    story.says(c.Clear, MAX)
    ended = (story.room.turn_since, story.room.timebox_ends_at)
    assert set(ended) == {None}


def test_a_timebox_is_the_facilitators_and_has_bounds() -> None:
    story = Story().meets(FAY, MAX)
    story.refuses("only_the_facilitator", c.SetTimebox, MAX, seconds=60)
    for seconds in (-1, 9, 3601):
        story.refuses("seconds", c.SetTimebox, FAY, seconds=seconds)
    story.says(c.SetTimebox, FAY, seconds=60)
    assert story.says(c.SetTimebox, FAY, seconds=60) == []
    story.says(c.SetTimebox, FAY, seconds=0)
    assert story.room.timebox_ends_at is None


def test_the_clock_of_the_turn_runs_on_while_others_come_and_go() -> None:
    story = timed()
    since, ends = story.room.turn_since, story.room.timebox_ends_at
    story.says(c.Join, PIA)
    story.says(c.Leave, MAX)
    story.asks(FAY)
    assert (story.room.turn_since, story.room.timebox_ends_at) == (since, ends)


def test_the_clock_stands_still_in_a_pause() -> None:
    story = timed()
    since, ends = story.room.turn_since, story.room.timebox_ends_at
    assert since
    assert ends
    story.says(c.Pause, FAY, minutes=10)
    paused = story.now
    story.passes(4)
    story.says(c.Resume, FAY)
    stood = story.now - paused
    assert (story.room.turn_since, story.room.timebox_ends_at) == (since + stood, ends + stood)


def test_a_turn_that_begins_in_a_pause_has_its_whole_time_after_it() -> None:
    story = timed()
    story.says(c.Pause, FAY, minutes=10)
    story.says(c.GiveTurn, FAY, to=MAX)
    story.says(c.Resume, FAY)
    assert story.room.turn_since == story.now
    assert story.room.timebox_ends_at == story.now + timedelta(minutes=2)


def test_a_timebox_set_in_a_pause_begins_after_it() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.Pause, FAY, minutes=10)
    story.says(c.SetTimebox, FAY, seconds=60)
    story.passes(10)
    assert story.room.timebox_ends_at == story.now + timedelta(minutes=1)


def test_the_same_person_speaking_on_in_the_next_round_has_a_new_clock() -> None:
    story = Story(facilitator=OBI).meets(MAX)
    story.says(c.SetTimebox, OBI, seconds=60)
    story.says(c.Clear, FAY)
    story.says(c.Clear, MAX)
    story.says(c.Next, OBI)
    assert story.speaker == MAX
    assert story.room.turn_since == story.now


# ── the chair ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_chair_goes_at_once_to_somebody_present() -> None:
    story = Story().meets(FAY, MAX)
    story.refuses("only_the_facilitator", c.HandOver, MAX, to=MAX)
    assert told(story.says(c.HandOver, FAY, to=MAX)) == ["facilitator_changed"]
    assert story.state.facilitator == MAX
    story.refuses("only_the_facilitator", c.CloseRoom, FAY)


def test_the_chair_goes_to_somebody_elsewhere_when_they_accept() -> None:
    story = Story().meets(FAY)
    assert told(story.says(c.HandOver, FAY, to=MAX)) == ["facilitator_offered"]
    assert story.says(c.HandOver, FAY, to=MAX) == []
    assert story.state.facilitator == FAY
    story.refuses("nothing_offered", c.AcceptChair, PIA)
    assert told(story.says(c.AcceptChair, MAX)) == ["facilitator_changed"]
    assert story.state.facilitator == MAX
    story.refuses("nothing_offered", c.AcceptChair, MAX)


def test_the_chair_is_handed_over_without_a_room_too() -> None:
    story = Story()
    story.says(c.HandOver, FAY, to=PIA)
    story.says(c.AcceptChair, PIA)
    assert story.state.facilitator == PIA


def test_the_chair_goes_to_no_one_outside_and_to_no_one_who_has_left() -> None:
    story = Story().meets(FAY)
    story.says(c.LeaveCircle, MAX)
    for to in (OBI, MAX):
        story.refuses("chair", c.HandOver, FAY, to=to)
    story.refuses("already_facilitator", c.HandOver, FAY, to=FAY)


def test_the_chair_is_not_offered_where_there_is_nobody_to_take_it() -> None:
    story = Story()
    story.says(c.LeaveCircle, MAX)
    assert "facilitator" in story.may(FAY)
    story.says(c.LeaveCircle, PIA)
    assert "facilitator" not in story.may(FAY)
    story.refuses("nobody_to_facilitate", c.HandOver, FAY, to=MAX)


def test_who_has_left_the_circle_cannot_accept_the_chair_they_were_offered() -> None:
    story = Story()
    story.says(c.HandOver, FAY, to=MAX)
    story.says(c.LeaveCircle, MAX)
    story.refuses("nothing_offered", c.AcceptChair, MAX)


def test_an_offer_ends_where_the_chair_goes_to_another() -> None:
    story = Story().meets(FAY, PIA)
    story.says(c.HandOver, FAY, to=MAX)
    story.says(c.HandOver, FAY, to=PIA)
    story.refuses("nothing_offered", c.AcceptChair, MAX)


def test_handing_over_closes_what_waited_where_the_new_facilitator_is_alone() -> None:
    story = Story().meets(MAX)
    story.in_turn(c.Clear)
    story.says(c.Clear, FAY)
    assert told(story.says(c.HandOver, FAY, to=MAX)) == ["facilitator_changed", "round_closed", "round_opened"]


def test_anyone_present_takes_the_chair_from_a_facilitator_who_is_gone() -> None:
    story = Story().meets(FAY, MAX)
    story.refuses("still_here", c.TakeChair, MAX, gone=frozenset())
    story.refuses("not_present", c.TakeChair, PIA, gone=GONE)
    story.refuses("already_facilitator", c.TakeChair, FAY, gone=GONE)
    assert told(story.says(c.TakeChair, MAX, gone=GONE)) == ["facilitator_changed"]
    story.refuses("only_the_facilitator", c.Pause, FAY)
    story.says(c.Pause, MAX)


def test_the_chair_is_taken_from_an_observer_too_and_the_round_goes_on() -> None:
    story = Story(facilitator=OBI).meets(FAY, MAX)
    story.in_turn(c.Clear)
    story.says(c.TakeChair, FAY, gone=frozenset({OBI}))
    story.next()
    assert story.phase is Phase.REACTION


# ── led out ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_facilitator_leads_out_who_is_gone_and_nobody_else() -> None:
    story = Story().meets(MAX, FAY)
    story.refuses("still_here", c.LeadOut, FAY, participant=MAX, gone=frozenset())
    story.refuses("not_present", c.LeadOut, FAY, participant=PIA, gone=frozenset({PIA}))
    story.refuses("only_the_facilitator", c.LeadOut, MAX, participant=FAY, gone=GONE)
    assert told(story.says(c.LeadOut, FAY, participant=MAX, gone=frozenset({MAX}))) == ["led_out"]
    assert story.speaker == FAY


def test_who_was_led_out_is_awaited_answers_from_elsewhere_and_may_come_back() -> None:
    story = Story().meets(MAX, FAY)
    story.says(c.LeadOut, FAY, participant=MAX, gone=frozenset({MAX}))
    assert "clear" in story.may(MAX)
    story.says(c.Join, MAX)
    assert story.room.order == (FAY, MAX)


# ── asking for consent in the author's place ─────────────────────────────────────────────────────────────────


def test_in_a_room_without_the_author_the_facilitator_asks_for_consent() -> None:
    story = Story().to_tuning().meets(FAY, MAX)
    story.refuses("only_the_author", c.AskForConsent, MAX)
    story.says(c.AskForConsent, FAY)


def test_not_where_the_author_is_present_nor_in_a_room_where_nobody_else_meets() -> None:
    story = Story().to_tuning()
    story.refuses("only_the_author", c.AskForConsent, FAY)
    story.meets(FAY)
    story.refuses("only_the_author", c.AskForConsent, FAY)
    story.says(c.Join, MAX)
    assert "ask-for-consent" in story.may(FAY)
    story.says(c.Join, PIA)
    story.refuses("only_the_author", c.AskForConsent, FAY)
