"""THE WHOLE MEETING ON ONE PAGE, AS DATA: who may give which command, in which phases, under which circumstances.

A meeting decides nothing: it takes the circle from one decision to the next. What is decided is decided in the
decision's own rounds, by the rules of `decisions.process`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import acts, guards
from . import commands as c
from .events import Event
from .refusals import Refusal
from .state import LIVE, Meeting, Phase

P = Phase
Guard = Callable[[Meeting, str], str | None]
Content = Callable[[Meeting, Any], Refusal | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: `name` as in `may`; `who` has the right; `where` the phases and their circumstances; `what` judges the
    content; `does` makes the events. Not `offered`: it follows from what happens in the team."""

    name: str
    who: tuple[Guard, ...]
    where: Mapping[Phase, tuple[Guard, ...]]
    does: Callable[[Meeting, Any], Iterable[Event]]
    what: tuple[Content, ...] = ()
    offered: bool = True


def _in(*phases: Phase, when: tuple[Guard, ...] = ()) -> Mapping[Phase, tuple[Guard, ...]]:
    return dict.fromkeys(phases, when)


FACILITATES = (guards.the_facilitator,)
CHECKS = (P.CHECK_IN, P.CHECK_OUT)
MINE = (guards.is_present, guards.has_the_turn)
IDLE = (guards.at_no_item,)
TO_COME = (guards.at_no_item, guards.items_wait)

# fmt: off
TABLE: Mapping[type[c.Command], Rule] = {
    c.Change: Rule(
        "change", FACILITATES, _in(P.PLANNED, P.CHECK_IN, P.AGENDA), acts.change,
        what=(guards.each_once, guards.keeps_what_was_done, guards.not_emptied),
    ),
    c.MailPlan: Rule("mail", FACILITATES, _in(P.PLANNED, when=(guards.something_on_it,)), acts.mail_plan),
    c.CallOff: Rule("call-off", FACILITATES, _in(P.PLANNED), acts.call_off),
    c.Open: Rule("open", FACILITATES, _in(P.PLANNED, when=(guards.something_on_it,)), acts.open_),
    c.Join: Rule("join", (guards.has_voice,), _in(*LIVE, when=(guards.not_present_yet,)), acts.join),
    c.Leave: Rule("leave", (guards.anybody,), _in(*LIVE, when=(guards.is_present,)), acts.leave),
    c.Speak: Rule("speak", (guards.has_voice,), _in(*CHECKS, when=MINE), acts.speak),
    c.Later: Rule(
        "later", (guards.has_voice,), _in(*CHECKS, when=(*MINE, guards.somebody_else_to_speak)), acts.later,
    ),
    c.GiveTurn: Rule(
        "turn", FACILITATES, _in(*CHECKS, when=(guards.somebody_else_to_speak,)), acts.give_turn,
        what=(guards.to_somebody_to_speak,),
    ),
    c.Agree: Rule("agree", (guards.has_voice,), _in(P.AGENDA, when=(guards.is_present,)), acts.agree),
    c.AskChange: Rule(
        "ask-change", (guards.has_voice,), _in(P.AGENDA, when=(guards.is_present,)), acts.ask_change,
        what=(guards.says_what,),
    ),
    c.Next: Rule(
        "next", FACILITATES,
        {
            P.CHECK_IN: (guards.everyone_heard,),
            P.ITEMS: IDLE,
            P.CHECK_OUT: (guards.everyone_heard,),
        },
        acts.next_,
    ),
    c.Begin: Rule(
        "begin", (guards.anybody,), _in(P.ITEMS, when=(guards.is_here, *TO_COME)), acts.begin,
        what=(guards.waiting_item, guards.facilitated_by_them),
    ),
    c.EndItem: Rule("end-item", FACILITATES, _in(P.ITEMS, when=(guards.at_an_item,)), acts.end_item),
    c.PutOff: Rule(
        "put-off", FACILITATES, _in(P.ITEMS, when=TO_COME), acts.put_off,
        what=(guards.waiting_item,),
    ),
    c.Reconsider: Rule("reconsider", FACILITATES, _in(P.ITEMS, when=TO_COME), acts.reconsider),
    c.End: Rule("end", FACILITATES, _in(*LIVE, when=IDLE), acts.end),
    c.LeadOut: Rule("lead-out", FACILITATES, _in(*LIVE), acts.lead_out, what=(guards.they_are_gone,)),
    c.HandOver: Rule(
        "facilitator", FACILITATES, _in(*LIVE), acts.hand_over, what=(guards.to_somebody_present,),
    ),
    c.TakeChair: Rule(
        "chair", (guards.has_voice,), _in(*LIVE, when=(guards.is_present, guards.not_the_facilitator)),
        acts.take_chair, what=(guards.facilitator_is_gone,),
    ),
    c.Enter: Rule("enter", (guards.anybody,), _in(P.PLANNED, *LIVE), acts.enter, offered=False),
    c.Depart: Rule("depart", (guards.anybody,), _in(P.PLANNED, *LIVE), acts.depart, offered=False),
}
# fmt: on

LEADS_TO: Mapping[Phase, Mapping[str, Phase]] = {
    P.PLANNED: {"opened": P.CHECK_IN, "called_off": P.CALLED_OFF},
    P.CHECK_IN: {"check_in_ended": P.AGENDA, "ended": P.ENDED},
    P.AGENDA: {"agenda_agreed": P.ITEMS, "ended": P.ENDED},
    P.ITEMS: {"agenda_reconsidered": P.AGENDA, "check_out_begun": P.CHECK_OUT, "ended": P.ENDED},
    P.CHECK_OUT: {"ended": P.ENDED},
    P.ENDED: {},
    P.CALLED_OFF: {},
}
"""Which event leads from which phase to which; there is no other way."""
