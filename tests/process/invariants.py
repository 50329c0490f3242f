"""Section 9 of the rule book as functions: each takes one step (a command that was accepted) and asserts one rule.

They read the state and count for themselves; nothing here asks the process what it thinks. Numbers 7 and 8 are the
room's (turns.py); 11–14 belong to the database, the live side and the interface, and are asserted there; 9 needs two
histories (test_sealed.py), 15 a look ahead (`two_voices_can_end_it`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from decisions.process import commands as c
from decisions.process.engine import replay
from decisions.process.events import Adopted, Event, Returned, RoundOpened, Withdrawn
from decisions.process.state import Answer, Kind, Objection, Outcome, Phase, Proposal, Round, Status

from .counting import answers, complete, late, quorum, unled


@dataclass(frozen=True, slots=True)
class Step:
    """One accepted command: the state before, the entries it made, the state after."""

    before: Proposal
    command: c.Command
    events: tuple[Event, ...]
    after: Proposal


# ── what the step did ────────────────────────────────────────────────────────────────────────────────────────


def closed_by(step: Step) -> Round | None:
    """The consent round that this step has closed."""
    here = step.before.current
    if here is None:
        return None
    round = step.after.rounds[here]
    return round if round.closed_at and round.kind is Kind.CONSENT else None


def happened(step: Step, kind: type[Event]) -> bool:
    return any(isinstance(event, kind) for event in step.events)


# ── section 3 ────────────────────────────────────────────────────────────────────────────────────────────────

P = Phase
ARROWS = {
    (P.DRAFT, P.CLARIFYING),
    (P.CLARIFYING, P.REACTION),
    (P.REACTION, P.TUNING),
    (P.TUNING, P.CONSENT),
    (P.TUNING, P.CLARIFYING),
    (P.CONSENT, P.ADOPTED),
    (P.CONSENT, P.REVISING),
    (P.ADOPTED, P.REVISING),
    (P.REVISING, P.CLARIFYING),
    (P.CLARIFYING, P.WITHDRAWN),
    (P.REACTION, P.WITHDRAWN),
    (P.TUNING, P.WITHDRAWN),
    (P.CONSENT, P.WITHDRAWN),
    (P.REVISING, P.WITHDRAWN),
}


def phases_follow_the_picture(step: Step) -> None:
    """Section 3. There is no short cut, and no other way to *adopted*."""
    state = step.before
    for event in step.events:
        following = replay(state, [event])
        assert state.phase is following.phase or (state.phase, following.phase) in ARROWS
        state = following


def a_round_is_open_in_the_three_phases_alone(step: Step) -> None:
    """Section 3. Clarifying, reaction and consent each have their own round open, on the latest revision."""
    after = step.after
    if after.phase not in (P.CLARIFYING, P.REACTION, P.CONSENT):
        assert after.current is None
        return
    assert after.round is not None
    assert after.round.kind.value == after.phase.value
    assert after.round.revision == after.revision == max(after.revisions)
    assert [r.id for r in after.rounds.values() if r.closed_at is None] == [after.current]


# ── section 9 ────────────────────────────────────────────────────────────────────────────────────────────────


def adopted_only_when_everybody_responded(step: Step) -> None:
    """1. `adopted` only from a consent round on the latest revision in which every participant not absent has
    responded, none with an objection, quorum met, at least two responses."""
    if not happened(step, Adopted):
        return
    round = closed_by(step)
    assert round is not None
    assert round.revision == step.after.revision == max(step.after.revisions)
    assert complete(step.after, round)
    assert all(r.kind is not Answer.OBJECTION for r in answers(step.after, round))
    assert quorum(step.after, round)
    assert len(answers(step.after, round)) >= 2


def three_rounds_for_the_adopted_revision(step: Step) -> None:
    """2. Every `adopted` revision has had a completed clarifying and reaction round of its own."""
    if not happened(step, Adopted):
        return
    mine = [r for r in step.after.rounds.values() if r.revision == step.after.revision]
    assert [r.kind for r in mine] == [Kind.CLARIFYING, Kind.REACTION, Kind.CONSENT]
    assert [r.outcome for r in mine] == [Outcome.HEARD, Outcome.HEARD, Outcome.ADOPTED]


def objections_send_back_and_never_vanish(step: Step) -> None:
    """3. An objection that its own objector did not withdraw before the round closed sends the proposal to
    `revising`. No sequence of commands by other people, on whatever later revision, makes it vanish."""
    round = closed_by(step)
    if round and round.outcome is not Outcome.WITHDRAWN:
        objected = any(r.kind is Answer.OBJECTION for r in answers(step.after, round))
        assert objected == (step.after.phase is Phase.REVISING) == (round.outcome is Outcome.RETURNED)
    for objection in step.before.objections.values():
        _lives_on(objection, step)


def _lives_on(was: Objection, step: Step) -> None:
    now = step.after.objections[was.id]
    if (now.by, now.reason, now.suggestion, now.revision) != (was.by, was.reason, was.suggestion, was.revision):
        assert (now.by, now.revision) == (was.by, was.revision)
        assert step.command.by == was.by
    if now.status is was.status:
        return
    assert was.status in (Status.STANDING, Status.ANSWERED)
    match now.status:
        case Status.WITHDRAWN:
            assert was.status is Status.STANDING
            assert step.command.by == was.by
        case Status.ANSWERED:
            assert isinstance(step.command, c.Revise)
            assert now.answer
            assert now.answered_in == step.after.revision
        case Status.RESOLVED:
            round = closed_by(step)
            assert round is not None
            assert round.revision > was.revision
            own = {r.kind for r in answers(step.after, round) if r.by == was.by}
            assert own in ({Answer.CONSENT}, {Answer.CONCERN})
        case Status.STANDING:
            raise AssertionError("an objection that was answered stands again by itself")


def everybody_speaks_for_themselves(step: Step) -> None:
    """4. Nobody's contribution or withdrawal is ever recorded by another account."""
    by = step.command.by
    assert all(event.by == (by or None) for event in step.events[_the_clock_before(step) :])
    ahead = {who for e in step.events if isinstance(e, RoundOpened) for who in e.passes.values()}
    assert ahead <= _nothing_to_add(step)
    before, after = _contributions(step.before), _contributions(step.after)
    new = (after | _acts(step.after)) - (before | _acts(step.before))
    for who, what in new | (before - after):
        assert who == by or (what[0] == "pass" and who in ahead), f"{by} gave or took back {what} of {who}"


