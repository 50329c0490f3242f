"""Sections 3 and 4: phases, and what each round asks of a participant."""

from __future__ import annotations

import pytest

from decisions.process import commands as c
from decisions.process.rounds import awaited
from decisions.process.state import Answer, Kind, Outcome, Phase
from decisions.process.wanted import wanted

from .story import CIRCLE, FAY, MAX, OBI, PIA, START, Story, told

# ── 3. phases ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_proposal_becomes_an_agreement_by_three_rounds() -> None:
    story = Story()
    phases = [story.phase]
    for go_on in (story.all_clear, story.all_pass):
        go_on()
        phases.append(story.phase)
    story.says(c.AskForConsent, PIA)
    phases.append(story.phase)
    story.consents(*CIRCLE)
    phases.append(story.phase)
    assert phases == [Phase.CLARIFYING, Phase.REACTION, Phase.TUNING, Phase.CONSENT, Phase.ADOPTED]
    assert story.state.adopted_at == story.now
    assert [r.outcome for r in story.state.rounds.values()] == [Outcome.HEARD, Outcome.HEARD, Outcome.ADOPTED]


def test_opening_is_entry_one_and_holds_participants_policy_and_the_first_text() -> None:
    story = Story()
    opened, round_opened = story.journal
    assert (opened.name, round_opened.name) == ("opened", "round_opened")
    assert story.state.seq == 2
    assert set(story.state.participants) == set(CIRCLE)
    assert story.state.revisions[1].body == "No meetings before noon."


def test_opening_needs_at_least_two_participants() -> None:
    story = Story.__new__(Story)
    story.state, story.journal, story.now = Story().start, [], START
    given = {"number": 1, "facilitator": PIA, "policy": Story().state.policy}
    story.refuses("too_few_participants", c.Open, PIA, participants=(PIA,), **given)
    story.refuses("too_few_participants", c.Open, PIA, participants=(PIA, PIA), **given)
    story.refuses("only_the_author", c.Open, FAY, participants=CIRCLE, **given)


def test_in_tuning_the_author_may_revise_instead_of_asking_for_consent() -> None:
    story = Story().to_tuning()
    assert told(story.revises()) == ["revised", "round_opened"]
    assert story.phase is Phase.CLARIFYING
    assert story.state.revision == 2


def test_every_revision_goes_through_all_three_rounds_again() -> None:
    story = Story().to_revising(MAX)
    story.revises()
    assert set(awaited(story.state)) == {FAY, MAX}
    story.to_consent().consents(*CIRCLE)
    assert story.phase is Phase.ADOPTED
    kinds = [(r.revision, r.kind) for r in story.state.rounds.values()]
    assert kinds == [(n, kind) for n in (1, 2) for kind in Kind]


@pytest.mark.parametrize("move", ["to_reaction", "to_tuning", "to_consent", "to_revising"])
def test_the_author_may_withdraw_from_clarifying_to_revising(move: str) -> None:
    story: Story = getattr(Story(), move)(*([MAX] if move == "to_revising" else []))
    story.refuses("only_the_author", c.Withdraw, FAY)
    assert told(story.says(c.Withdraw, PIA, reason="Not needed any more")) == ["withdrawn"]
    assert story.phase is Phase.WITHDRAWN
    assert story.state.current is None
    assert story.state.withdrawn_reason == "Not needed any more"


def test_nobody_may_do_anything_after_the_end() -> None:
    story = Story().to_consent()
    story.consents(*CIRCLE)
    for who in (*CIRCLE, OBI):
        assert story.may(who) == ()
    story.refuses("wrong_phase", c.Respond, MAX, kind=Answer.OBJECTION, text="too late")
    story.refuses("wrong_phase", c.Withdraw, PIA)
    story.refuses("wrong_phase", c.JoinCircle, OBI)


def test_a_draft_can_only_be_opened_and_only_once() -> None:
    story = Story()
    again = {"number": 2, "facilitator": FAY, "participants": CIRCLE, "policy": story.state.policy}
    story.refuses("wrong_phase", c.Open, PIA, **again)


# ── 4. clarifying ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_author_is_not_themselves_asked_to_be_clear() -> None:
    story = Story()
    assert set(awaited(story.state)) == {FAY, MAX}
    story.refuses("not_the_author", c.Clear, PIA)
    story.refuses("not_the_author", c.AskQuestion, PIA, text="?")
    story.refuses("not_the_author", c.TakeBackClear, PIA)


def test_only_the_author_answers_and_may_answer_again_while_the_round_is_open() -> None:
    story = Story()
    question = story.asks(MAX).id
    story.refuses("only_the_author", c.AnswerQuestion, FAY, question=question, text="until noon")
    assert told(story.says(c.AnswerQuestion, PIA, question=question, text="until noon")) == ["question_answered"]
    assert story.says(c.AnswerQuestion, PIA, question=question, text="until noon") == []
    assert told(story.says(c.AnswerQuestion, PIA, question=question, text="until one")) == ["question_answered"]
    assert story.state.questions[question].answer == "until one"


def test_clear_is_refused_while_a_question_of_ones_own_is_unanswered() -> None:
    story = Story()
    question = story.asks(MAX).id
    story.refuses("question_open", c.Clear, MAX)
    story.says(c.Clear, FAY)
    story.says(c.AnswerQuestion, PIA, question=question, text="until noon")
    assert told(story.says(c.Clear, MAX)) == ["cleared", "round_closed", "round_opened"]


