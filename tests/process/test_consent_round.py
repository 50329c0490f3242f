"""Section 4: the consent round, open; test_sealed.py has the sealed one."""

from __future__ import annotations

from datetime import timedelta

from decisions.process import commands as c
from decisions.process.rounds import awaited
from decisions.process.state import Answer, Outcome, Phase, Status

from .story import DAY, FAY, MAX, OBI, PIA, Story, told


def test_silence_is_never_consent() -> None:
    story = Story().to_consent()
    story.consents(FAY, PIA)
    story.says(c.MoveDue, FAY, due_at=story.now + 20 * DAY)
    story.says(c.MoveDue, FAY, due_at=story.now + 29 * DAY, at=story.now + 25 * DAY)
    assert awaited(story.state) == (MAX,)
    assert story.phase is Phase.CONSENT


def test_the_author_answers_the_consent_round_too() -> None:
    story = Story().to_consent()
    story.consents(FAY, MAX)
    assert awaited(story.state) == (PIA,)
    objection = story.objects(PIA, "On second thoughts this would hurt us")
    assert story.phase is Phase.REVISING
    assert objection.by == PIA


def test_a_consent_round_closes_at_the_last_response() -> None:
    story = Story().to_consent()
    story.consents(FAY, PIA)
    assert told(story.consents(MAX)) == ["consented", "round_closed", "adopted"]


def test_a_concern_needs_its_text_and_never_blocks() -> None:
    story = Story().to_consent()
    story.refuses("concern", c.Respond, MAX, kind=Answer.CONCERN)
    story.refuses("concern", c.Respond, MAX, kind=Answer.CONCERN, text=" \n ")
    story.consents(FAY, PIA)
    concern = {"kind": Answer.CONCERN, "text": "Will the guests know?"}
    assert told(story.says(c.Respond, MAX, **concern)) == ["concern_raised", "round_closed", "adopted"]
    assert {r.text for r in story.state.responses.values()} == {None, "Will the guests know?"}


def test_a_response_may_be_changed_while_the_round_is_open_and_the_journal_keeps_every_version() -> None:
    story = Story().to_consent()
    told_before = len(story.journal)
    story.consents(MAX)
    story.says(c.Respond, MAX, kind=Answer.CONCERN, text="a worry")
    story.says(c.Respond, MAX, kind=Answer.CONCERN, text="another worry")
    story.consents(MAX)
    assert told(story.journal[told_before:]) == ["consented", "concern_raised", "concern_raised", "consented"]
    assert [(r.by, r.kind) for r in story.state.responses.values()] == [(MAX, Answer.CONSENT)]


def test_the_same_response_again_makes_no_entry() -> None:
    story = Story().to_consent()
    for said in ({"kind": Answer.CONSENT}, {"kind": Answer.OBJECTION, "text": "harm", "suggestion": "less"}):
        assert story.says(c.Respond, MAX, **said)
        assert story.says(c.Respond, MAX, **said) == []


def test_words_beside_a_plain_consent_are_not_kept() -> None:
    story = Story().to_consent()
    story.says(c.Respond, MAX, kind=Answer.CONSENT, text="and some words")
    assert story.says(c.Respond, MAX, kind=Answer.CONSENT) == []


def test_a_response_may_be_taken_back_and_its_giver_is_awaited_again() -> None:
    story = Story().to_consent()
    story.refuses("nothing_given", c.TakeBackResponse, MAX)
    story.consents(MAX)
    assert told(story.says(c.TakeBackResponse, MAX)) == ["response_taken_back"]
    assert MAX in awaited(story.state)
    assert not story.state.responses


def test_after_an_objection_the_round_stays_open_so_that_everyone_is_heard() -> None:
    story = Story().to_consent()
    story.objects(MAX)
    assert story.phase is Phase.CONSENT
    story.objects(FAY, "Another harm")
    assert told(story.consents(PIA)) == ["consented", "round_closed", "returned"]
    assert {o.by for o in story.state.standing()} == {MAX, FAY}


def test_while_an_objection_stands_author_or_facilitator_may_return_it_now() -> None:
    for who in (PIA, FAY):
        story = Story().to_consent()
        story.refuses("no_objection", c.ReturnNow, who)
        objection = story.objects(MAX).id
        story.refuses("only_the_facilitator", c.ReturnNow, MAX)
        assert told(story.says(c.ReturnNow, who)) == ["returned"]
        assert story.phase is Phase.REVISING
        assert list(story.state.rounds.values())[-1].outcome is Outcome.RETURNED
        assert story.state.objections[objection].status is Status.STANDING


def test_a_facilitator_without_a_voice_runs_the_rounds_and_answers_none() -> None:
    story = Story(facilitator=OBI).to_consent()
    assert story.may(OBI) == ("due", "open-room", "facilitator", "open-screen")
    story.refuses("not_a_participant", c.Respond, OBI, kind=Answer.CONSENT)
    story.objects(MAX)
    assert story.may(OBI) == ("return", "due", "open-room", "facilitator", "open-screen")
    story.says(c.ReturnNow, OBI)


def test_a_voice_that_is_not_in_the_circle_is_refused_everywhere() -> None:
    story = Story()
    story.refuses("not_a_participant", c.AskQuestion, OBI, text="?")
    story.refuses("not_a_participant", c.Clear, OBI)
    story.to_reaction().refuses("not_a_participant", c.Pass, OBI)
    story.all_pass().refuses("only_the_author", c.AskForConsent, FAY)
    story.says(c.AskForConsent, PIA)
    story.refuses("not_a_participant", c.Respond, OBI, kind=Answer.OBJECTION, text="harm")
    assert story.may(OBI) == ()


def test_each_round_gets_its_due_time_from_the_policy_unless_another_is_given() -> None:
    story = Story().to_tuning()
    assert story.state.policy.due_days == 3
    assert all(r.due_at - r.opened_at == 3 * DAY for r in story.state.rounds.values())
    story.says(c.AskForConsent, PIA, due_at=story.now + 2 * DAY)
    assert story.state.round is not None
    assert story.state.round.due_at - story.state.round.opened_at == 2 * DAY - timedelta(minutes=1)