def _the_clock_before(step: Step) -> int:
    """How many entries the clock made before the command was judged: a time-out had ended meanwhile."""
    return next((n for n, event in enumerate(step.events) if event.by is not None), len(step.events))


def _nothing_to_add(step: Step) -> set[str]:
    """Who themselves said *nothing to add* in the clarifying round that this step closed."""
    if step.before.round is None:
        return set()
    return {who for who, more in step.after.rounds[step.before.round.id].cleared.items() if more}


Said = set[tuple[str, tuple[Any, ...]]]


def _contributions(state: Proposal) -> Said:
    """What people have given: nobody else may add to it, change it or take it away."""
    said: Said = {(q.by, ("question", q.id, q.text)) for q in state.questions.values()}
    said |= {(r.by, ("pass" if r.text is None else "reaction", r.id, r.text)) for r in state.reactions.values()}
    said |= {(r.by, ("response", r.id, r.kind, r.text, r.suggestion)) for r in state.responses.values()}
    said |= {(who, ("clear", r.id, more)) for r in state.rounds.values() for who, more in r.cleared.items()}
    said |= {(r.by, ("revision", r.number, r.body)) for r in state.revisions.values()}
    return said | {(p.id, ("left", p.since)) for p in state.participants.values() if p.left}


def _acts(state: Proposal) -> Said:
    """What people have done to what others gave; other words of the objector clear the last two of these."""
    done: Said = {(state.author, ("answer", q.id, q.answer)) for q in state.questions.values() if q.answer}
    for o in state.objections.values():
        done |= {(o.by, ("withdrawn", o.id))} if o.status is Status.WITHDRAWN else set()
        done |= {(state.author, ("restated", o.id, o.restatement))} if o.restatement else set()
        done |= {(o.by, ("confirmed", o.id, o.confirmed, o.correction))} if o.confirmed is not None else set()
    return done