def test_a_question_may_be_taken_back_by_its_asker_until_it_is_answered() -> None:
    story = Story()
    question, answered = story.asks(MAX).id, story.asks(MAX, "Who?").id
    story.refuses("only_its_asker", c.TakeBackQuestion, FAY, question=question)
    story.says(c.AnswerQuestion, PIA, question=answered, text="Everybody")
    story.refuses("already_answered", c.TakeBackQuestion, MAX, question=answered)
    assert told(story.says(c.TakeBackQuestion, MAX, question=question)) == ["question_taken_back"]
    assert question not in story.state.questions
    story.says(c.Clear, MAX)


def test_a_question_that_was_taken_back_meanwhile_is_not_answered() -> None:
    story = Story()
    question, other = story.asks(MAX).id, story.asks(MAX, "Who?").id
    story.says(c.TakeBackQuestion, MAX, question=question)
    story.refuses("taken_back", c.AnswerQuestion, PIA, question=question, text="until noon")
    story.refuses("taken_back", c.TakeBackQuestion, MAX, question=question)
    assert other in story.state.questions


def test_a_question_of_an_earlier_round_is_not_answered_any_more() -> None:
    story = Story()
    question = story.asks(MAX).id
    story.says(c.AnswerQuestion, PIA, question=question, text="until noon")
    story.to_tuning().revises()
    story.refuses("no_question", c.AnswerQuestion, PIA, question=question, text="until one")
    story.asks(MAX, "Who?")
    story.refuses("round_closed", c.AnswerQuestion, PIA, question=question, text="until one")


def test_at_most_five_questions_of_one_person_are_unanswered_at_once() -> None:
    story = Story()
    questions = [story.asks(MAX, f"{n}?").id for n in range(5)]
    story.refuses("too_many_questions", c.AskQuestion, MAX, text="6?")
    assert "ask" not in story.may(MAX)
    story.asks(FAY)
    story.says(c.AnswerQuestion, PIA, question=questions[0], text="yes")
    story.asks(MAX, "6?")
    story.says(c.TakeBackQuestion, MAX, question=questions[1])
    story.asks(MAX, "7?")
    story.refuses("too_many_questions", c.AskQuestion, MAX, text="8?")


def test_asking_after_clear_makes_the_asker_unheard_again() -> None:
    story = Story()
    story.says(c.Clear, MAX)
    story.asks(MAX)
    assert set(awaited(story.state)) == {FAY, MAX}
    story.says(c.Clear, FAY)
    assert story.phase is Phase.CLARIFYING


def test_clear_may_be_taken_back_while_the_round_is_open() -> None:
    story = Story()
    story.refuses("nothing_given", c.TakeBackClear, MAX)
    story.says(c.Clear, MAX)
    assert told(story.says(c.TakeBackClear, MAX)) == ["clear_taken_back"]
    assert MAX in awaited(story.state)


def test_clear_again_is_accepted_and_makes_no_entry() -> None:
    story = Story()
    story.says(c.Clear, MAX)
    assert story.says(c.Clear, MAX) == []


def test_an_unanswered_question_of_another_does_not_hold_the_round_up_when_they_leave() -> None:
    story = Story()
    story.asks(MAX)
    story.says(c.Clear, FAY)
    assert told(story.says(c.LeaveCircle, MAX)) == ["participant_left", "round_closed", "round_opened"]
    assert story.phase is Phase.REACTION


def test_while_a_question_is_unanswered_the_process_waits_for_the_author_too() -> None:
    story = Story()
    story.asks(MAX)
    assert set(wanted(story.state)) == {FAY, MAX, PIA}
    assert PIA not in awaited(story.state)


# ── 4. reaction ──────────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_reacts_or_passes_the_author_included() -> None:
    story = Story().to_reaction()
    assert set(awaited(story.state)) == set(CIRCLE)
    assert told(story.says(c.React, MAX, text="I like it")) == ["reacted"]
    assert told(story.says(c.Pass, FAY)) == ["passed"]
    assert told(story.says(c.React, PIA, text="Curious")) == ["reacted", "round_closed"]
    assert story.phase is Phase.TUNING


def test_there_is_one_reaction_a_person_and_the_next_takes_its_place() -> None:
    story = Story().to_reaction()
    story.says(c.React, MAX, text="I like it")
    story.says(c.React, MAX, text="I like it less")
    story.says(c.Pass, MAX)
    (reaction,) = story.state.reactions.values()
    assert reaction.text is None
    assert [e.name for e in story.journal][-3:] == ["reacted", "reacted", "passed"]


def test_the_same_reaction_again_makes_no_entry() -> None:
    story = Story().to_reaction()
    story.says(c.React, MAX, text="I like it")
    assert story.says(c.React, MAX, text="I like it") == []
    story.says(c.Pass, FAY)
    assert story.says(c.Pass, FAY) == []


def test_a_reaction_may_be_taken_back_and_its_giver_is_awaited_again() -> None:
    story = Story().to_reaction()
    story.refuses("nothing_given", c.TakeBackReaction, MAX)
    story.says(c.Pass, MAX)
    assert told(story.says(c.TakeBackReaction, MAX)) == ["reaction_taken_back"]
    assert MAX in awaited(story.state)


def test_nobody_is_asked_questions_in_a_reaction_round() -> None:
    story = Story().to_reaction()
    story.refuses("wrong_phase", c.AskQuestion, MAX, text="?")
    story.refuses("wrong_phase", c.Respond, MAX, kind=Answer.CONSENT)
