"""Section 6: those in the room take turns, each gets theirs, and those elsewhere are not left out."""

from __future__ import annotations

import pytest

from decisions.process import commands as c
from decisions.process.state import Answer, Phase, Policy, Sealing

from .story import CIRCLE, EVE, FAY, MAX, NIA, OBI, PIA, Story, told

OBJECTS = {"kind": Answer.OBJECTION, "text": "harm"}
FOUR = (FAY, PIA, MAX, NIA)


# ── the room ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_facilitator_opens_and_closes_the_room() -> None:
    story = Story()
    story.refuses("only_the_facilitator", c.OpenRoom, MAX)
    assert told(story.says(c.OpenRoom, FAY)) == ["room_opened"]
    story.refuses("room_open", c.OpenRoom, FAY)
    story.refuses("only_the_facilitator", c.CloseRoom, MAX)
    assert told(story.says(c.CloseRoom, FAY)) == ["room_closed"]
    story.refuses("no_room", c.CloseRoom, FAY)


def test_any_participant_joins_and_leaves_and_an_observer_does_not() -> None:
    story = Story()
    story.refuses("no_room", c.Join, MAX)
    story.says(c.OpenRoom, FAY)
    assert told(story.says(c.Join, MAX)) == ["joined"]
    assert story.says(c.Join, MAX) == []
    for outside in (OBI, EVE):
        story.refuses("not_a_participant", c.Join, outside)
    assert told(story.says(c.Leave, MAX)) == ["left"]
    story.refuses("not_present", c.Leave, MAX)


def test_an_observer_who_facilitates_runs_the_room_and_never_stands_in_the_order() -> None:
    story = Story(facilitator=OBI).meets(MAX, FAY)
    story.refuses("not_a_participant", c.Join, OBI)
    assert OBI not in story.room.order
    assert story.in_turn(c.Clear) == [MAX, FAY]
    story.next()
    assert story.phase is Phase.REACTION


def test_opening_a_room_changes_nothing_of_the_decision() -> None:
    story = Story()
    story.says(c.Clear, FAY)
    round = story.state.round
    story.meets(FAY, PIA)
    assert story.state.round is round
    story.says(c.CloseRoom, FAY)
    assert story.state.round is round


def test_the_room_lasts_over_rounds_and_revisions() -> None:
    story = Story().meets(FAY, PIA, MAX)
    story.in_turn(c.Clear)
    story.next()
    story.in_turn(c.Pass)
    story.next()
    story.says(c.AskForConsent, PIA)
    story.objects(story.speaker or "")
    story.in_turn(c.Respond, kind=Answer.CONSENT)
    assert story.phase is Phase.REVISING
    assert story.room.present == {*CIRCLE}
    assert told(story.revises()) == ["revised", "round_opened"]
    assert story.room.present == {*CIRCLE}


@pytest.mark.parametrize("ending", [c.Withdraw, c.Respond])
def test_the_room_closes_by_itself_on_adoption_and_withdrawal(ending: type[c.Command]) -> None:
    story = Story().to_consent().meets(FAY, MAX)
    if ending is c.Withdraw:
        story.says(c.Withdraw, PIA)
    else:
        story.consents(PIA, FAY, MAX)
        assert story.phase is Phase.ADOPTED
    assert story.state.room is None
    assert story.state.chair_offered is None


def test_who_is_elsewhere_answers_the_same_round_in_their_own_time() -> None:
    story = Story().meets(FAY, PIA)
    assert story.speaker == FAY
    story.says(c.Clear, MAX)
    story.says(c.Clear, FAY)
    story.next()
    story.says(c.React, MAX, text="From the train: I like it.")
    assert story.in_turn(c.Pass) == [FAY, PIA]


def test_who_leaves_may_answer_at_once_and_the_journal_shows_it() -> None:
    story = Story().meets(FAY, MAX)
    story.refuses("not_your_turn", c.Clear, MAX)
    story.says(c.Leave, MAX)
    story.says(c.Clear, MAX)
    assert told(story.journal[-2:]) == ["left", "cleared"]


def test_leaving_closes_what_waited_for_next() -> None:
    story = Story().meets(FAY, MAX)
    story.in_turn(c.Clear)
    assert story.phase is Phase.CLARIFYING
    assert told(story.says(c.Leave, MAX)) == ["left", "round_closed", "round_opened"]


def test_closing_the_room_closes_what_waited_for_next() -> None:
    story = Story().meets(FAY, MAX)
    story.in_turn(c.Clear)
    assert told(story.says(c.CloseRoom, FAY)) == ["room_closed", "round_closed", "round_opened"]


