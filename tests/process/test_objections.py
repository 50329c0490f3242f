"""Section 5: objections, from the reason to the consent that resolves them."""

from __future__ import annotations

from decisions.process import commands as c
from decisions.process.rounds import awaited
from decisions.process.state import Answer, Phase, Status
from decisions.process.wanted import wanted

from .story import FAY, MAX, PIA, Story, told

OBJECTION = Answer.OBJECTION

# ── its words ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_objection_always_carries_a_reason() -> None:
    story = Story().to_consent()
    for blank in (None, "", " \n\t"):
        no = story.refuses("reason", c.Respond, MAX, kind=OBJECTION, text=blank, suggestion="half of it")
        assert no.field == "text"
    assert not story.state.responses


def test_an_objection_may_carry_a_suggestion() -> None:
    story = Story().to_consent()
    objection = story.objects(MAX, "harm", "half of it")
    assert (objection.reason, objection.suggestion) == ("harm", "half of it")
    assert objection.revision == 1
    assert objection.status is Status.STANDING


def test_other_words_of_its_objector_leave_it_the_same_objection_and_clear_the_restatement() -> None:
    story = Story().to_consent()
    first = story.objects(MAX, "harm").id
    story.says(c.Restate, PIA, objection=first, text="I heard harm")
    story.says(c.Confirm, MAX, objection=first)
    assert told(story.says(c.Respond, MAX, kind=OBJECTION, text="a greater harm")) == ["objection_raised"]
    (objection,) = story.state.objections.values()
    assert (objection.id, objection.reason) == (first, "a greater harm")
    assert (objection.restatement, objection.confirmed, objection.correction) == (None, None, None)


def test_another_suggestion_alone_is_other_words() -> None:
    story = Story().to_consent()
    first = story.objects(MAX, "harm").id
    assert told(story.says(c.Respond, MAX, kind=OBJECTION, text="harm", suggestion="less")) == ["objection_raised"]
    assert story.objection(MAX).suggestion == "less"
    assert story.objection(MAX).id == first


def test_responding_otherwise_withdraws_it_and_objecting_again_is_a_new_one() -> None:
    story = Story().to_consent()
    first = story.objects(MAX).id
    assert told(story.says(c.Respond, MAX, kind=Answer.CONSENT)) == ["objection_withdrawn", "consented"]
    assert story.state.objections[first].status is Status.WITHDRAWN
    second = story.objects(MAX).id
    assert second != first
    assert [o.status for o in story.state.objections.values()] == [Status.WITHDRAWN, Status.STANDING]


def test_a_concern_instead_withdraws_it_too() -> None:
    story = Story().to_consent()
    story.objects(MAX)
    given = {"kind": Answer.CONCERN, "text": "only a worry"}
    assert told(story.says(c.Respond, MAX, **given)) == ["objection_withdrawn", "concern_raised"]
    assert not story.state.standing()


def test_taking_the_response_back_withdraws_the_objection() -> None:
    story = Story().to_consent()
    objection = story.objects(MAX).id
    assert told(story.says(c.TakeBackResponse, MAX)) == ["response_taken_back"]
    assert story.state.objections[objection].status is Status.WITHDRAWN
    story.refuses("no_objection", c.ReturnNow, PIA)


# ── withdrawing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_who_withdraws_in_the_open_round_is_awaited_again() -> None:
    story = Story().to_consent()
    objection = story.objects(MAX).id
    story.consents(FAY)
    assert told(story.says(c.WithdrawObjection, MAX, objection=objection)) == ["objection_withdrawn"]
    assert set(awaited(story.state)) == {MAX, PIA}
    story.consents(PIA)
    assert told(story.consents(MAX))[-1] == "adopted"


def test_only_its_objector_withdraws_it() -> None:
    story = Story().to_consent()
    objection = story.objects(MAX).id
    for who in (FAY, PIA):
        story.refuses("only_its_objector", c.WithdrawObjection, who, objection=objection)
    story.consents(FAY, PIA)
    for who in (FAY, PIA):
        story.refuses("only_its_objector", c.WithdrawObjection, who, objection=objection)


def test_withdrawn_in_revising_the_proposal_still_needs_a_new_revision_and_all_three_rounds() -> None:
    story = Story().to_revising(MAX)
    assert told(story.says(c.WithdrawObjection, MAX, objection=story.objection(MAX).id)) == ["objection_withdrawn"]
    assert story.phase is Phase.REVISING
    story.refuses("wrong_phase", c.AskForConsent, PIA)
    same = story.state.text.body
    story.says(c.Revise, PIA, body=same)
    assert (story.phase, story.state.revision, story.state.text.body) == (Phase.CLARIFYING, 2, same)


def test_an_objection_is_withdrawn_once() -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.says(c.WithdrawObjection, MAX, objection=objection)
    story.refuses("not_standing", c.WithdrawObjection, MAX, objection=objection)
    story.refuses("not_standing", c.Restate, PIA, objection=objection, text="I heard")


