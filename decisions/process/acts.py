"""What each command brings about: the events of one act, before the round is judged. The same again makes none."""

from __future__ import annotations

import json
from datetime import timedelta

from . import commands as c
from . import events as e
from .closing import closing
from .opening import Fresh, opening
from .room import speaker
from .state import Answer, Kind, Objection, Proposal, Response, Sealing, Status

Events = list[e.Event]


def open_(state: Proposal, cmd: c.Open, fresh: Fresh) -> Events:
    text = state.text
    opened = e.Opened(
        at=cmd.at,
        by=cmd.by,
        number=cmd.number,
        author=state.author,
        facilitator=cmd.facilitator,
        participants=tuple(sorted(set(cmd.participants))),
        policy=cmd.policy,
        title=text.title,
        driver=text.driver,
        body=text.body,
        review_on=text.review_on,
    )
    due = cmd.due_at or cmd.at + timedelta(days=cmd.policy.due_days)
    return [opened, opening(state, Kind.CLARIFYING, cmd.at, cmd.by, fresh, due=due)]


def ask(state: Proposal, cmd: c.AskQuestion, fresh: Fresh) -> Events:
    return [e.QuestionAsked(at=cmd.at, by=cmd.by, round=_here(state), question=fresh(), text=cmd.text)]


def take_back_question(_state: Proposal, cmd: c.TakeBackQuestion, _fresh: Fresh) -> Events:
    return [e.QuestionTakenBack(at=cmd.at, by=cmd.by, question=cmd.question)]


def answer(state: Proposal, cmd: c.AnswerQuestion, _fresh: Fresh) -> Events:
    if state.questions[cmd.question].answer == cmd.text:
        return []
    return [e.QuestionAnswered(at=cmd.at, by=cmd.by, question=cmd.question, text=cmd.text)]


def clear(state: Proposal, cmd: c.Clear, _fresh: Fresh) -> Events:
    round = state.rounds[_here(state)]
    if round.cleared.get(cmd.by) is cmd.nothing_to_add:
        return []
    return [e.Cleared(at=cmd.at, by=cmd.by, round=round.id, nothing_to_add=cmd.nothing_to_add)]


def take_back_clear(state: Proposal, cmd: c.TakeBackClear, _fresh: Fresh) -> Events:
    return [e.ClearTakenBack(at=cmd.at, by=cmd.by, round=_here(state))]


def react(state: Proposal, cmd: c.React, fresh: Fresh) -> Events:
    given = state.reacted(cmd.by)
    if given and given.text == cmd.text:
        return []
    reaction = given.id if given else fresh()
    return [e.Reacted(at=cmd.at, by=cmd.by, round=_here(state), reaction=reaction, text=cmd.text)]


def pass_(state: Proposal, cmd: c.Pass, fresh: Fresh) -> Events:
    given = state.reacted(cmd.by)
    if given and given.text is None:
        return []
    return [e.Passed(at=cmd.at, by=cmd.by, round=_here(state), reaction=given.id if given else fresh())]


def take_back_reaction(state: Proposal, cmd: c.TakeBackReaction, _fresh: Fresh) -> Events:
    given = state.reacted(cmd.by)
    assert given is not None
    return [e.ReactionTakenBack(at=cmd.at, by=cmd.by, round=given.round, reaction=given.id)]


def ask_for_consent(state: Proposal, cmd: c.AskForConsent, fresh: Fresh) -> Events:
    usual = {Sealing.ALWAYS: True, Sealing.NEVER: False, Sealing.IN_ROOM: state.room is not None}
    sealed = cmd.sealed or usual[state.policy.sealed]
    return [opening(state, Kind.CONSENT, cmd.at, cmd.by, fresh, due=cmd.due_at, sealed=sealed)]


def respond(state: Proposal, cmd: c.Respond, fresh: Fresh) -> Events:
    round, given = state.rounds[_here(state)], state.said(cmd.by)
    if round.sealed:
        # The same again makes an entry here: else its absence would tell that nothing changed.
        return [_sealed(cmd, round.id, given.id if given else fresh())]
    if given and _same(given, cmd):
        return []
    if cmd.kind is Answer.OBJECTION:
        return [_objection(state, cmd, given, fresh)]
    return _consent(state, cmd, given, fresh)


def _same(given: Response, cmd: c.Respond) -> bool:
    return (given.kind, given.text, given.suggestion) == (cmd.kind, *_content(cmd))


