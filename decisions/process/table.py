"""THE WHOLE PROCESS ON ONE PAGE, AS DATA.

`TABLE` says who may give which command, in which phases, under which circumstances; `LEADS_TO` says which event
leads from which phase to which. There is no other way from phase to phase. docs/process.md is made from this page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import acts, away, guards, screens
from . import commands as c
from .events import Event
from .opening import Fresh
from .refusals import Refusal
from .standing import Standing
from .state import Phase, Proposal

P = Phase
Right = Callable[[Standing], str | None]
Circumstance = Callable[[Standing], str | None]
Content = Callable[[Proposal, Any], Refusal | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: `name` as in `may`; `who` has the right, `whose` hangs the right on the target; `where` the phases
    and their circumstances; `what` judges the content; `does` makes the events."""

    name: str
    who: tuple[Right, ...]
    where: Mapping[Phase, tuple[Circumstance, ...]]
    does: Callable[[Proposal, Any, Fresh], Iterable[Event]]
    whose: tuple[Content, ...] = ()
    whom: tuple[Content, ...] = ()
    """Of the target, before the circumstances: where nobody may be named, who is named is told why not they."""
    what: tuple[Content, ...] = ()
    offered: bool = True
    """False: told to nobody in `may`; it follows from what happens in the team."""
    back: bool = False
    """True: who does this is absent no longer."""


OPEN = (P.CLARIFYING, P.REACTION, P.TUNING, P.CONSENT, P.REVISING)
ENDS = (P.ADOPTED, P.WITHDRAWN)
ROUNDS = (P.CLARIFYING, P.REACTION, P.CONSENT)


def _in(*phases: Phase, when: tuple[Circumstance, ...] = ()) -> Mapping[Phase, tuple[Circumstance, ...]]:
    return dict.fromkeys(phases, when)