def test_who_leaves_the_circle_leaves_the_room_and_the_turn_moves_on() -> None:
    story = Story().meets(MAX, FAY)
    assert story.speaker == MAX
    story.says(c.LeaveCircle, MAX)
    assert story.room.order == (FAY,)
    assert story.speaker == FAY


# ── order ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_those_present_are_seated_as_they_joined() -> None:
    story = Story().meets(MAX, PIA, FAY)
    assert story.room.order == (MAX, PIA, FAY)
    assert story.speaker == MAX


def test_from_round_to_round_the_direction_alternates_and_the_next_seat_is_first() -> None:
    story = Story(circle=(*FOUR, "zoe"), author="zoe").meets(FAY, PIA, MAX, NIA)
    assert story.in_turn(c.Clear) == [FAY, PIA, MAX, NIA]
    story.next()
    assert story.in_turn(c.Pass) == [PIA, FAY, NIA, MAX]
    story.says(c.Pass, "zoe")
    story.next()
    story.says(c.AskForConsent, "zoe")
    assert story.room.order == (MAX, NIA, FAY, PIA)
    story.in_turn(c.Respond, **OBJECTS)
    story.says(c.Respond, "zoe", kind=Answer.CONSENT)
    story.revises()
    assert story.room.order == (NIA, MAX, PIA, FAY)
    story.in_turn(c.Clear)
    story.next()
    assert story.room.order == (FAY, PIA, MAX, NIA)


def test_a_sealed_round_is_not_by_turns_and_does_not_count() -> None:
    story = Story(policy=Policy()).meets(FAY, MAX, PIA)
    story.in_turn(c.Clear)
    story.next()
    assert story.in_turn(c.Pass) == [MAX, FAY, PIA]
    story.next()
    story.says(c.AskForConsent, PIA)
    assert story.room.order == (FAY, MAX, PIA)
    story.objects_sealed(FAY)
    story.objects_sealed(MAX)
    story.objects_sealed(PIA, kind=Answer.CONSENT)
    story.revises()
    assert story.speaker == FAY


def test_the_author_speaks_last_in_reaction_and_consent() -> None:
    story = Story().meets(PIA, MAX, FAY)
    assert story.room.order == (PIA, MAX, FAY)
    assert story.in_turn(c.Clear) == [MAX, FAY]
    story.next()
    assert story.in_turn(c.Pass) == [FAY, MAX, PIA]
    story.next()
    story.says(c.AskForConsent, PIA)
    assert story.in_turn(c.Respond, kind=Answer.CONSENT) == [MAX, FAY, PIA]


def test_the_author_is_never_first_in_the_next_round() -> None:
    story = Story().meets(FAY, PIA, MAX)
    story.in_turn(c.Clear)
    story.next()
    assert story.room.order == (MAX, FAY, PIA)


def test_who_joins_during_a_round_speaks_at_its_end() -> None:
    story = Story(circle=FOUR).meets(FAY, MAX)
    story.says(c.Clear, FAY)
    story.says(c.Join, NIA)
    assert story.room.order == (FAY, MAX, NIA)
    story.says(c.Leave, MAX)
    story.says(c.Join, MAX)
    assert story.room.order == (FAY, NIA, MAX)


def test_who_comes_back_has_their_old_seat_from_the_next_round_on() -> None:
    story = Story(circle=FOUR, facilitator=OBI).meets(FAY, MAX, NIA)
    story.says(c.Leave, MAX)
    story.says(c.Join, MAX)
    assert story.in_turn(c.Clear) == [FAY, NIA, MAX]
    story.next()
    assert story.room.order == (MAX, FAY, NIA)


def test_who_joins_a_reaction_round_speaks_before_the_author() -> None:
    story = Story(circle=FOUR).to_reaction().meets(FAY, PIA)
    story.says(c.Join, NIA)
    assert story.room.order == (FAY, NIA, PIA)


def test_nobody_takes_the_turn_from_the_author_by_coming_in() -> None:
    story = Story(circle=FOUR).to_reaction().meets(FAY, PIA)
    story.says(c.Pass, FAY)
    story.says(c.Join, NIA)
    assert story.speaker == PIA
    story.says(c.Pass, PIA)
    assert story.speaker == NIA


def test_nobody_takes_the_turn_from_the_speaker_by_being_awaited_again() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.Clear, FAY)
    story.says(c.TakeBackClear, FAY)
    assert story.speaker == MAX
    assert story.room.order == (MAX, FAY)
    story.says(c.Clear, MAX)
    assert story.speaker == FAY


def test_the_order_shows_who_is_heard_too() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.Clear, FAY)
    assert story.room.order == (FAY, MAX)