def _content(cmd: c.Respond) -> tuple[str | None, str | None]:
    text = None if cmd.kind is Answer.CONSENT else cmd.text
    return text, (cmd.suggestion or None) if cmd.kind is Answer.OBJECTION else None


def _sealed(cmd: c.Respond, round: str, response: str) -> e.Responded:
    text, suggestion = _content(cmd)
    said = json.dumps({"kind": cmd.kind, "text": text, "suggestion": suggestion}, ensure_ascii=False)
    return e.Responded(at=cmd.at, by=cmd.by, round=round, response=response, answer=said)


def _objection(state: Proposal, cmd: c.Respond, given: Response | None, fresh: Fresh) -> e.ObjectionRaised:
    before = _raised_by(state, given)
    response = given.id if given else fresh()
    text, suggestion = _content(cmd)
    return e.ObjectionRaised(
        at=cmd.at,
        by=cmd.by,
        round=_here(state),
        response=response,
        objection=before.id if before else fresh(),
        revision=state.revision,
        reason=text or "",
        suggestion=suggestion,
    )


def _consent(state: Proposal, cmd: c.Respond, given: Response | None, fresh: Fresh) -> Events:
    before = _raised_by(state, given)
    withdrawn: Events = [e.ObjectionWithdrawn(at=cmd.at, by=cmd.by, objection=before.id)] if before else []
    response = given.id if given and not before else fresh()
    round, text = _here(state), _content(cmd)[0]
    if cmd.kind is Answer.CONCERN:
        return [
            *withdrawn,
            e.ConcernRaised(at=cmd.at, by=cmd.by, round=round, response=response, text=text or ""),
        ]
    return [*withdrawn, e.Consented(at=cmd.at, by=cmd.by, round=round, response=response)]


def _raised_by(state: Proposal, given: Response | None) -> Objection | None:
    if given is None:
        return None
    return next((o for o in state.objections.values() if o.response == given.id and o.status is Status.STANDING), None)


def take_back_response(state: Proposal, cmd: c.TakeBackResponse, _fresh: Fresh) -> Events:
    given = state.said(cmd.by)
    assert given is not None
    return [e.ResponseTakenBack(at=cmd.at, by=cmd.by, round=given.round, response=given.id)]


def return_now(state: Proposal, cmd: c.ReturnNow, _fresh: Fresh) -> Events:
    return [e.Returned(at=cmd.at, by=cmd.by, revision=state.revision, round=_here(state))]


def revise(state: Proposal, cmd: c.Revise, fresh: Fresh) -> Events:
    before = state.text
    revised = e.Revised(
        at=cmd.at,
        by=cmd.by,
        revision=state.revision + 1,
        title=cmd.title or before.title,
        driver=before.driver if cmd.driver is None else cmd.driver,
        body=cmd.body,
        review_on=cmd.review_on or before.review_on,
        note=cmd.note,
        answers=_answers(state, cmd),
    )
    return [revised, opening(state, Kind.CLARIFYING, cmd.at, cmd.by, fresh, revision=revised.revision)]


def _answers(state: Proposal, cmd: c.Revise) -> dict[str, str]:
    """The author's answers; those given before to what is still unresolved are carried over."""
    given = {o.id: (cmd.answers.get(o.id) or "").strip() or o.answer for o in state.unresolved()}
    return {objection: text for objection, text in given.items() if text}


def withdraw_objection(_state: Proposal, cmd: c.WithdrawObjection, _fresh: Fresh) -> Events:
    return [e.ObjectionWithdrawn(at=cmd.at, by=cmd.by, objection=cmd.objection)]


def restate(state: Proposal, cmd: c.Restate, _fresh: Fresh) -> Events:
    if state.objections[cmd.objection].restatement == cmd.text:
        return []
    return [e.ObjectionRestated(at=cmd.at, by=cmd.by, objection=cmd.objection, text=cmd.text)]


def confirm(state: Proposal, cmd: c.Confirm, _fresh: Fresh) -> Events:
    objection, text = state.objections[cmd.objection], (cmd.text or None) if not cmd.heard else None
    if (objection.confirmed, objection.correction) == (cmd.heard, text):
        return []
    if cmd.heard:
        return [e.RestatementConfirmed(at=cmd.at, by=cmd.by, objection=cmd.objection)]
    return [e.RestatementCorrected(at=cmd.at, by=cmd.by, objection=cmd.objection, text=text)]


