"""Section 7: absence, due times, authorship and the second look. Who vanishes holds nobody up, and loses nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from decisions.process import commands as c
from decisions.process.rounds import awaited
from decisions.process.state import Answer, Phase, Policy, Sealing, Status
from decisions.process.wanted import wanted

from .story import DAY, FAY, MAX, NIA, OBI, OPEN, PIA, Story, told

HOUR = timedelta(hours=1)
FIVE = (FAY, PIA, MAX, NIA, "una")
GRACE = Policy(sealed=Sealing.NEVER, objector_grace_days=7)


def go_to(story: Story, moment: datetime) -> list[str]:
    """Time goes by until then, and the clock does what it has to do."""
    entries: list[str] = []
    while story.now < moment:
        entries += told(story.passes(min(moment - story.now, HOUR).total_seconds() / 60))
    return entries


def due(story: Story) -> datetime:
    assert story.state.round is not None
    return story.state.round.due_at


def absent(story: Story, who: str) -> bool:
    return story.state.participants[who].absent


def overdue(story: Story) -> Story:
    go_to(story, due(story) + 3 * DAY)
    return story


# ── due times ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_clock_reminds_once_before_the_due_time_and_tells_when_it_passes() -> None:
    story = Story()
    before = go_to(story, due(story) - timedelta(seconds=1))
    assert before == ["time_passed"]
    assert story.journal[-1].what == ("due_soon",)  # type: ignore[attr-defined]
    assert go_to(story, due(story)) == ["time_passed"]
    assert story.journal[-1].what == ("due",)  # type: ignore[attr-defined]


def test_nothing_closes_by_silence() -> None:
    story = Story()
    go_to(story, due(story) + 40 * DAY)
    assert story.phase is Phase.CLARIFYING
    assert awaited(story.state) == (FAY, MAX)


def test_what_came_about_while_nobody_looked_is_done_at_once_when_somebody_does() -> None:
    story = Story()
    events = story.passes(10 * 24 * 60)
    assert told(events) == ["time_passed"]
    assert set(events[0].what) == {"due_soon", "due", "overdue"}  # type: ignore[attr-defined]


def test_a_due_time_that_is_moved_is_reminded_of_anew_at_most_three_times_and_a_day_apart() -> None:
    story = Story()
    reminded: list[datetime] = []
    for _ in range(6):
        while "due_soon" not in getattr(story.journal[-1], "what", ()) or story.journal[-1].at in reminded:
            if story.now >= due(story):
                break
            story.passes(60)
        if story.journal[-1].at not in reminded and "due_soon" in getattr(story.journal[-1], "what", ()):
            reminded.append(story.journal[-1].at)
        story.says(c.MoveDue, FAY, due_at=due(story) + 2 * HOUR)
        story.says(c.MoveDue, FAY, due_at=due(story) + DAY)
    assert len(reminded) == 3
    assert all(later - earlier >= DAY for earlier, later in pairwise(reminded))


# ── absent ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_is_marked_absent_before_the_due_time_has_passed() -> None:
    story = Story()
    go_to(story, due(story) - HOUR)
    story.refuses("too_early", c.MarkAbsent, FAY, participant=MAX)
    assert "absences" not in story.may(FAY)
    go_to(story, due(story))
    assert "absences" in story.may(FAY)
    assert told(story.says(c.MarkAbsent, FAY, participant=MAX)) == ["marked_absent"]


def test_nobody_is_marked_absent_who_was_awaited_for_less_than_24_hours() -> None:
    story = Story()
    go_to(story, due(story) - HOUR)
    story.says(c.Clear, MAX)
    story.says(c.TakeBackClear, MAX)
    story.says(c.JoinCircle, NIA)
    go_to(story, due(story) + 2 * HOUR)
    for who in (MAX, NIA):
        story.refuses("too_early", c.MarkAbsent, FAY, participant=who)
    go_to(story, due(story) + DAY)
    story.says(c.MarkAbsent, FAY, participant=MAX)
    story.says(c.MarkAbsent, FAY, participant=NIA)


def test_only_somebody_awaited_is_marked_absent() -> None:
    story = Story(circle=(FAY, PIA, MAX, NIA))
    story.says(c.Clear, NIA)
    go_to(story, due(story))
    story.refuses("not_awaited", c.MarkAbsent, FAY, participant=NIA)
    story.refuses("not_awaited", c.MarkAbsent, FAY, participant=OBI)


def test_while_all_is_in_time_the_facilitator_alone_marks_others_absent() -> None:
    story = Story()
    go_to(story, due(story))
    story.refuses("only_the_facilitator", c.MarkAbsent, PIA, participant=MAX)
    assert "absences" not in story.may(PIA)


def test_being_away_from_the_room_is_no_reason() -> None:
    story = Story().meets(FAY, PIA)
    story.refuses("too_early", c.MarkAbsent, FAY, participant=MAX)


def test_a_question_asked_before_the_due_time_protects_its_asker_until_it_is_answered() -> None:
    story = Story()
    question = story.asks(MAX)
    go_to(story, due(story) + DAY)
    no = story.refuses("question_open", c.MarkAbsent, FAY, participant=MAX)
    assert "theirs" in no.words
    story.says(c.AnswerQuestion, PIA, question=question.id, text="Until noon.")
    story.says(c.MarkAbsent, FAY, participant=MAX)


def test_anybody_may_say_at_any_time_that_they_are_absent_and_that_they_are_here() -> None:
    story = Story()
    assert told(story.says(c.IAmAbsent, MAX)) == ["marked_absent"]
    story.refuses("already_absent", c.IAmAbsent, MAX)
    assert MAX not in awaited(story.state)
    assert "here" in story.may(MAX)
    assert "absent" not in story.may(MAX)
    assert told(story.says(c.IAmHere, MAX)) == ["returned_from_absence"]
    assert MAX in awaited(story.state)
    story.refuses("not_absent", c.IAmHere, MAX)
    assert "absent" in story.to_tuning().may(MAX)


@pytest.mark.parametrize(
    ("command", "content"), [(c.AskQuestion, {"text": "?"}), (c.Clear, {}), (c.Join, {}), (c.IAmHere, {})]
)
def test_any_contribution_joining_the_room_or_i_am_here_undoes_absence(
    command: type[c.Command], content: dict[str, str]
) -> None:
    story = Story().meets(FAY)
    story.says(c.IAmAbsent, MAX)
    assert told(story.says(command, MAX, **content))[0] == "returned_from_absence"
    assert not absent(story, MAX)


def test_a_refused_command_leaves_absence_as_it_is() -> None:
    story = Story()
    story.says(c.IAmAbsent, MAX)
    story.refuses("wrong_phase", c.Pass, MAX)
    assert absent(story, MAX)


def test_who_came_back_is_not_marked_again_for_24_hours() -> None:
    story = Story()
    go_to(story, due(story))
    story.says(c.MarkAbsent, FAY, participant=MAX)
    story.says(c.IAmHere, MAX)
    back = story.now
    go_to(story, back + DAY - HOUR)
    story.refuses("too_early", c.MarkAbsent, FAY, participant=MAX)
    go_to(story, back + DAY)
    story.says(c.MarkAbsent, FAY, participant=MAX)


def test_absence_lasts_round_after_round() -> None:
    story = Story()
    story.says(c.IAmAbsent, MAX)
    story.says(c.Clear, FAY)
    story.says(c.Pass, FAY)
    story.says(c.Pass, PIA)
    assert story.phase is Phase.TUNING
    assert absent(story, MAX)


def test_marking_takes_somebody_out_of_the_room() -> None:
    story = Story().meets(FAY, MAX)
    story.says(c.IAmAbsent, MAX)
    assert story.room.present == {FAY}


def test_the_last_one_awaited_being_absent_completes_the_round() -> None:
    story = Story()
    story.says(c.Clear, FAY)
    assert told(story.says(c.IAmAbsent, MAX)) == ["marked_absent", "round_closed", "round_opened"]


# ── absence is no override ───────────────────────────────────────────────────────────────────────────────────


def absent_objector() -> Story:
    """Max objected to the first revision, and has been away in the rounds of the second."""
    story = Story(policy=GRACE).to_revising(MAX)
    story.revises()
    story.says(c.IAmAbsent, MAX)
    story.says(c.Clear, FAY)
    story.says(c.Pass, FAY)
    story.says(c.Pass, PIA)
    return story


def test_an_objector_is_marked_absent_in_clarifying_like_anybody_else() -> None:
    story = Story().to_revising(MAX)
    story.revises()
    go_to(story, due(story))
    story.says(c.MarkAbsent, FAY, participant=MAX)
    assert absent(story, MAX)


def test_an_absent_objector_is_awaited_again_when_consent_is_asked_for() -> None:
    story = absent_objector()
    story.says(c.AskForConsent, PIA)
    assert not absent(story, MAX)
    assert MAX in awaited(story.state)


def test_an_objector_is_not_marked_absent_before_the_grace_and_the_due_time_are_over() -> None:
    story = absent_objector()
    story.says(c.AskForConsent, PIA)
    opened = story.now
    story.consents(FAY, PIA)
    go_to(story, opened + 7 * DAY - HOUR)
    story.refuses("objection_stands", c.MarkAbsent, FAY, participant=MAX)
    story.refuses("objection_stands", c.MarkAbsent, PIA, participant=MAX)
    assert story.phase is Phase.CONSENT
    go_to(story, opened + 7 * DAY)
    assert told(story.says(c.MarkAbsent, FAY, participant=MAX)) == ["marked_absent", "round_closed", "adopted"]
    assert story.objection(MAX).status is Status.ANSWERED, "what nobody resolved is not resolved"


def test_the_grace_lasts_at_least_as_long_as_the_due_time() -> None:
    story = absent_objector()
    story.says(c.AskForConsent, PIA, at=story.now + HOUR, due_at=story.now + 20 * DAY)
    go_to(story, story.now + 15 * DAY)
    story.refuses("objection_stands", c.MarkAbsent, FAY, participant=MAX)


# ── quorum ───────────────────────────────────────────────────────────────────────────────────────────────────


def to_consent_of_five(policy: Policy = OPEN) -> Story:
    return Story(circle=FIVE, policy=policy).to_consent()


def test_with_somebody_absent_more_than_half_must_have_responded() -> None:
    story = to_consent_of_five()
    for who in (NIA, "una", MAX):
        story.says(c.IAmAbsent, who)
    story.consents(FAY, PIA)
    assert story.phase is Phase.CONSENT, "two of five are not more than half"
    assert told(story.says(c.Respond, MAX, kind=Answer.CONSENT))[-1] == "adopted"


def test_an_objection_needs_no_quorum() -> None:
    story = to_consent_of_five()
    for who in (NIA, "una", MAX):
        story.says(c.IAmAbsent, who)
    story.consents(FAY)
    story.says(c.Respond, PIA, kind=Answer.OBJECTION, text="harm")
    assert story.phase is Phase.REVISING


def test_the_policys_higher_share_counts_rounded_up() -> None:
    story = to_consent_of_five(Policy(sealed=Sealing.NEVER, quorum_percent=70))
    story.says(c.IAmAbsent, "una")
    story.consents(FAY, PIA, MAX)
    assert str(story.phase) == "consent"
    story.consents(NIA)
    assert story.phase is Phase.ADOPTED


# ── nobody is indispensable ──────────────────────────────────────────────────────────────────────────────────


def test_a_round_is_overdue_three_days_after_its_due_time() -> None:
    story = Story()
    go_to(story, due(story) + 3 * DAY - HOUR)
    assert "chair" not in story.may(MAX)
    overdue(story)
    assert {"chair", "absences"} <= set(story.may(MAX))


def test_while_a_round_is_overdue_anybody_marks_absent_the_facilitator_included() -> None:
    story = overdue(Story())
    story.says(c.MarkAbsent, MAX, participant=FAY)
    assert absent(story, FAY)


def test_while_the_facilitator_is_absent_or_has_left_anybody_takes_the_chair() -> None:
    for gone in (c.IAmAbsent, c.LeaveCircle):
        story = Story()
        story.refuses("no_room", c.TakeChair, MAX, gone=frozenset())
        story.says(gone, FAY)
        assert told(story.says(c.TakeChair, MAX, gone=frozenset())) == ["facilitator_changed"]
        assert story.state.facilitator == MAX


def test_the_author_is_marked_absent_too() -> None:
    story = Story().to_reaction()
    go_to(story, due(story))
    story.says(c.MarkAbsent, FAY, participant=PIA)
    assert absent(story, PIA)


def test_an_author_whose_answer_is_waited_for_is_marked_absent() -> None:
    story = Story()
    story.asks(MAX)
    go_to(story, due(story))
    story.says(c.MarkAbsent, FAY, participant=PIA)


def test_a_complete_round_that_waited_a_day_for_next_is_held_up_no_longer() -> None:
    story = Story().meets(PIA, MAX)
    story.says(c.Clear, MAX)
    story.says(c.Clear, FAY)
    assert str(story.phase) == "clarifying"
    go_to(story, story.now + DAY - HOUR)
    assert str(story.phase) == "clarifying"
    go_to(story, story.now + 2 * HOUR)
    assert story.phase is Phase.REACTION


def test_no_room_and_no_pause_hold_a_round_up_while_the_facilitator_is_absent() -> None:
    story = Story().meets(PIA, MAX)
    story.says(c.Pause, FAY)
    story.says(c.IAmAbsent, FAY)
    story.says(c.Clear, MAX)
    assert story.phase is Phase.REACTION
    story.says(c.CloseRoom, PIA)
    assert story.state.room is None


def test_the_facilitator_asks_for_consent_when_the_author_let_tuning_lie_for_24_hours() -> None:
    story = Story().to_tuning()
    story.refuses("only_the_author", c.AskForConsent, FAY)
    go_to(story, story.now + DAY)
    assert "ask-for-consent" in story.may(FAY)
    story.says(c.AskForConsent, FAY)
    assert story.phase is Phase.CONSENT


def test_tuning_and_revising_are_overdue_after_14_days() -> None:
    for story in (Story().to_tuning(), Story().to_revising(MAX)):
        go_to(story, story.now + 14 * DAY - HOUR)
        story.refuses("author_here", c.OfferAuthorship, FAY, to=MAX)
        go_to(story, story.now + HOUR)
        story.says(c.OfferAuthorship, FAY, to=MAX)
        assert MAX in wanted(story.state)
        assert told(story.says(c.AcceptAuthorship, MAX)) == ["author_changed"]
        assert story.state.author == MAX
        assert not story.state.participants[PIA].left
        assert "revise" in story.may(MAX)
        assert "revise" not in story.may(PIA)


def test_authorship_is_offered_while_the_author_is_away_and_not_taken_from_who_came_back() -> None:
    story = Story()
    story.refuses("author_here", c.OfferAuthorship, FAY, to=MAX)
    story.says(c.IAmAbsent, PIA)
    story.refuses("only_the_facilitator", c.OfferAuthorship, MAX, to=MAX)
    story.says(c.OfferAuthorship, FAY, to=MAX)
    story.refuses("nothing_offered", c.AcceptAuthorship, FAY)
    story.says(c.IAmHere, PIA)
    story.refuses("author_here", c.AcceptAuthorship, MAX)


def test_an_author_who_has_left_hands_over_and_the_new_one_answers_questions() -> None:
    story = Story(circle=(FAY, PIA, MAX, NIA))
    question = story.asks(NIA)
    story.says(c.LeaveCircle, PIA)
    story.refuses("author", c.OfferAuthorship, FAY, to=PIA)
    story.says(c.OfferAuthorship, FAY, to=MAX)
    story.says(c.AcceptAuthorship, MAX)
    story.says(c.AnswerQuestion, MAX, question=question.id, text="Until noon.")
    story.says(c.Clear, NIA)
    story.says(c.Clear, FAY)
    assert story.phase is Phase.REACTION


def test_the_former_author_is_asked_for_clear_and_has_24_hours_for_it() -> None:
    story = Story()
    go_to(story, due(story) + HOUR)
    story.says(c.IAmAbsent, PIA)
    story.says(c.OfferAuthorship, FAY, to=MAX)
    story.says(c.AcceptAuthorship, MAX)
    story.says(c.IAmHere, PIA)
    assert PIA in awaited(story.state)
    story.refuses("too_early", c.MarkAbsent, FAY, participant=PIA)
    story.says(c.Clear, PIA)


# ── second look ──────────────────────────────────────────────────────────────────────────────────────────────


def adopted_without(*people: str, circle: tuple[str, ...] = (FAY, PIA, MAX)) -> Story:
    story = Story(circle=circle).to_consent()
    for who in people:
        story.says(c.IAmAbsent, who)
    story.consents(*(who for who in circle if who not in people))
    assert story.phase is Phase.ADOPTED
    return story


def test_who_was_absent_at_the_adoption_sends_the_agreement_back() -> None:
    story = adopted_without(MAX)
    assert story.may(MAX) == ("object",)
    events = story.says(c.LookAgain, MAX, text="It harms the night shift", suggestion="Leave them out")
    assert told(events) == ["returned_from_absence", "objection_raised", "returned"]
    assert not story.state.participants[MAX].absent, "whatever somebody contributes brings them back"
    assert story.phase is Phase.REVISING
    assert story.state.adopted_at is None, "not in force until a later revision is adopted"
    assert story.objection(MAX).status is Status.STANDING
    story.revises()
    assert story.state.revision == 2
    assert MAX in awaited(story.state), "who is back is asked what they think of the next version"


def test_who_responded_has_no_second_look() -> None:
    story = adopted_without(MAX)
    for who in (FAY, PIA, OBI):
        assert story.may(who) == ()
        story.refuses("not_absent_then", c.LookAgain, who, text="harm")


def test_the_other_absentees_add_theirs_in_revising_each_once() -> None:
    story = adopted_without(MAX, NIA, circle=FIVE)
    story.says(c.LookAgain, MAX, text="harm")
    story.refuses("not_absent_then", c.LookAgain, MAX, text="more harm")
    assert told(story.says(c.LookAgain, NIA, text="harm too")) == ["returned_from_absence", "objection_raised"]
    assert len(story.state.standing()) == 2


def test_a_second_look_has_a_reason() -> None:
    story = adopted_without(MAX)
    assert story.refuses("reason", c.LookAgain, MAX, text=" ").field == "text"


def test_the_window_of_the_second_look_is_the_policys() -> None:
    story = adopted_without(MAX, NIA, circle=FIVE)
    go_to(story, story.now + 7 * DAY - 2 * HOUR)
    story.says(c.LookAgain, MAX, text="harm")
    go_to(story, story.now + 3 * HOUR)
    story.refuses("window_closed", c.LookAgain, NIA, text="harm")
    assert "object" not in story.may(NIA)


def test_an_adoption_at_which_nobody_was_absent_is_not_looked_at_again() -> None:
    story = Story().to_consent()
    story.consents(FAY, PIA, MAX)
    assert all(story.may(who) == () for who in (FAY, PIA, MAX))


# ── suspended ────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_consent_round_is_adopted_while_a_suspended_participant_is_unheard() -> None:
    story = Story(circle=(FAY, PIA, MAX, NIA)).to_consent()
    story.says(c.Suspend, MAX, suspended=True)
    story.consents(FAY, PIA, NIA)
    go_to(story, due(story) + 10 * DAY)
    story.refuses("suspended", c.MarkAbsent, FAY, participant=MAX)
    assert str(story.phase) == "consent"
    story.says(c.Suspend, MAX, suspended=False)
    story.says(c.MarkAbsent, FAY, participant=MAX)
    assert story.phase is Phase.ADOPTED


def test_who_was_absent_when_suspended_is_not_decided_without() -> None:
    story = Story().to_tuning()
    story.says(c.IAmAbsent, MAX)
    story.says(c.Suspend, MAX, suspended=True)
    story.says(c.AskForConsent, PIA)
    story.consents(FAY, PIA)
    assert story.phase is Phase.CONSENT


def test_an_objection_sends_the_proposal_back_though_somebody_is_suspended() -> None:
    story = Story().to_consent()
    story.says(c.Suspend, MAX, suspended=True)
    story.objects(FAY)
    story.says(c.ReturnNow, PIA)
    assert story.phase is Phase.REVISING


def test_who_returns_after_leaving_finds_again_what_they_gave() -> None:
    story = Story().to_consent()
    story.consents(MAX)
    story.says(c.LeaveCircle, MAX)
    story.says(c.JoinCircle, MAX)
    assert MAX not in awaited(story.state)
    assert story.state.said(MAX) is not None