def test_who_said_nothing_to_add_is_heard_and_the_next_one_begins() -> None:
    story = Story().to_revising(MAX)
    story.meets(FAY, MAX, PIA).revises()
    story.says(c.Clear, FAY)
    story.says(c.Clear, MAX, nothing_to_add=True)
    story.next()
    assert story.room.order[0] == MAX
    assert story.speaker == FAY


# ── the turn ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_out_of_turn_is_refused_with_whose_turn_it_is() -> None:
    story = Story().meets(FAY, MAX)
    for command in (c.AskQuestion, c.Clear):
        no = story.refuses("not_your_turn", command, MAX, **({"text": "?"} if command is c.AskQuestion else {}))
        assert no.more == {"speaker": FAY}
    story.in_turn(c.Clear)
    story.next()
    assert story.speaker == MAX
    assert story.refuses("not_your_turn", c.Pass, FAY).more == {"speaker": MAX}
    assert story.refuses("not_your_turn", c.React, FAY, text="Now!").more == {"speaker": MAX}


def test_a_first_consent_is_given_in_turn_too() -> None:
    story = Story().to_consent().meets(FAY, MAX)
    for said in ({"kind": Answer.CONSENT}, {"kind": Answer.CONCERN, "text": "hm"}, OBJECTS):
        story.refuses("not_your_turn", c.Respond, MAX, **said)


def test_asking_a_question_keeps_the_turn() -> None:
    story = Story().meets(FAY, MAX)
    story.asks(FAY)
    story.asks(FAY, "And then?")
    assert story.speaker == FAY


def test_a_turn_given_is_kept_while_asking() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.GiveTurn, FAY, to=MAX)
    story.asks(MAX)
    assert story.speaker == MAX


def test_the_author_answers_at_any_time_even_in_a_time_out() -> None:
    story = Story().meets(FAY, MAX, PIA)
    question = story.asks(FAY)
    story.says(c.AnswerQuestion, PIA, question=question.id, text="Monday.")
    story.says(c.Pause, FAY)
    story.says(c.AnswerQuestion, PIA, question=question.id, text="Tuesday.")


def test_changing_and_taking_back_need_neither_turn_nor_the_end_of_a_pause() -> None:
    story = Story().to_reaction().meets(FAY, MAX, PIA)
    story.says(c.Pass, FAY)
    story.says(c.React, FAY, text="On second thought …")
    story.says(c.Pause, FAY)
    story.says(c.Pass, FAY)
    story.says(c.TakeBackReaction, FAY)
    story.refuses("paused", c.Pass, FAY)


def test_raising_an_objection_instead_of_a_consent_and_withdrawing_it_need_no_turn() -> None:
    story = Story().to_consent().meets(FAY, MAX)
    story.says(c.Respond, FAY, kind=Answer.CONSENT)
    assert story.speaker == MAX
    story.says(c.Respond, FAY, **OBJECTS)
    story.says(c.Pause, FAY)
    story.says(c.WithdrawObjection, FAY, objection=story.objection(FAY).id)
    assert story.speaker == MAX


def test_the_turn_moves_on_when_the_speaker_is_heard_or_leaves() -> None:
    story = Story(circle=FOUR).meets(FAY, MAX, NIA)
    story.says(c.Clear, FAY)
    assert story.speaker == MAX
    story.says(c.Leave, MAX)
    assert story.speaker == NIA


def test_the_turn_is_empty_where_nobody_present_is_awaited() -> None:
    story = Story().meets(FAY, PIA)
    story.says(c.Clear, FAY)
    assert story.speaker is None


def test_the_turn_is_empty_in_tuning_and_revising() -> None:
    story = Story().to_tuning().meets(FAY, MAX)
    assert story.speaker is None
    story.refuses("wrong_phase", c.GiveTurn, FAY, to=MAX)
    story.says(c.AskForConsent, PIA)
    story.says(c.Respond, FAY, **OBJECTS)
    story.says(c.ReturnNow, FAY)
    assert story.speaker is None


def test_later_moves_to_the_end_of_the_rounds_order() -> None:
    story = Story(circle=FOUR).meets(FAY, MAX, NIA)
    story.refuses("not_your_turn", c.Later, MAX)
    story.says(c.Later, FAY)
    assert story.room.order == (MAX, NIA, FAY)
    assert story.in_turn(c.Clear) == [MAX, NIA, FAY]


def test_later_is_refused_when_nobody_else_present_is_awaited() -> None:
    story = Story().meets(FAY, PIA)
    story.refuses("nobody_else", c.Later, FAY)
    assert "later" not in story.may(FAY)


def test_later_lets_the_author_speak_before() -> None:
    story = Story().to_reaction().meets(FAY, PIA)
    story.says(c.Later, FAY)
    assert story.in_turn(c.Pass) == [PIA, FAY]


