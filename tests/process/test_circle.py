"""Section 7, as far as it is built: due times, joining, leaving, and the two voices without whom nothing is adopted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from decisions.process import commands as c
from decisions.process.engine import decide, may
from decisions.process.rounds import awaited, quorum_met, quorum_needed
from decisions.process.standing import moment
from decisions.process.state import Answer, Phase, Policy, Proposal, Round, Sealing, Status
from decisions.process.wanted import wanted

from .counting import voices
from .story import CIRCLE, DAY, FAY, MAX, NIA, OBI, PIA, START, Story, draft, told

HOUR = timedelta(hours=1)

# ── due times ────────────────────────────────────────────────────────────────────────────────────────────────


def opened_at(story: Story) -> Round:
    assert story.state.round is not None
    return story.state.round


@pytest.mark.parametrize("hours", [23, 30 * 24 + 1, -1])
def test_a_due_time_is_24_hours_to_30_days_after_the_round_opens(hours: int) -> None:
    story = Story().to_tuning()
    at = story.now + HOUR
    no = story.refuses("due_at", c.AskForConsent, PIA, at=at, due_at=at + hours * HOUR)
    assert no.field == "due_at"


@pytest.mark.parametrize("hours", [24, 30 * 24])
def test_the_bounds_of_a_due_time_belong_to_it(hours: int) -> None:
    story = Story().to_tuning()
    at = story.now + HOUR
    story.says(c.AskForConsent, PIA, at=at, due_at=at + hours * HOUR)
    assert opened_at(story).due_at == at + hours * HOUR


def test_a_due_time_given_at_the_opening_is_that_of_the_first_round() -> None:
    policy = Policy(due_days=5)
    given = c.Open(
        by=PIA,
        at=START,
        seed="0",
        number=1,
        facilitator=FAY,
        participants=CIRCLE,
        policy=policy,
        due_at=START + 2 * DAY,
    )
    state, _ = decide(draft(), given)
    assert state.round is not None
    assert state.round.due_at == START + 2 * DAY


def test_the_due_time_is_moved_later_as_often_as_wanted_never_earlier() -> None:
    story = Story()
    due = opened_at(story).due_at
    for days in (1, 2, 3):
        assert told(story.says(c.MoveDue, FAY, due_at=due + days * DAY)) == ["due_changed"]
    story.refuses("due_only_later", c.MoveDue, FAY, due_at=due + 2 * DAY)
    assert story.says(c.MoveDue, PIA, due_at=due + 3 * DAY) == []
    assert opened_at(story).due_at == due + 3 * DAY


def test_the_due_time_is_never_beyond_30_days_after_the_round_opened() -> None:
    story = Story()
    latest = opened_at(story).opened_at + 30 * DAY
    story.refuses("due_only_later", c.MoveDue, FAY, due_at=latest + timedelta(milliseconds=1))
    story.says(c.MoveDue, FAY, due_at=latest)


def test_the_facilitator_or_the_author_moves_the_due_time_of_an_open_round() -> None:
    story = Story(facilitator=OBI)
    later = opened_at(story).due_at + DAY
    story.refuses("only_the_facilitator", c.MoveDue, MAX, due_at=later)
    story.says(c.MoveDue, OBI, due_at=later)
    story.says(c.MoveDue, PIA, due_at=later + DAY)
    story.to_tuning().refuses("wrong_phase", c.MoveDue, PIA, due_at=later + 2 * DAY)


def test_a_round_closes_as_soon_as_it_is_complete_before_or_after_its_due_time() -> None:
    story = Story()
    story.says(c.Clear, FAY)
    story.says(c.Clear, MAX, at=opened_at(story).due_at + DAY)
    assert story.phase is Phase.REACTION


# ── joining ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_newcomer_is_awaited_in_the_open_round() -> None:
    story = Story().to_consent()
    story.consents(FAY, PIA)
    assert told(story.says(c.JoinCircle, NIA)) == ["participant_joined"]
    assert set(awaited(story.state)) == {MAX, NIA}
    story.consents(MAX)
    assert story.phase is Phase.CONSENT
    assert told(story.consents(NIA))[-1] == "adopted"


@pytest.mark.parametrize("revising", [False, True])
def test_a_newcomer_in_tuning_or_revising_is_awaited_from_the_next_round_on(revising: bool) -> None:
    story = Story().to_revising(MAX) if revising else Story().to_tuning()
    story.says(c.JoinCircle, NIA)
    assert story.phase is (Phase.REVISING if revising else Phase.TUNING)
    assert awaited(story.state) == ()
    story.revises()
    assert NIA in awaited(story.state)


def test_joining_twice_is_joining_once() -> None:
    story = Story()
    assert story.says(c.JoinCircle, MAX) == []
    story.says(c.JoinCircle, NIA)
    assert story.says(c.JoinCircle, NIA) == []


def test_a_newcomers_objection_sends_back_like_any_other() -> None:
    story = Story().to_consent()
    story.says(c.JoinCircle, NIA)
    story.objects(NIA)
    story.consents(*CIRCLE)
    assert story.phase is Phase.REVISING


def test_a_facilitator_who_observes_may_become_a_participant() -> None:
    story = Story(facilitator=OBI)
    story.says(c.JoinCircle, OBI)
    assert OBI in awaited(story.state)
    story.says(c.Clear, OBI)


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_leaves_is_no_longer_awaited_and_their_leaving_may_complete_the_round() -> None:
    story = Story()
    story.says(c.Clear, FAY)
    assert told(story.says(c.LeaveCircle, MAX)) == ["participant_left", "round_closed", "round_opened"]
    assert set(awaited(story.state)) == {FAY, PIA}


def test_who_has_left_may_give_nothing_more() -> None:
    story = Story().to_reaction()
    story.says(c.LeaveCircle, MAX)
    assert story.may(MAX) == ()
    story.refuses("not_a_participant", c.Pass, MAX)
    story.refuses("not_a_participant", c.LeaveCircle, MAX)


def test_what_was_given_stays_and_a_standing_objection_still_sends_the_proposal_back() -> None:
    story = Story().to_consent()
    objection = story.objects(MAX).id
    story.consents(FAY)
    story.says(c.LeaveCircle, MAX)
    assert told(story.consents(PIA)) == ["consented", "round_closed", "returned"]
    assert story.state.objections[objection].status is Status.STANDING
    story.refuses("unanswered_objections", c.Revise, PIA, body="Better.")


def test_an_objection_sends_back_even_when_nobody_else_is_left_to_respond() -> None:
    story = Story().to_consent()
    story.objects(MAX)
    story.consents(PIA)
    assert told(story.says(c.LeaveCircle, FAY)) == ["participant_left", "round_closed", "returned"]


def test_who_returns_finds_again_what_they_had_given() -> None:
    story = Story()
    story.says(c.Clear, MAX)
    story.says(c.LeaveCircle, MAX)
    story.says(c.JoinCircle, MAX)
    assert awaited(story.state) == (FAY,)
    story.says(c.Clear, FAY)
    story.says(c.React, MAX, text="I like it")
    story.says(c.LeaveCircle, MAX)
    story.says(c.JoinCircle, MAX)
    assert MAX not in awaited(story.state)
    assert story.says(c.React, MAX, text="I like it") == []


def test_one_voice_alone_adopts_nothing() -> None:
    story = Story(circle=(PIA, MAX)).to_consent()
    story.says(c.LeaveCircle, MAX)
    assert told(story.consents(PIA)) == ["consented"]
    assert story.phase is Phase.CONSENT
    story.says(c.JoinCircle, NIA)
    assert told(story.consents(NIA)) == ["consented", "round_closed", "adopted"]


def test_two_voices_adopt() -> None:
    story = Story(circle=(PIA, MAX)).to_consent()
    story.consents(PIA)
    assert told(story.consents(MAX))[-1] == "adopted"


# ── quorum ───────────────────────────────────────────────────────────────────────────────────────────────────


def consent_round(voices: int, percent: int) -> Proposal:
    people = (PIA, *(f"voice {n}" for n in range(1, voices)))
    policy = Policy(sealed=Sealing.ALWAYS, quorum_percent=percent)
    return Story(circle=people, policy=policy, facilitator=PIA).to_consent().state


@pytest.mark.parametrize(
    ("voices", "percent", "needed"),
    [(2, 50, 2), (3, 50, 2), (4, 50, 3), (5, 50, 3), (4, 75, 3), (5, 75, 4), (5, 61, 4), (3, 67, 3), (5, 100, 5)],
)
def test_the_quorum_is_two_and_more_than_half_or_the_policys_share_rounded_up(
    voices: int, percent: int, needed: int
) -> None:
    state = consent_round(voices, percent)
    assert state.round is not None
    assert quorum_needed(state, state.round) == needed


@pytest.mark.parametrize(("voices", "percent", "needed"), [(4, 50, 3), (5, 50, 3), (5, 75, 4)])
def test_a_round_with_somebody_absent_is_adopted_with_the_quorum_and_not_with_one_fewer(
    voices: int, percent: int, needed: int
) -> None:
    """Marking comes later; what the round then asks for stands already."""
    state = consent_round(voices, percent)
    people = list(state.participants)
    for n, who in enumerate(people[:needed]):
        assert state.round is not None
        assert not quorum_met(state, state.round)
        if n == needed - 1:
            gone = {w: replace(state.participants[w], absent=True) for w in people[needed:]}
            state = replace(state, participants={**state.participants, **gone})
        given = c.Respond(by=who, at=START + HOUR, seed=str(state.seq), kind=Answer.CONSENT)
        state, _ = decide(state, given)
    assert state.phase is Phase.ADOPTED


def test_newcomers_count_on_neither_side_of_the_quorum() -> None:
    state = consent_round(4, 50)
    state, _ = decide(state, c.JoinCircle(by=NIA, at=START + HOUR, seed="nia"))
    *_two, third, fourth = [who for who in state.participants if who != NIA]
    gone = {who: replace(state.participants[who], absent=True) for who in (third, fourth)}
    state = replace(state, participants={**state.participants, **gone})
    for who in sorted(voices(state) - gone.keys()):
        given = c.Respond(by=who, at=START + HOUR, seed=str(state.seq), kind=Answer.CONSENT)
        state, _ = decide(state, given)
    assert awaited(state) == ()
    assert state.phase is Phase.CONSENT


def test_an_author_who_has_left_is_neither_waited_for_nor_offered_anything() -> None:
    story = Story().to_tuning()
    story.says(c.LeaveCircle, PIA)
    assert wanted(story.state) == {FAY: "author"}
    assert may(moment(story.state).standing(PIA)) == ()