def a_response_counts_for_one_revision(step: Step) -> None:
    """5. A response counts for exactly one revision."""
    rounds = step.after.rounds
    for id, was in step.before.responses.items():
        now = step.after.responses.get(id)
        assert now is None or (now.round, now.by) == (was.round, was.by)
    assert all(rounds[r.round].kind is Kind.CONSENT for r in step.after.responses.values())
    assert all(n == 1 for n in Counter((r.round, r.by) for r in step.after.responses.values()).values())
    round = step.after.round
    if round and round.kind is Kind.CONSENT and round.id != step.before.current:
        assert not answers(step.after, round)


def one_outcome_for_each_revision(step: Step) -> None:
    """6. Each revision has exactly one outcome (sent back, adopted, withdrawn)."""
    ends = [e for e in step.events if isinstance(e, Adopted | Returned | Withdrawn)]
    assert len(ends) <= 1
    consent = [r for r in step.after.rounds.values() if r.kind is Kind.CONSENT]
    assert len({r.revision for r in consent}) == len(consent)
    looked_again = {o.revision for o in step.after.objections.values() if o.response is None}
    before = [r for r in consent if r.revision < step.after.revision]
    assert all(r.outcome is Outcome.RETURNED or r.revision in looked_again for r in before)
    if step.before.phase in (Phase.ADOPTED, Phase.WITHDRAWN) and not isinstance(step.command, c.LookAgain):
        # What has ended stays as it is; a link that showed it may still be closed.
        assert isinstance(step.command, c.CloseScreen) or {e.name for e in step.events} <= {"time_passed"}
        assert _lasting(step.after) == _lasting(step.before)


def _lasting(state: Proposal) -> Proposal:
    return replace(state, screens={}, seq=0, clock=None)


def undone_by_a_second_look_alone(step: Step) -> None:
    """6. An adoption is undone by a second look alone: somebody absent when the round closed, once, in the window."""
    if step.before.phase is not Phase.ADOPTED or step.after.phase is Phase.ADOPTED:
        return
    assert isinstance(step.command, c.LookAgain)
    assert step.after.phase is Phase.REVISING
    [round] = [r for r in step.before.rounds.values() if r.kind is Kind.CONSENT and r.revision == step.before.revision]
    assert step.command.by in round.absent
    assert round.closed_at is not None
    assert step.command.at < round.closed_at + timedelta(days=step.before.policy.second_look_days)
    assert not any(o.by == step.command.by and o.response is None for o in step.before.objections.values())


def an_objector_is_never_marked_away(step: Step) -> None:
    """14. Nobody is marked absent with an unresolved objection in a consent round before the grace; and when one
    opens, whoever has one is awaited."""
    before = step.before
    for event in step.events:
        if isinstance(event, RoundOpened) and event.kind is Kind.CONSENT:
            assert not [o for o in step.after.unresolved() if step.after.participants[o.by].absent]
    if not isinstance(step.command, c.MarkAbsent):
        return
    opened = before.round
    assert opened is not None
    assert step.command.at >= opened.due_at >= opened.opened_at + timedelta(hours=24)
    objecting = any(o.by == step.command.participant for o in before.unresolved())
    if opened.kind is Kind.CONSENT and objecting:
        assert step.command.at >= opened.opened_at + timedelta(days=before.policy.objector_grace_days)
    assert opened.kind is not Kind.CONSENT or not before.participants[step.command.participant].suspended