def test_the_facilitator_gives_the_turn_to_anyone_present_and_nobody_is_heard_by_it() -> None:
    story = Story(circle=FOUR).meets(FAY, MAX, NIA)
    story.refuses("only_the_facilitator", c.GiveTurn, MAX, to=MAX)
    story.refuses("not_present", c.GiveTurn, FAY, to=PIA)
    assert told(story.says(c.GiveTurn, FAY, to=NIA)) == ["turn_given"]
    assert story.speaker == NIA
    assert story.says(c.GiveTurn, FAY, to=NIA) == []
    assert story.in_turn(c.Clear) == [NIA, FAY, MAX]


def test_who_is_heard_and_given_the_turn_hands_it_on_by_later() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.Clear, FAY)
    story.says(c.GiveTurn, FAY, to=FAY)
    story.refuses("not_your_turn", c.Clear, MAX)
    story.says(c.Later, FAY)
    assert story.speaker == MAX


def test_a_turn_given_ends_when_they_leave() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.GiveTurn, FAY, to=MAX)
    story.says(c.Leave, MAX)
    assert story.speaker == FAY


def test_no_turn_is_given_where_nobody_is_present_or_the_round_is_sealed() -> None:
    story = Story(policy=Policy(sealed=Sealing.ALWAYS))
    story.says(c.OpenRoom, FAY)
    assert "turn" not in story.may(FAY)
    story.says(c.CloseRoom, FAY)
    story.to_consent().meets(FAY, MAX)
    story.refuses("sealed", c.GiveTurn, FAY, to=MAX)


def test_in_a_sealed_round_all_answer_together() -> None:
    story = Story(policy=Policy()).to_tuning().meets(FAY, MAX)
    story.says(c.AskForConsent, PIA)
    assert story.state.round is not None
    assert story.state.round.sealed
    assert story.speaker is None
    story.consents(MAX, FAY, PIA)
    assert story.phase is Phase.ADOPTED


def test_without_a_room_the_usual_round_is_open() -> None:
    story = Story(policy=Policy()).to_consent()
    assert story.state.round is not None
    assert not story.state.round.sealed


# ── next ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_next_is_refused_with_whom_it_waits_for() -> None:
    story = Story().meets(FAY, PIA)
    story.says(c.Clear, FAY)
    assert story.refuses("round_incomplete", c.Next, FAY).more == {"waiting_for": [MAX]}
    assert "next" not in story.may(FAY)


def test_a_complete_round_waits_for_next_while_somebody_besides_the_facilitator_is_present() -> None:
    story = Story().meets(FAY, PIA)
    story.says(c.Clear, FAY)
    assert told(story.says(c.Clear, MAX)) == ["cleared"]
    story.refuses("only_the_facilitator", c.Next, PIA)
    assert told(story.next()) == ["round_closed", "round_opened"]


def test_a_round_does_not_wait_where_the_facilitator_is_alone() -> None:
    story = Story().meets(FAY)
    story.says(c.Clear, MAX)
    assert told(story.says(c.Clear, FAY)) == ["cleared", "round_closed", "round_opened"]


def test_a_consent_round_never_waits() -> None:
    story = Story().to_consent().meets(*CIRCLE)
    story.in_turn(c.Respond, kind=Answer.CONSENT)
    assert story.phase is Phase.ADOPTED


def test_a_late_next_does_not_count_for_the_round_after() -> None:
    story = Story().meets(FAY, MAX)
    clarifying = story.here()
    story.in_turn(c.Clear)
    story.says(c.Next, FAY, on=clarifying)
    story.refuses("round_closed", c.Next, FAY, on=clarifying)


def test_commands_of_the_room_name_their_round_or_revision() -> None:
    story = Story().meets(FAY, MAX)
    clarifying = story.here()
    story.in_turn(c.Clear)
    story.next()
    for command, by, content in (
        (c.Later, MAX, {}),
        (c.GiveTurn, FAY, {"to": FAY}),
        (c.Pause, FAY, {}),
        (c.AskTimeOut, MAX, {}),
        (c.SetTimebox, FAY, {"seconds": 60}),
        (c.Leave, MAX, {}),
        (c.CloseRoom, FAY, {}),
        (c.HandOver, FAY, {"to": MAX}),
    ):
        story.refuses("round_closed", command, by, on=clarifying, **content)
        story.refuses("round_closed", command, by, on="1", **content)
    story.in_turn(c.Pass)
    story.says(c.Pass, PIA)
    story.next()
    story.refuses("revision_replaced", c.Leave, MAX, on="2")
    story.says(c.Leave, MAX, on="1")