# ── restating ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_author_restates_and_the_objector_confirms() -> None:
    story = Story().to_consent()
    objection = story.objects(MAX).id
    story.refuses("only_the_author", c.Restate, FAY, objection=objection, text="I heard")
    assert told(story.says(c.Restate, PIA, objection=objection, text="I heard")) == ["objection_restated"]
    story.refuses("only_its_objector", c.Confirm, PIA, objection=objection)
    assert told(story.says(c.Confirm, MAX, objection=objection)) == ["restatement_confirmed"]
    assert story.objection(MAX).confirmed is True


def test_the_objector_may_say_not_quite_and_what_is_missing_and_the_author_tries_again() -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.says(c.Restate, PIA, objection=objection, text="I heard")
    missing = {"objection": objection, "heard": False, "text": "It is about the guests"}
    assert told(story.says(c.Confirm, MAX, **missing)) == ["restatement_corrected"]
    assert story.says(c.Confirm, MAX, **missing) == []
    assert (story.objection(MAX).confirmed, story.objection(MAX).correction) == (False, "It is about the guests")
    story.says(c.Restate, PIA, objection=objection, text="I heard: the guests")
    assert (story.objection(MAX).confirmed, story.objection(MAX).correction) == (None, None)
    story.says(c.Confirm, MAX, objection=objection)
    assert story.says(c.Confirm, MAX, objection=objection) == []


def test_there_is_nothing_to_confirm_before_a_restatement() -> None:
    story = Story().to_revising(MAX)
    assert "confirm" not in story.may(MAX)
    story.refuses("not_restated", c.Confirm, MAX, objection=story.objection(MAX).id)


def test_the_same_restatement_again_makes_no_entry() -> None:
    story = Story().to_revising(MAX)
    restated = {"objection": story.objection(MAX).id, "text": "I heard"}
    story.says(c.Restate, PIA, **restated)
    assert story.says(c.Restate, PIA, **restated) == []


def test_restating_is_offered_not_required() -> None:
    story = Story().to_revising(MAX)
    assert "restate" in story.may(PIA)
    assert told(story.revises())[0] == "revised"


def test_in_revising_the_process_waits_for_the_author_and_for_who_has_a_restatement_to_answer() -> None:
    story = Story().to_revising(MAX)
    assert list(wanted(story.state)) == [PIA]
    story.says(c.Restate, PIA, objection=story.objection(MAX).id, text="I heard")
    assert list(wanted(story.state)) == [PIA, MAX]
    story.says(c.Confirm, MAX, objection=story.objection(MAX).id)
    assert list(wanted(story.state)) == [PIA]


def test_the_process_does_not_wait_for_the_word_of_an_objector_who_has_left() -> None:
    story = Story().to_revising(MAX)
    story.says(c.Restate, PIA, objection=story.objection(MAX).id, text="I heard")
    story.says(c.LeaveCircle, MAX)
    assert list(wanted(story.state)) == [PIA]


# ── answering ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_revision_made_in_revising_answers_every_objection_standing() -> None:
    story = Story().to_revising(MAX, FAY)
    mine, theirs = story.objection(MAX).id, story.objection(FAY).id
    for answers in ({}, {mine: "so"}, {mine: "so", theirs: "  "}):
        no = story.refuses("unanswered_objections", c.Revise, PIA, body="Better.", answers=answers)
        assert set(no.more["objections"]) == {mine, theirs} - {o for o, text in answers.items() if text.strip()}
    story.says(c.Revise, PIA, body="Better.", answers={mine: "so", theirs: "thus"})
    assert [(o.status, o.answer, o.answered_in) for o in story.state.objections.values()] == [
        (Status.ANSWERED, "so", 2),
        (Status.ANSWERED, "thus", 2),
    ]
    assert story.state.text.answers == {mine: "so", theirs: "thus"}


def test_what_was_withdrawn_needs_no_answer() -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.says(c.WithdrawObjection, MAX, objection=objection)
    story.says(c.Revise, PIA, body="Better.", answers={objection: "so"})
    assert story.state.objections[objection].status is Status.WITHDRAWN
    assert story.state.text.answers == {}


def test_a_revision_has_a_body_and_keeps_what_it_does_not_name() -> None:
    story = Story().to_tuning()
    story.refuses("body", c.Revise, PIA, body=" \n")
    before = story.state.text
    story.says(c.Revise, PIA, body="Better.", driver="")
    after = story.state.text
    assert (after.title, after.driver, after.body, after.review_on) == (before.title, "", "Better.", before.review_on)
    assert story.state.revisions[1] == before


def test_a_revision_made_in_tuning_carries_the_answers_to_what_is_unresolved_over() -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.says(c.Revise, PIA, body="Better.", answers={objection: "so"})
    story.to_tuning()
    story.says(c.Revise, PIA, body="Better still.")
    assert story.state.text.answers == {objection: "so"}
    assert story.state.objections[objection].answered_in == 3
    story.to_tuning()
    story.says(c.Revise, PIA, body="Best.", answers={objection: "thus"})
    assert story.state.text.answers == {objection: "thus"}
    assert story.state.revisions[3].answers == {objection: "so"}
