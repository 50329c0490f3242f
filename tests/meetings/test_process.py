"""The rules of a meeting: everybody checks in, everybody can live with the agenda, and no decision is made by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.process import commands as c
from meetings.process.events import EVENTS
from meetings.process.refusals import CONFLICTS, RIGHTS
from meetings.process.state import Item, Meeting, Phase, Stage, Wanted, changes_asked, speaker, unheard
from meetings.process.table import LEADS_TO, TABLE
from tests.meetings.plans import FIRST, PEOPLE, SECOND, Sitting, planned


def test_who_opens_it_is_there_and_speaks_first() -> None:
    it = Sitting().do("fay", c.Open).do("max", c.Join)
    assert it.state.order == ("fay", "max")
    assert speaker(it.state) == "fay"


def test_a_facilitator_without_a_voice_runs_it_from_outside_the_circle() -> None:
    it = Sitting(planned(facilitator="obi")).do("obi", c.Open)
    assert it.state.order == ()
    assert {"end", "turn"} & set(it.may("obi")) == {"end"}


def test_an_observer_watches_and_cannot_join() -> None:
    assert Sitting().opened().refused("obi", c.Join).code == "no_voice"


def test_only_the_facilitator_opens_changes_calls_off_and_goes_on() -> None:
    it = Sitting()
    for command in (c.Open, c.CallOff, c.Change):
        assert it.refused("pia", command).code == "only_the_facilitator"
    assert it.opened().refused("pia", c.Next).code == "only_the_facilitator"


def test_an_empty_agenda_opens_no_meeting() -> None:
    assert Sitting(replace(planned(), agenda=())).refused("fay", c.Open).code == "empty_agenda"


def test_who_is_not_at_their_turn_is_refused_and_told_whose_it_is() -> None:
    no = Sitting().opened().refused("max", c.Speak)
    assert (no.code, no.more) == ("not_your_turn", {"speaker": "fay"})


def test_the_turn_goes_round_in_the_order_in_which_they_came() -> None:
    it, spoke = Sitting().opened(), []
    while who := speaker(it.state):
        spoke.append(who)
        it.do(who, c.Speak)
    assert spoke == ["fay", "pia", "max"]


def test_later_goes_to_the_end_unless_nobody_else_is_to_speak() -> None:
    it = Sitting().opened().do("fay", c.Later)
    assert unheard(it.state) == ["pia", "max", "fay"]
    it.do("pia", c.Speak).do("max", c.Speak)
    assert it.refused("fay", c.Later).code == "nobody_else"


def test_the_facilitator_gives_the_turn_by_which_nobody_is_heard() -> None:
    it = Sitting().opened().do("fay", c.GiveTurn, to="max")
    assert speaker(it.state) == "max"
    assert not it.state.heard
    it.do("max", c.Speak)
    assert it.refused("fay", c.GiveTurn, to="max").code == "already_heard"
    assert it.refused("fay", c.GiveTurn, to="obi").code == "person_not_present"


def test_the_check_in_waits_until_everyone_has_spoken() -> None:
    it = Sitting().opened().do("fay", c.Speak)
    no = it.refused("fay", c.Next)
    assert (no.code, no.more) == ("round_incomplete", {"waiting_for": ["pia", "max"]})
    assert "next" not in it.may("fay")


def test_who_leaves_is_waited_for_no_more() -> None:
    it = Sitting().opened().do("fay", c.Speak).do("pia", c.Leave).do("max", c.Speak)
    it.do("fay", c.Next).at(Phase.AGENDA)


def test_the_agenda_stands_once_everyone_present_can_live_with_it() -> None:
    it = Sitting().at_agenda().do("fay", c.Agree).do("pia", c.Agree).at(Phase.AGENDA)
    assert it.do("max", c.Agree).at(Phase.ITEMS).state.agreed_at == it.now


def test_silence_is_no_consent_to_the_agenda_and_nobody_sets_a_change_aside() -> None:
    it = Sitting().at_agenda().do("fay", c.Agree).do("pia", c.Agree)
    it.do("max", c.AskChange, text="Ten minutes are too few.").at(Phase.AGENDA)
    for command in (c.Next, c.Reconsider):
        assert it.refused("fay", command).code == "wrong_phase"
    assert not {"next", "begin"} & set(it.may("fay"))


def test_whoever_asked_for_a_change_and_left_is_still_answered() -> None:
    it = Sitting().at_agenda().do("max", c.AskChange, text="Too much.").do("max", c.Leave)
    it.do("fay", c.Agree).do("pia", c.Agree).at(Phase.AGENDA)
    assert changes_asked(it.state) == {"max": "Too much."}
    it.do("fay", c.Change, agenda=(FIRST,)).do("fay", c.Agree).do("pia", c.Agree).at(Phase.ITEMS)


def test_a_changed_agenda_is_asked_anew_of_everybody() -> None:
    it = Sitting().at_agenda().do("pia", c.Agree).do("fay", c.Change, agenda=(SECOND, FIRST))
    assert (it.state.version, it.state.answers) == (2, {})


def test_an_answer_to_another_version_of_the_agenda_does_not_count() -> None:
    it = Sitting().at_agenda().do("fay", c.Change, agenda=(SECOND,))
    assert it.refused("pia", c.Agree, on="agenda:1").code == "moved_on"
    it.do("pia", c.Agree, on="agenda:2")


def test_the_last_one_who_did_not_answer_may_leave_and_the_agenda_stands() -> None:
    it = Sitting().at_agenda().do("fay", c.Agree).do("pia", c.Agree).do("max", c.Leave).at(Phase.ITEMS)
    assert it.state.order == ("fay", "pia")


def test_who_agreed_and_left_does_not_count_for_those_who_stay() -> None:
    it = Sitting().at_agenda().do("max", c.Agree).do("max", c.Leave)
    assert it.state.answers == {}


def test_only_who_facilitates_a_decision_goes_to_it() -> None:
    it = Sitting().at_items()
    no = it.refused("fay", c.Begin, item="i2", seq=1, chair="pia")
    assert (no.code, no.more) == ("another_facilitates", {"facilitator": "pia"})
    assert "begin" in it.may("pia")
    assert "begin" not in it.may("max")
    it.begin("i2", "pia")
    current = it.state.current
    assert current
    assert current.id == "i2"


def test_the_meeting_is_at_one_item_at_a_time() -> None:
    it = Sitting().at_items().begin("i1")
    assert it.refused("fay", c.Begin, item="i2", seq=1, chair="fay").code == "item_open"
    assert it.refused("fay", c.Next).code == "item_open"
    assert it.refused("fay", c.End).code == "item_open"


def test_an_item_keeps_between_which_entries_the_meeting_was_at_it() -> None:
    it = Sitting().at_items().begin("i1", seq=4).end_item(seq=31)
    item = it.state.item("i1")
    assert item
    assert (item.stage, item.began, item.ended) == (Stage.DONE, 4, 31)


def test_what_was_done_stays_on_the_agenda_when_the_rest_is_reconsidered() -> None:
    it = Sitting().at_items().begin("i1").end_item().do("fay", c.Reconsider).at(Phase.AGENDA)
    assert it.refused("fay", c.Change, agenda=(SECOND,)).code == "items_done"
    again = Item("i3", "p1", Wanted.DECIDE, 5)
    it.do("fay", c.Change, agenda=(it.state.agenda[0], SECOND, again))
    for who in ("fay", "pia", "max"):
        it.do(who, c.Agree)
    it.at(Phase.ITEMS).begin("i3")


def test_a_decision_stands_on_the_agenda_once() -> None:
    no = Sitting().refused("fay", c.Change, agenda=(FIRST, replace(FIRST, id="i9")))
    assert (no.code, no.field) == ("twice", "agenda")


def test_an_item_that_is_put_off_is_not_gone_to() -> None:
    it = Sitting().at_items().do("fay", c.PutOff, item="i2")
    assert it.refused("pia", c.Begin, item="i2", seq=1, chair="pia").code == "not_waiting"


def test_the_check_out_goes_the_other_way_round_and_ends_the_meeting() -> None:
    it = Sitting().at_items().do("fay", c.Next).at(Phase.CHECK_OUT)
    assert it.state.order == ("max", "pia", "fay")
    for who in ("max", "pia", "fay"):
        it.do(who, c.Speak)
    assert it.do("fay", c.Next).at(Phase.ENDED).state.order == ()


def test_a_meeting_can_be_ended_early_and_decides_nothing_by_it() -> None:
    it = Sitting().at_items().do("fay", c.End).at(Phase.ENDED)
    assert [item.stage for item in it.state.agenda] == [Stage.WAITING, Stage.WAITING]


def test_the_chair_is_taken_only_from_who_is_gone() -> None:
    it = Sitting().opened()
    assert it.refused("max", c.TakeChair, gone=frozenset({"pia"})).code == "still_here"
    assert it.do("max", c.TakeChair, gone=frozenset({"fay"})).state.facilitator == "max"


def test_a_facilitator_who_left_the_team_holds_nothing_up() -> None:
    it = Sitting().opened().do("fay", c.Depart).do("max", c.TakeChair, gone=frozenset())
    assert it.state.facilitator == "max"


def test_only_who_is_gone_is_led_out() -> None:
    it = Sitting().opened()
    assert it.refused("fay", c.LeadOut, participant="max", gone=frozenset()).code == "still_here"
    assert "max" not in it.do("fay", c.LeadOut, participant="max", gone=frozenset({"max"})).state.order


def test_the_chair_is_handed_over_to_somebody_in_the_meeting() -> None:
    it = Sitting().opened()
    assert it.refused("fay", c.HandOver, to="obi").code == "person_not_present"
    assert it.do("fay", c.HandOver, to="pia").state.facilitator == "pia"


def test_who_becomes_an_observer_is_in_the_circle_no_more() -> None:
    it = Sitting().opened().do("max", c.Enter, voice=False)
    assert "max" not in it.state.order
    assert it.refused("max", c.Join).code == "no_voice"


def test_who_comes_into_the_team_can_join() -> None:
    it = Sitting().opened().do("noor", c.Enter, voice=True).do("noor", c.Join)
    assert it.state.order[-1] == "noor"


def test_a_late_next_does_not_jump_over_a_round() -> None:
    it = Sitting().at_agenda()
    for who in ("fay", "pia", "max"):
        it.do(who, c.Agree)
    assert it.refused("fay", c.Next, on="check_in").code == "moved_on"
    assert it.refused("fay", c.Next, on="items:i1").code == "moved_on"
    it.do("fay", c.Next, on="items:")


@pytest.mark.parametrize("command", [c.Join, c.Leave, c.Agree, c.Speak, c.End, c.Next])
def test_nothing_happens_in_a_meeting_that_is_over(command: type[c.Command]) -> None:
    over = Sitting().at_items().do("fay", c.End)
    assert over.refused("fay", command).code in {"wrong_phase", "not_present"}


def test_the_same_again_makes_no_entry() -> None:
    it = Sitting().at_agenda().do("max", c.Agree)
    seq = it.state.seq
    it.do("max", c.Agree).do("fay", c.Change, agenda=it.state.agenda, title="Monday").do("max", c.Enter, voice=True)
    assert it.state.seq == seq


def test_every_refusal_that_a_rule_names_has_words() -> None:
    assert not RIGHTS.keys() & CONFLICTS.keys()
    for code in ("another_facilitates", "items_done", "twice"):
        assert code in RIGHTS or code in CONFLICTS or code == "twice"


def test_every_phase_is_led_to_by_events_that_there_are() -> None:
    assert LEADS_TO.keys() == set(Phase)
    assert {event for leads in LEADS_TO.values() for event in leads} <= EVENTS.keys()


def test_no_rule_names_a_phase_in_which_a_meeting_is_over() -> None:
    over = {Phase.ENDED, Phase.CALLED_OFF}
    assert not [rule.name for rule in TABLE.values() if over & rule.where.keys()]


def test_people_are_the_team_as_it_was_when_it_was_planned() -> None:
    assert isinstance(Sitting().state, Meeting)
    assert Sitting().state.people == PEOPLE
