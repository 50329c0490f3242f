"""What each event makes of the state. `evolve` asks nothing: what has happened has happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from . import events as e
from .away import OF_ABSENCE, awaited_anew, change_person
from .events import giver
from .evolution_room import IN_THE_ROOM
from .replacing import replace
from .room import for_next_round, with_turn_of, without
from .screens import ON_SCREENS, without_screens_of
from .state import (
    Answer,
    Kind,
    Objection,
    Outcome,
    Participant,
    Phase,
    Proposal,
    Question,
    Reaction,
    Response,
    Revision,
    Round,
    Status,
)
from .table import LEADS_TO

ENDS = frozenset({Phase.ADOPTED, Phase.WITHDRAWN})
K = TypeVar("K")
V = TypeVar("V")


def evolve(state: Proposal, event: e.Event) -> Proposal:
    """The state after the event: its content, the phase it leads to, and one more entry in the journal."""
    changed = EVOLVES[type(event)](state, event)
    phase = LEADS_TO[state.phase].get(event.name, state.phase)
    since = changed.since if phase is state.phase else event.at
    clock = max(event.at, state.clock or event.at)
    moved = with_turn_of(state, replace(changed, phase=phase, since=since, clock=clock, seq=state.seq + 1), event.at)
    return replace(moved, room=None, chair_offered=None, author_offered=None) if phase in ENDS else moved


def _with(items: Mapping[K, V], key: K, item: V) -> dict[K, V]:
    return {**items, key: item}


def _without(items: Mapping[K, V], key: K) -> dict[K, V]:
    return {k: v for k, v in items.items() if k != key}


def _opened(state: Proposal, event: e.Opened) -> Proposal:
    circle = {who: Participant(who, since=event.at) for who in event.participants}
    text = Revision(1, event.title, event.driver, event.body, event.review_on, "", event.author, event.at)
    return replace(
        state,
        number=event.number,
        author=event.author,
        facilitator=event.facilitator,
        policy=event.policy,
        participants=circle,
        revisions={1: text},
        revision=1,
        opened_at=event.at,
    )


def _round_opened(state: Proposal, event: e.RoundOpened) -> Proposal:
    round = Round(
        event.round,
        event.kind,
        event.revision,
        event.sealed,
        event.at,
        event.due_at,
        electorate=frozenset(state.voices()),
    )
    if event.kind is Kind.CONSENT:
        state = _objectors_awaited(state)
    room = for_next_round(state, state.room, event.kind, sealed=event.sealed) if state.room else None
    passed = {id: Reaction(id, event.round, who, None, event.at) for id, who in event.passes.items()}
    return replace(
        state,
        rounds=_with(state.rounds, round.id, round),
        current=round.id,
        room=room,
        reactions={**state.reactions, **passed} if passed else state.reactions,
    )


def _objectors_awaited(state: Proposal) -> Proposal:
    """Absence is no override: whoever has an unresolved objection is awaited when consent is asked for."""
    for who in dict.fromkeys(o.by for o in state.unresolved()):
        if state.participants[who].absent:
            state = change_person(state, who, absent=False)
    return state


def _change_round(state: Proposal, round: str, **changes: Any) -> Proposal:
    return replace(state, rounds=_with(state.rounds, round, replace(state.rounds[round], **changes)))


def _question_asked(state: Proposal, event: e.QuestionAsked) -> Proposal:
    question = Question(event.question, event.round, giver(event), event.text, event.at)
    asked = replace(state, questions=_with(state.questions, question.id, question))
    return _asked_after_clear(asked, event, event.round)


def _unclear(state: Proposal, round: str, who: str) -> Proposal:
    cleared = state.rounds[round].cleared
    return _change_round(state, round, cleared=_without(cleared, who)) if who in cleared else state


def _asked_after_clear(state: Proposal, event: e.Event, round: str) -> Proposal:
    was = giver(event) in state.rounds[round].cleared
    return awaited_anew(_unclear(state, round, giver(event)), event) if was else state


def _question_taken_back(state: Proposal, event: e.QuestionTakenBack) -> Proposal:
    return replace(state, questions=_without(state.questions, event.question))


def _question_answered(state: Proposal, event: e.QuestionAnswered) -> Proposal:
    answered = replace(state.questions[event.question], answer=event.text, answered_at=event.at)
    return replace(state, questions=_with(state.questions, answered.id, answered))


def _cleared(state: Proposal, event: e.Cleared) -> Proposal:
    cleared = _with(state.rounds[event.round].cleared, giver(event), event.nothing_to_add)
    return _change_round(state, event.round, cleared=cleared)


def _clear_taken_back(state: Proposal, event: e.ClearTakenBack) -> Proposal:
    return _asked_after_clear(state, event, event.round)


def _reacted(state: Proposal, event: e.Reacted | e.Passed) -> Proposal:
    text = event.text if isinstance(event, e.Reacted) else None
    reaction = Reaction(event.reaction, event.round, giver(event), text, event.at)
    return replace(state, reactions=_with(state.reactions, reaction.id, reaction))


def _reaction_taken_back(state: Proposal, event: e.ReactionTakenBack) -> Proposal:
    return awaited_anew(replace(state, reactions=_without(state.reactions, event.reaction)), event)


def _responded(
    state: Proposal,
    event: e.Event,
    round: str,
    response: str,
    kind: Answer,
    text: str | None = None,
    suggestion: str | None = None,
) -> Proposal:
    given = Response(response, round, giver(event), kind, text, suggestion, event.at, state.seq + 1)
    return replace(state, responses=_with(state.responses, response, given))


def _consented(state: Proposal, event: e.Consented) -> Proposal:
    return _responded(state, event, event.round, event.response, Answer.CONSENT)


def _concern_raised(state: Proposal, event: e.ConcernRaised) -> Proposal:
    return _responded(state, event, event.round, event.response, Answer.CONCERN, event.text)


def _objection_raised(state: Proposal, event: e.ObjectionRaised) -> Proposal:
    objection = Objection(
        event.objection, event.response, giver(event), event.revision, event.reason, event.suggestion, event.at
    )
    raised = replace(state, objections=_with(state.objections, objection.id, objection))
    if event.round is None or event.response is None:
        return raised
    return _responded(raised, event, event.round, event.response, Answer.OBJECTION, event.reason, event.suggestion)


def _sealed_response(state: Proposal, event: e.Responded) -> Proposal:
    said = json.loads(event.answer)
    return _responded(state, event, event.round, event.response, Answer(said["kind"]), said["text"], said["suggestion"])


def _response_taken_back(state: Proposal, event: e.ResponseTakenBack) -> Proposal:
    raised = [o for o in state.standing() if o.response == event.response]
    for objection in raised:
        state = _change_objection(state, objection.id, status=Status.WITHDRAWN)
    return awaited_anew(replace(state, responses=_without(state.responses, event.response)), event)


def _change_objection(state: Proposal, objection: str, **changes: Any) -> Proposal:
    changed = replace(state.objections[objection], **changes)
    return replace(state, objections=_with(state.objections, objection, changed))


def _objection_withdrawn(state: Proposal, event: e.ObjectionWithdrawn) -> Proposal:
    """In an open round its objector is awaited again; in a closed one the answer stays as it was given."""
    response = state.responses.get(state.objections[event.objection].response or "")
    state = _change_objection(state, event.objection, status=Status.WITHDRAWN)
    if response is None or response.round != state.current:
        return state
    return awaited_anew(replace(state, responses=_without(state.responses, response.id)), event)


def _objection_restated(state: Proposal, event: e.ObjectionRestated) -> Proposal:
    return _change_objection(state, event.objection, restatement=event.text, confirmed=None, correction=None)


def _restatement_confirmed(state: Proposal, event: e.RestatementConfirmed) -> Proposal:
    return _change_objection(state, event.objection, confirmed=True, correction=None)


def _restatement_corrected(state: Proposal, event: e.RestatementCorrected) -> Proposal:
    return _change_objection(state, event.objection, confirmed=False, correction=event.text)


def _round_closed(state: Proposal, event: e.RoundClosed) -> Proposal:
    for revealed in event.answers:
        state = _reveal(state, state.rounds[event.round], revealed, event)
    return _close(state, event, event.outcome)


def _reveal(state: Proposal, round: Round, revealed: e.Revealed, event: e.RoundClosed) -> Proposal:
    given = replace(
        state.responses[revealed.response], kind=revealed.kind, text=revealed.text, suggestion=revealed.suggestion
    )
    state = replace(state, responses=_with(state.responses, given.id, given))
    if revealed.objection is None:
        return state
    objection = Objection(
        revealed.objection, given.id, given.by, round.revision, given.text or "", given.suggestion, event.at
    )
    return replace(state, objections=_with(state.objections, objection.id, objection))


def _close(state: Proposal, event: e.Event, outcome: Outcome) -> Proposal:
    """Closes the open round; whoever consented in it has resolved their earlier objections."""
    round = state.round
    if round is None:
        return state
    absent = (p.id for p in state.participants.values() if p.absent and not p.left)
    missed = frozenset(absent) if outcome is Outcome.ADOPTED else frozenset()
    state = replace(_change_round(state, round.id, closed_at=event.at, outcome=outcome, absent=missed), current=None)
    if round.kind is not Kind.CONSENT or outcome is Outcome.WITHDRAWN:
        return state
    content = {r.by for r in state.responses.values() if r.round == round.id and r.kind is not Answer.OBJECTION}
    for objection in state.unresolved():
        if objection.by in content:
            state = _change_objection(state, objection.id, status=Status.RESOLVED)
    return state


def _returned(state: Proposal, event: e.Returned) -> Proposal:
    """An agreement that a second look sends back is not in force any more."""
    return replace(_close(state, event, Outcome.RETURNED), adopted_at=None)


def _revised(state: Proposal, event: e.Revised) -> Proposal:
    text = Revision(
        event.revision,
        event.title,
        event.driver,
        event.body,
        event.review_on,
        event.note,
        giver(event),
        event.at,
        answers=dict(event.answers),
    )
    for objection, answer in event.answers.items():
        state = _change_objection(state, objection, status=Status.ANSWERED, answer=answer, answered_in=event.revision)
    return replace(state, revisions=_with(state.revisions, text.number, text), revision=text.number)


def _adopted(state: Proposal, event: e.Adopted) -> Proposal:
    return replace(state, adopted_at=event.at)


def _withdrawn(state: Proposal, event: e.Withdrawn) -> Proposal:
    closed = _close(state, event, Outcome.WITHDRAWN)
    return replace(closed, withdrawn_at=event.at, withdrawn_reason=event.reason)


def _due_changed(state: Proposal, event: e.DueChanged) -> Proposal:
    return _change_round(state, event.round, due_at=event.due_at)


def _participant_joined(state: Proposal, event: e.ParticipantJoined) -> Proposal:
    who = event.participant
    known = state.participants.get(who)
    person = Participant(who, since=event.at, suspended=known is not None and known.suspended)
    return replace(state, participants=_with(state.participants, who, person))


def _participant_left(state: Proposal, event: e.ParticipantLeft) -> Proposal:
    person = replace(state.participants[event.participant], left=True)
    return replace(
        state,
        participants=_with(state.participants, person.id, person),
        room=without(state.room, person.id) if state.room else None,
        chair_offered=None if state.chair_offered == person.id else state.chair_offered,
        author_offered=None if state.author_offered == person.id else state.author_offered,
        screens=without_screens_of(state, person.id),
    )


EVOLVES: Mapping[type[e.Event], Callable[[Proposal, Any], Proposal]] = {
    e.Opened: _opened,
    e.RoundOpened: _round_opened,
    e.QuestionAsked: _question_asked,
    e.QuestionTakenBack: _question_taken_back,
    e.QuestionAnswered: _question_answered,
    e.Cleared: _cleared,
    e.ClearTakenBack: _clear_taken_back,
    e.Reacted: _reacted,
    e.Passed: _reacted,
    e.ReactionTakenBack: _reaction_taken_back,
    e.Consented: _consented,
    e.ConcernRaised: _concern_raised,
    e.ObjectionRaised: _objection_raised,
    e.Responded: _sealed_response,
    e.ResponseTakenBack: _response_taken_back,
    e.ObjectionWithdrawn: _objection_withdrawn,
    e.ObjectionRestated: _objection_restated,
    e.RestatementConfirmed: _restatement_confirmed,
    e.RestatementCorrected: _restatement_corrected,
    e.RoundClosed: _round_closed,
    e.Returned: _returned,
    e.Revised: _revised,
    e.Adopted: _adopted,
    e.Withdrawn: _withdrawn,
    e.DueChanged: _due_changed,
    e.ParticipantJoined: _participant_joined,
    e.ParticipantLeft: _participant_left,
    **IN_THE_ROOM,
    **OF_ABSENCE,
    **ON_SCREENS,
}