# fmt: off
TABLE: Mapping[type[c.Command], Rule] = {
    c.Open: Rule(
        "open", (guards.the_author,), _in(P.DRAFT), acts.open_,
        what=(guards.at_least_two, guards.due_in_bounds),
    ),
    c.AskQuestion: Rule(
        "ask", (guards.a_participant, guards.not_the_author),
        _in(P.CLARIFYING, when=(guards.few_questions, *guards.FIRST)), acts.ask,
        back=True,
    ),
    c.TakeBackQuestion: Rule(
        "take-back-question", (guards.a_participant, guards.not_the_author),
        _in(P.CLARIFYING, when=(guards.own_question_open,)), acts.take_back_question,
        whose=(guards.its_asker,), what=(guards.question_of_this_round, guards.not_yet_answered),
        back=True,
    ),
    c.AnswerQuestion: Rule(
        "answer", (guards.the_author,), _in(P.CLARIFYING, when=(guards.questions_asked,)), acts.answer,
        what=(guards.question_of_this_round,),
        back=True,
    ),
    c.Clear: Rule(
        "clear", (guards.a_participant, guards.not_the_author),
        _in(P.CLARIFYING, when=(guards.no_question_open, *guards.FIRST)), acts.clear,
        what=(guards.nothing_to_add_later_only,),
        back=True,
    ),
    c.TakeBackClear: Rule(
        "take-back-clear", (guards.a_participant, guards.not_the_author),
        _in(P.CLARIFYING, when=(guards.said_clear,)), acts.take_back_clear,
        back=True,
    ),
    c.React: Rule("react", (guards.a_participant,), _in(P.REACTION, when=guards.FIRST), acts.react, back=True),
    c.Pass: Rule("pass", (guards.a_participant,), _in(P.REACTION, when=guards.FIRST), acts.pass_, back=True),
    c.TakeBackReaction: Rule(
        "take-back-reaction", (guards.a_participant,),
        _in(P.REACTION, when=(guards.has_reacted,)), acts.take_back_reaction,
        back=True,
    ),
    c.AskForConsent: Rule(
        "ask-for-consent", (guards.author_or_in_their_place,), _in(P.TUNING), acts.ask_for_consent,
        what=(guards.due_in_bounds,),
        back=True,
    ),
    c.Respond: Rule(
        "respond", (guards.a_participant,), _in(P.CONSENT, when=guards.FIRST), acts.respond, what=(guards.reasoned,),
        back=True,
    ),
    c.TakeBackResponse: Rule(
        "take-back", (guards.a_participant,),
        _in(P.CONSENT, when=(guards.has_responded,)), acts.take_back_response,
        back=True,
    ),
    c.ReturnNow: Rule(
        "return", (guards.author_or_facilitator,),
        _in(P.CONSENT, when=(guards.not_sealed, guards.objection_stands, guards.not_paused)), acts.return_now,
    ),
    c.Revise: Rule(
        "revise", (guards.the_author,), _in(P.TUNING, P.REVISING), acts.revise,
        what=(guards.every_objection_answered, guards.a_text),
        back=True,
    ),
    c.WithdrawObjection: Rule(
        "withdraw-objection", (), _in(P.CONSENT, P.REVISING, when=(guards.an_objector,)),
        acts.withdraw_objection, whose=(guards.its_objector,), what=(guards.this_objection_stands,),
        back=True,
    ),
    c.Restate: Rule(
        "restate", (guards.the_author,),
        _in(P.CONSENT, P.REVISING, when=(guards.not_sealed, guards.objection_to_restate)), acts.restate,
        what=(guards.this_objection_stands,),
        back=True,
    ),
    c.Confirm: Rule(
        "confirm", (),
        _in(P.CONSENT, P.REVISING, when=(guards.not_sealed, guards.an_objector, guards.restatement_waits)),
        acts.confirm, whose=(guards.its_objector,),
        what=(guards.this_objection_stands, guards.this_one_restated),
        back=True,
    ),
    c.MoveDue: Rule(
        "due", (guards.author_or_facilitator,), _in(*ROUNDS), acts.move_due, what=(guards.due_only_later,),
    ),
    c.Withdraw: Rule("withdraw", (guards.the_author,), _in(*OPEN), acts.withdraw),
    c.OpenRoom: Rule(
        "open-room", (guards.the_facilitator,), _in(*OPEN, when=(guards.no_room_yet,)), acts.open_room,
    ),
    c.CloseRoom: Rule(
        "close-room", (away.facilitator_or_anybody,), _in(*OPEN, when=(guards.room_open,)), acts.close_room,
    ),
    c.Join: Rule("join", (guards.a_participant,), _in(*OPEN, when=(guards.room_open,)), acts.join, back=True),
    c.Leave: Rule("leave", (guards.a_participant,), _in(*OPEN, when=(guards.in_the_room,)), acts.leave),
    c.Later: Rule(
        "later", (guards.a_participant,),
        _in(*ROUNDS, when=(guards.in_the_room, guards.has_the_turn, guards.somebody_else_to_speak)), acts.later,
    ),
    c.GiveTurn: Rule(
        "turn", (guards.the_facilitator,), _in(*ROUNDS, when=(guards.not_sealed, guards.somebody_in_the_room)),
        acts.give_turn,
        what=(guards.turn_to_somebody_present,),
    ),
    c.Next: Rule(
        "next", (away.facilitator_or_anybody,),
        _in(P.CLARIFYING, P.REACTION, when=(guards.room_open, guards.not_paused, guards.everyone_heard)), acts.next_,
    ),
    c.AskTimeOut: Rule(
        "time-out", (guards.a_participant,), _in(*OPEN, when=(guards.in_the_room, guards.not_paused_yet)),
        acts.ask_time_out,
    ),
    c.Pause: Rule(
        "pause", (guards.the_facilitator,),
        _in(*OPEN, when=(guards.room_open, guards.not_paused_yet, guards.few_pauses)), acts.pause,
        what=(guards.pause_in_bounds,),
    ),
    c.Resume: Rule(
        "resume", (guards.the_facilitator,), _in(*OPEN, when=(guards.room_open, guards.is_paused)), acts.resume,
    ),
    c.SetTimebox: Rule(
        "timebox", (guards.the_facilitator,), _in(*OPEN, when=(guards.room_open,)), acts.set_timebox,
        what=(guards.timebox_in_bounds,),
    ),
    c.LeadOut: Rule(
        "lead-out", (guards.the_facilitator,), _in(*OPEN, when=(guards.somebody_in_the_room,)), acts.lead_out,
        what=(guards.somebody_present, guards.they_are_gone),
    ),
    c.HandOver: Rule(
        "facilitator", (guards.the_facilitator,), _in(*OPEN, when=(guards.somebody_to_hand_over_to,)), acts.hand_over,
        what=(guards.to_another_voice,),
    ),
    c.AcceptChair: Rule(
        "accept-facilitator", (), _in(*OPEN, when=(guards.chair_offered,)), acts.accept_chair,
        back=True,
    ),
    c.TakeChair: Rule(
        "chair", (guards.a_participant,),
        _in(*OPEN, when=(away.in_the_room_or_adrift, guards.not_the_facilitator)),
        acts.take_chair, what=(away.facilitator_is_gone,),
        back=True,
    ),
    c.MarkAbsent: Rule(
        "absences", (away.facilitator_or_anybody,), _in(*ROUNDS, when=(away.somebody_to_mark,)), away.mark,
        whom=(away.awaited_person, away.no_question_waits, away.not_suspended, away.no_objection_in_its_grace),
        what=(away.awaited_long_enough,),
    ),
    c.IAmAbsent: Rule(
        "absent", (guards.a_participant,), _in(*OPEN, when=(away.not_absent_yet,)), away.i_am_absent,
    ),
    c.IAmHere: Rule("here", (guards.a_participant,), _in(*OPEN, when=(away.is_absent,)), away.i_am_here),
    c.OfferAuthorship: Rule(
        "author", (guards.the_facilitator,), _in(*OPEN, when=(away.author_is_away, away.somebody_to_write)),
        away.offer_authorship, what=(away.to_another_writer,),
    ),
    c.AcceptAuthorship: Rule(
        "accept-author", (guards.a_participant,),
        _in(*OPEN, when=(away.authorship_offered, away.author_is_away)), away.accept_authorship,
        back=True,
    ),
    c.LookAgain: Rule(
        "object", (away.absent_at_adoption,), _in(P.ADOPTED, P.REVISING, when=(away.in_the_window,)),
        away.look_again, what=(away.reasoned,), back=True,
    ),
    # The end of a decision is shown as well: a link stands over it, and can be closed after it.
    c.OpenScreen: Rule(
        "open-screen", (screens.participant_or_facilitator,), _in(*OPEN), screens.open_screen,
        what=(screens.few_screens,),
    ),
    c.CloseScreen: Rule(
        "close-screen", (), _in(*OPEN, *ENDS, when=(screens.a_screen_to_close,)), screens.close_screen,
        whose=(screens.its_maker,),
    ),
    c.JoinCircle: Rule("join-circle", (), _in(*OPEN), acts.join_circle, offered=False),
    c.LeaveCircle: Rule("leave-circle", (guards.a_participant,), _in(*OPEN), acts.leave_circle, offered=False),
    c.Suspend: Rule("suspend", (guards.a_participant,), _in(*OPEN), away.suspend, offered=False),
}
# fmt: on

LEADS_TO: Mapping[Phase, Mapping[str, Phase]] = {
    P.DRAFT: {"opened": P.CLARIFYING},
    P.CLARIFYING: {"round_closed": P.REACTION, "withdrawn": P.WITHDRAWN},
    P.REACTION: {"round_closed": P.TUNING, "withdrawn": P.WITHDRAWN},
    P.TUNING: {"round_opened": P.CONSENT, "revised": P.CLARIFYING, "withdrawn": P.WITHDRAWN},
    P.CONSENT: {"adopted": P.ADOPTED, "returned": P.REVISING, "withdrawn": P.WITHDRAWN},
    P.REVISING: {"revised": P.CLARIFYING, "withdrawn": P.WITHDRAWN},
    P.ADOPTED: {"returned": P.REVISING},
    P.WITHDRAWN: {},
}
