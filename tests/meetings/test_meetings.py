"""Meetings by HTTP: planned, held and over; what they do with the decisions on their agenda, and what they cannot."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from icalendar import Calendar

from conventions import clock
from decisions.away import FRESH
from decisions.live import announce
from decisions.live.relay import Word
from decisions.models import Proposal
from decisions.read import merged
from decisions.store import verified
from meetings import models, store
from meetings.process.engine import replay
from meetings.process.state import Meeting
from teams import flows
from teams.models import Account, Team
from tests.meetings.conftest import Board

pytestmark = pytest.mark.django_db


def subjects(board: Board) -> list[str]:
    shown = board.seen()
    return [shown["agenda"][id]["proposal"] for id in shown["places"]]


def items(board: Board) -> list[str]:
    return list(board.seen()["places"])


def test_a_plan_is_seen_by_the_whole_team_and_by_nobody_else(planned: Board) -> None:
    for who in ("fay", "pia", "max", "obi"):
        assert planned.seen(who)["title"] == "Monday"
    unseen = planned.ask("eve", "GET", f"meetings/{planned.meeting}/")
    assert unseen == planned.ask("eve", "GET", "meetings/0000000000000000/")
    assert unseen[0] == 404


def test_an_outsider_can_give_no_command_and_learns_nothing(planned: Board) -> None:
    for command in ("open", "join", "agree", "next", "end"):
        assert planned.refused("eve", command) == (404, "not_found")


def test_an_observer_plans_no_meeting(board: Board) -> None:
    body = {"title": "x", "starts_at": "2026-11-30T09:00:00Z"}
    status, answer = board.ask("obi", "POST", f"teams/{board.team}/meetings/", body)
    assert (status, answer["code"]) == (403, "no_voice")


@pytest.mark.parametrize(
    ("agenda", "words"),
    [
        ([{"proposal": "0000000000000000"}], "Choose open decisions of this team."),
        ([{"proposal": "here"}, {"proposal": "here"}], "A decision stands on the agenda once."),
    ],
)
def test_only_open_decisions_of_the_team_stand_on_the_agenda_each_once(board: Board, agenda: Any, words: str) -> None:
    here = board.proposal("Trunk")
    asked = [{"proposal": here if one["proposal"] == "here" else one["proposal"]} for one in agenda]
    body = {"title": "x", "starts_at": "2026-11-30T09:00:00Z", "agenda": asked}
    status, answer = board.ask("fay", "POST", f"teams/{board.team}/meetings/", body)
    assert (status, answer["errors"]) == (400, {"agenda": [words]})


def test_a_draft_is_on_no_agenda(board: Board) -> None:
    draft = board.does("pia", "POST", f"teams/{board.team}/proposals/", {"title": "Secret", "body": "Nobody knows."})
    body = {"title": "x", "starts_at": "2026-11-30T09:00:00Z", "agenda": [{"proposal": draft["id"]}]}
    status, answer = board.ask("pia", "POST", f"teams/{board.team}/meetings/", body)
    assert status == 400
    assert "Secret" not in json.dumps(answer)


def test_everybody_in_the_meeting_comes_into_the_room_of_the_decision_it_goes_to(planned: Board) -> None:
    planned.to_items("pia", "max")
    first = subjects(planned)[0]
    planned.acts("fay", "begin", item=items(planned)[0])
    assert planned.decision(first)["room"]["present"] == sorted(planned.ids[who] for who in ("fay", "pia", "max"))
    told = planned.does("obi", "GET", f"proposals/{first}/journal/")["results"]
    joined = {(entry["by"], entry["via"]) for entry in told if entry["event"] == "joined"}
    assert joined == {(planned.ids[who], "meeting") for who in ("fay", "pia", "max")}


def test_who_comes_later_comes_into_the_room_too_and_who_leaves_leaves_both(planned: Board) -> None:
    planned.to_items("pia")
    first = subjects(planned)[0]
    planned.acts("fay", "begin", item=items(planned)[0])
    planned.acts("max", "join")
    assert planned.ids["max"] in planned.decision(first)["room"]["present"]
    planned.acts("max", "leave")
    assert planned.ids["max"] not in planned.decision(first)["room"]["present"]


def test_the_end_of_an_item_closes_its_room_and_the_round_goes_on(planned: Board) -> None:
    planned.to_items("pia")
    first = subjects(planned)[0]
    planned.acts("fay", "begin", item=items(planned)[0])
    planned.acts("fay", "end-item")
    after = planned.decision(first)
    assert (after["room"], after["phase"]) == (None, "clarifying")


def test_nobody_opens_the_room_of_a_decision_that_somebody_else_facilitates(board: Board) -> None:
    theirs = board.proposal("Pairing", facilitator="pia")
    board.plan({"proposal": theirs})
    board.to_items("pia")
    item = items(board)[0]
    assert board.refused("fay", "begin", item=item) == (403, "another_facilitates")
    assert board.decision(theirs)["room"] is None
    assert "begin" not in board.seen()["people"][board.ids["fay"]]["may"]
    board.acts("pia", "begin", item=item)
    assert board.decision(theirs)["room"]["present"] == sorted([board.ids["fay"], board.ids["pia"]])


def test_a_refused_command_changes_neither_the_meeting_nor_the_decision(planned: Board) -> None:
    planned.to_items("pia")
    before = planned.seen(), planned.decision(subjects(planned)[0])
    planned.refused("pia", "begin", item=items(planned)[0])
    planned.refused("max", "speak")
    planned.refused("fay", "end-item")
    assert before == (planned.seen(), planned.decision(subjects(planned)[0]))


def test_no_command_of_a_meeting_answers_a_round_or_ends_one(planned: Board) -> None:
    planned.to_items("pia", "max")
    first = subjects(planned)[0]
    planned.acts("fay", "begin", item=items(planned)[0])
    planned.acts("fay", "end-item")
    planned.acts("fay", "end")
    events = [entry["event"] for entry in planned.does("fay", "GET", f"proposals/{first}/journal/")["results"]]
    assert set(events) == {"opened", "round_opened", "room_opened", "joined", "room_closed"}


def test_an_adopted_decision_leaves_the_meeting_at_its_item(board: Board) -> None:
    decision = board.proposal("Trunk")
    board.plan({"proposal": decision})
    board.to_items("pia", "max")
    board.acts("fay", "begin", item=items(board)[0])
    play_to_adoption(board, decision)
    assert board.seen()["current"]
    board.acts("fay", "end-item")
    told = board.does("obi", "GET", f"meetings/{board.meeting}/minutes/")
    adopted = told["items"][0]["outcome"]["adopted"]
    assert (adopted["title"], adopted["body"]) == ("Trunk", "Trunk, daily.")
    assert [r["outcome"] for r in told["items"][0]["outcome"]["rounds"]] == ["heard", "heard", "adopted"]
    assert verified(decision) == []


def play_to_adoption(board: Board, decision: str) -> None:
    current = to_consent(board, decision)
    for who in ("fay", "pia", "max"):
        board.does(who, "PUT", f"rounds/{current}/response/", {"kind": "consent"})


def to_consent(board: Board, decision: str) -> str:
    """By turns through the first two rounds; the round of the consent that is asked for."""

    def round() -> str:
        return str(board.decision(decision)["round"]["id"])

    def in_turn(act: Any) -> None:
        while speaker := board.decision(decision)["room"]["speaker"]:
            act(next(who for who, id in board.ids.items() if id == speaker))

    in_turn(lambda who: board.does(who, "POST", f"rounds/{round()}/clear/", {}))
    board.does("fay", "POST", f"proposals/{decision}/room/next/", {})
    in_turn(lambda who: board.does(who, "POST", f"rounds/{round()}/pass/", {}))
    board.does("fay", "POST", f"proposals/{decision}/room/next/", {})
    board.does("pia", "POST", f"proposals/{decision}/ask-for-consent/", {})
    return round()


def test_the_minutes_say_where_each_decision_stands_and_not_who_said_what(planned: Board) -> None:
    planned.to_items("pia", "max")
    first = subjects(planned)[0]
    planned.acts("fay", "begin", item=items(planned)[0])
    round = planned.decision(first)["round"]["id"]
    planned.does("fay", "POST", f"rounds/{round}/questions/", {"text": "a-question-of-fays"})
    planned.acts("fay", "end-item")
    planned.acts("fay", "put-off", item=items(planned)[1])
    planned.acts("fay", "end")
    told = planned.does("obi", "GET", f"meetings/{planned.meeting}/minutes/")
    assert "a-question-of-fays" not in json.dumps(told)
    assert [item["stage"] for item in told["items"]] == ["done", "put_off"]
    assert told["items"][0]["outcome"]["goes_on"]["kind"] == "clarifying"
    assert told["present"] == ["Fay Ferreira", "Max Møller", "Pia Park"]
    assert told["facilitators"] == ["Fay Ferreira"]


def test_the_minutes_of_an_item_end_where_the_meeting_left_it(planned: Board) -> None:
    planned.to_items("pia")
    first = subjects(planned)[0]
    planned.acts("fay", "begin", item=items(planned)[0])
    planned.acts("fay", "end-item")
    before = planned.does("obi", "GET", f"meetings/{planned.meeting}/minutes/")["items"][0]
    round = planned.decision(first)["round"]["id"]
    for who in ("fay", "max"):
        planned.does(who, "POST", f"rounds/{round}/clear/", {})
    assert planned.decision(first)["phase"] == "reaction"
    assert planned.does("obi", "GET", f"meetings/{planned.meeting}/minutes/")["items"][0] == before


def test_the_story_of_a_meeting_replayed_is_the_meeting(planned: Board) -> None:
    planned.to_items("pia", "max")
    planned.acts("fay", "begin", item=items(planned)[0])
    planned.acts("max", "leave")
    planned.acts("fay", "end-item")
    row = models.Meeting.objects.select_related("team").get(pk=planned.meeting)
    now = store.load(row)
    start = Meeting(row.pk, row.team_id, now.facilitator, now.title, now.starts_at, now.minutes)
    assert replay(start, store.story(row)) == now


def test_the_entries_of_a_meeting_applied_in_order_give_its_snapshot(planned: Board) -> None:
    def model() -> Any:
        found: Any = {}
        for entry in models.MeetingEntry.objects.filter(meeting=planned.meeting).order_by("seq"):
            found = merged(found, json.loads(entry.changes))
        return found

    def told(picture: Any) -> Any:
        return merged({}, picture)

    planned.to_items("pia", "max")
    assert model() == told(planned.seen())
    first = subjects(planned)[0]
    planned.acts("fay", "begin", item=items(planned)[0])
    round = planned.decision(first)["round"]["id"]
    for who in ("fay", "max"):
        planned.does(who, "POST", f"rounds/{round}/clear/", {})
    planned.does("fay", "POST", f"proposals/{first}/room/next/", {})
    planned.acts("max", "leave")
    assert model() == told(planned.seen())
    assert model()["agenda"][items(planned)[0]]["phase"] == "reaction"
    seqs = models.MeetingEntry.objects.filter(meeting=planned.meeting).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, planned.seen()["seq"] + 1))


def test_a_changed_plan_voids_every_answer(planned: Board) -> None:
    planned.acts("fay", "open")
    planned.acts("pia", "join")
    for who in ("fay", "pia"):
        planned.acts(who, "speak")
    planned.acts("fay", "next")
    planned.acts("pia", "agree")
    kept = [{"id": id, "proposal": planned.seen()["agenda"][id]["proposal"]} for id in reversed(items(planned))]
    planned.does("fay", "PATCH", f"meetings/{planned.meeting}/", {"agenda": kept})
    assert planned.seen()["people"][planned.ids["pia"]]["answer"] is None
    assert planned.refused("pia", "agree", on="agenda:1") == (409, "moved_on")


def test_who_is_asked_to_change_what_somebody_else_facilitates_is_refused(planned: Board) -> None:
    status, answer = planned.ask("pia", "PATCH", f"meetings/{planned.meeting}/", {"title": "Mine"})
    assert (status, answer["code"]) == (403, "only_the_facilitator")


def test_lists_tell_what_is_coming_and_what_is_past(planned: Board) -> None:
    def listed(who: str, when: str) -> list[str]:
        return [row["id"] for row in planned.does(who, "GET", f"meetings/?when={when}")["results"]]

    assert (listed("obi", "coming"), listed("obi", "past"), listed("eve", "coming")) == ([planned.meeting], [], [])
    planned.acts("fay", "call-off")
    assert (listed("obi", "coming"), listed("obi", "past")) == ([], [planned.meeting])
    assert planned.ask("obi", "GET", "meetings/?when=never")[0] == 400


def test_lists_tell_since_when_a_meeting_is_running(planned: Board) -> None:
    def listed() -> Any:
        return planned.does("obi", "GET", "meetings/?when=coming")["results"][0]

    assert listed()["opened_at"] is None
    planned.acts("fay", "open")
    assert listed()["opened_at"] == planned.seen()["opened_at"]


def test_a_member_who_leaves_the_team_is_in_no_meeting_of_it(planned: Board, team: Team, max_: Account) -> None:
    planned.acts("fay", "open")
    planned.acts("max", "join")
    flows.leave(max_, team)
    shown = planned.seen()
    assert planned.ids["max"] not in shown["people"]
    assert shown["order"] == [planned.ids["fay"]]
    assert planned.refused("max", "join") == (404, "not_found")


def test_the_chair_is_taken_after_two_minutes_without_the_facilitator(planned: Board) -> None:
    planned.acts("fay", "open")
    planned.acts("pia", "join")
    assert planned.refused("pia", "chair") == (409, "still_here")
    with clock.moved(timedelta(minutes=2, seconds=1) + FRESH):
        planned.acts("pia", "chair")
    assert planned.seen()["facilitator"] == planned.ids["pia"]


def test_the_calendar_entry_says_when_where_what_and_how_to_join(planned: Board) -> None:
    planned.does("fay", "PATCH", f"meetings/{planned.meeting}/", {"place": "Room 4; or online,\\ as ever"})
    answer = planned.people["max"].get(f"/api/v1/meetings/{planned.meeting}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=60)
    assert str(event["location"]) == "Room 4; or online,\\ as ever"
    assert "1. Trunk (20 min)" in str(event["description"])
    assert str(event["url"]).endswith(f"/m/{planned.meeting}?join")


@pytest.mark.parametrize("title", ["Mo\r\nBEGIN:VEVENT", "Mo\u2028x"])
def test_a_title_puts_nothing_of_its_own_into_the_calendar(planned: Board, title: str) -> None:
    planned.does("fay", "PATCH", f"meetings/{planned.meeting}/", {"title": title})
    answer = planned.people["max"].get(f"/api/v1/meetings/{planned.meeting}/calendar.ics")
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 1


def test_the_team_is_told_at_once_that_a_meeting_has_begun(
    planned: Board, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[Word] = []

    class Ear:
        def carry(self, word: Word) -> None:
            heard.append(word)

    before = announce.use(Ear())
    try:
        with django_capture_on_commit_callbacks(execute=True):
            planned.acts("fay", "open")
    finally:
        announce.use(before)
    entries = [word for word in heard if word["kind"] == "entry"]
    assert [word["topic"] for word in entries] == [f"meeting:{planned.meeting}"] * 2
    news = [word for word in heard if word["kind"] == "news"]
    assert set(news[0]["accounts"]) == {planned.ids[who] for who in ("fay", "pia", "max", "obi")}


def test_a_command_sent_twice_with_one_key_is_done_once(planned: Board) -> None:
    planned.acts("fay", "open")
    path = f"/api/v1/meetings/{planned.meeting}/speak/"
    first, again = (planned.people["fay"].post(path, {}, format="json", HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"


def test_the_demo_team_has_held_a_meeting_and_plans_another_once() -> None:
    call_command("demo", stdout=StringIO())
    for _ in range(2):
        call_command("demo_meeting")
    held, planned = models.Meeting.objects.order_by("starts_at")
    assert (held.phase, planned.phase) == ("ended", "planned")
    assert len(store.load(planned).agenda) == 3
    (item,) = store.load(held).agenda
    assert Proposal.objects.get(pk=item.proposal).phase == "adopted"


def test_the_minutes_tell_nothing_of_a_sealed_round_that_is_open(board: Board) -> None:
    """Whatever was said in it: two histories that differ in that alone have the same minutes."""
    told = []
    for said in ({"kind": "consent"}, {"kind": "objection", "text": "canary", "suggestion": "canary"}):
        decision = board.proposal("Trunk")
        board.plan({"proposal": decision})
        board.to_items("pia", "max")
        board.acts("fay", "begin", item=items(board)[0])
        current = to_consent(board, decision)
        assert board.decision(decision)["round"]["sealed"]
        board.does("max", "PUT", f"rounds/{current}/response/", said)
        board.acts("fay", "end-item")
        outcome = board.does("obi", "GET", f"meetings/{board.meeting}/minutes/")["items"][0]["outcome"]
        outcome["goes_on"].pop("due_at")
        told.append(json.dumps(outcome))
    assert told[0] == told[1]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+05:00", "0033-04-03T15:00:00Z", "9999-12-31T23:59:59-05:00"])
def test_a_meeting_in_a_year_that_no_calendar_knows_is_refused_in_words(board: Board, at: str) -> None:
    body = {"title": "x", "starts_at": at}
    status, answer = board.ask("fay", "POST", f"teams/{board.team}/meetings/", body)
    assert status == 400
    assert "starts_at" in answer["errors"]