def move_due(state: Proposal, cmd: c.MoveDue, _fresh: Fresh) -> Events:
    round = state.rounds[_here(state)]
    if round.due_at == cmd.due_at:
        return []
    return [e.DueChanged(at=cmd.at, by=cmd.by, round=round.id, due_at=cmd.due_at)]


def withdraw(_state: Proposal, cmd: c.Withdraw, _fresh: Fresh) -> Events:
    return [e.Withdrawn(at=cmd.at, by=cmd.by, reason=cmd.reason)]


def open_room(_state: Proposal, cmd: c.OpenRoom, _fresh: Fresh) -> Events:
    return [e.RoomOpened(at=cmd.at, by=cmd.by)]


def close_room(_state: Proposal, cmd: c.CloseRoom, _fresh: Fresh) -> Events:
    return [e.RoomClosed(at=cmd.at, by=cmd.by)]


def join(state: Proposal, cmd: c.Join, _fresh: Fresh) -> Events:
    present = state.room is not None and cmd.by in state.room.present
    return [] if present else [e.Joined(at=cmd.at, by=cmd.by)]


def leave(_state: Proposal, cmd: c.Leave, _fresh: Fresh) -> Events:
    return [e.Left(at=cmd.at, by=cmd.by)]


def later(_state: Proposal, cmd: c.Later, _fresh: Fresh) -> Events:
    return [e.SaidLater(at=cmd.at, by=cmd.by)]


def give_turn(state: Proposal, cmd: c.GiveTurn, _fresh: Fresh) -> Events:
    if speaker(state) == cmd.to:
        return []
    return [e.TurnGiven(at=cmd.at, by=cmd.by, to=cmd.to)]


def next_(state: Proposal, cmd: c.Next, fresh: Fresh) -> Events:
    return closing(state, cmd.at, cmd.by, fresh)


def ask_time_out(state: Proposal, cmd: c.AskTimeOut, _fresh: Fresh) -> Events:
    asked = state.room is not None and state.room.asked_time_out is not None
    return [] if asked else [e.TimeOutAsked(at=cmd.at, by=cmd.by)]


def pause(_state: Proposal, cmd: c.Pause, _fresh: Fresh) -> Events:
    return [e.Paused(at=cmd.at, by=cmd.by, until=cmd.at + timedelta(minutes=cmd.minutes))]


def resume(_state: Proposal, cmd: c.Resume, _fresh: Fresh) -> Events:
    return [e.Resumed(at=cmd.at, by=cmd.by)]


def set_timebox(state: Proposal, cmd: c.SetTimebox, _fresh: Fresh) -> Events:
    if state.room is not None and (state.room.timebox or 0) == cmd.seconds:
        return []
    return [e.TimeboxSet(at=cmd.at, by=cmd.by, seconds=cmd.seconds)]


def lead_out(_state: Proposal, cmd: c.LeadOut, _fresh: Fresh) -> Events:
    return [e.LedOut(at=cmd.at, by=cmd.by, participant=cmd.participant)]


def hand_over(state: Proposal, cmd: c.HandOver, _fresh: Fresh) -> Events:
    if state.room is not None and cmd.to in state.room.present:
        return [_chair(state, cmd, cmd.to, "handed")]
    if state.chair_offered == cmd.to:
        return []
    return [e.FacilitatorOffered(at=cmd.at, by=cmd.by, to=cmd.to)]


def accept_chair(state: Proposal, cmd: c.AcceptChair, _fresh: Fresh) -> Events:
    return [_chair(state, cmd, cmd.by, "accepted")]


def take_chair(state: Proposal, cmd: c.TakeChair, _fresh: Fresh) -> Events:
    return [_chair(state, cmd, cmd.by, "taken")]


def _chair(state: Proposal, cmd: c.Command, to: str, how: str) -> e.FacilitatorChanged:
    return e.FacilitatorChanged(at=cmd.at, by=cmd.by, facilitator=to, before=state.facilitator, how=how)


def join_circle(state: Proposal, cmd: c.JoinCircle, _fresh: Fresh) -> Events:
    known = state.participants.get(cmd.by)
    if known and not known.left:
        return []
    return [e.ParticipantJoined(at=cmd.at, by=cmd.by, participant=cmd.by)]


def leave_circle(_state: Proposal, cmd: c.LeaveCircle, _fresh: Fresh) -> Events:
    return [e.ParticipantLeft(at=cmd.at, by=cmd.by, participant=cmd.by)]


def _here(state: Proposal) -> str:
    assert state.current is not None
    return state.current