def only_oneself_comes_back(step: Step) -> None:
    """Section 7. Absence lasts, round after round, until the absent person does something, or consent is asked for
    while an objection of theirs is unresolved."""
    opened = any(isinstance(e, RoundOpened) and e.kind is Kind.CONSENT for e in step.events)
    objectors = {o.by for o in step.before.unresolved()} if opened else set()
    for who, was in step.before.participants.items():
        now = step.after.participants[who]
        if was.absent and not now.absent and who != step.command.by:
            assert who in objectors


def the_journal_tells_everything(step: Step) -> None:
    """10. The journal's sequence per proposal is 1, 2, 3 … without a gap; replaying it gives exactly the state."""
    assert replay(step.before, step.events) == step.after
    assert step.after.seq == step.before.seq + len(step.events)
    assert (step.after == step.before) == (not step.events)


def nothing_complete_stays_open(step: Step) -> None:
    """16. No round is complete and open without a room, a pause or a missing quorum."""
    round, room = step.after.round, step.after.room
    adrift = unled(step.after) or late(step.after)
    if round is None or not complete(step.after, round) or (room and room.paused_until and not adrift):
        return
    if round.kind is not Kind.CONSENT:
        assert not adrift, "neither room nor pause holds anything up"
        assert room
        assert room.present - {step.after.facilitator}
        return
    assert not quorum(step.after, round)
    objected = any(r.kind is Answer.OBJECTION for r in answers(step.after, round))
    assert round.sealed or not objected, "an objection needs no quorum"


def the_policy_never_changes(step: Step) -> None:
    """16. No change of policy alters an open proposal."""
    if step.before.phase is not Phase.DRAFT:
        assert step.after.policy == step.before.policy


def what_was_written_stays(step: Step) -> None:
    """Section 2. A revision, once written, and a round, once closed, never change again."""
    for number, text in step.before.revisions.items():
        assert step.before.phase is Phase.DRAFT or step.after.revisions[number] is text
    for id, round in step.before.rounds.items():
        assert round.closed_at is None or step.after.rounds[id] is round


def a_closed_round_keeps_its_answers(step: Step) -> None:
    """Section 4. What was given may be changed or taken back while the round is open, and not after."""
    for given in (_given(step, "responses"), _given(step, "reactions"), _given(step, "questions")):
        for was, now in given:
            if step.before.rounds[was.round].closed_at is not None:
                assert now is was


def whoever_is_clear_has_no_question_open(step: Step) -> None:
    """Section 4. *Clear* is refused while a question of one's own is unanswered; at most five are at once."""
    round = step.after.round
    if round is None or round.kind is not Kind.CLARIFYING:
        return
    here = [q for q in step.after.questions.values() if q.round == round.id]
    waiting = Counter(q.by for q in here if q.answer is None)
    assert not set(waiting) & set(round.cleared)
    assert all(number <= 5 for number in waiting.values())


def _given(step: Step, kind: str) -> Iterator[tuple[Any, Any]]:
    before: Mapping[str, Any] = getattr(step.before, kind)
    after: Mapping[str, Any] = getattr(step.after, kind)
    return ((was, after.get(id)) for id, was in before.items())


AT_EVERY_STEP: tuple[Callable[[Step], None], ...] = (
    phases_follow_the_picture,
    a_round_is_open_in_the_three_phases_alone,
    adopted_only_when_everybody_responded,
    three_rounds_for_the_adopted_revision,
    objections_send_back_and_never_vanish,
    everybody_speaks_for_themselves,
    a_response_counts_for_one_revision,
    one_outcome_for_each_revision,
    undone_by_a_second_look_alone,
    an_objector_is_never_marked_away,
    only_oneself_comes_back,
    the_journal_tells_everything,
    nothing_complete_stays_open,
    the_policy_never_changes,
    what_was_written_stays,
    a_closed_round_keeps_its_answers,
    whoever_is_clear_has_no_question_open,
)


def assert_every_invariant(step: Step) -> None:
    for invariant in AT_EVERY_STEP:
        invariant(step)
