"""Equal voice through the interface, and what the lists tell of a room that is open."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from decisions.live import announce
from decisions.live.database import waiting_of_all
from decisions.live.relay import Word

from .conftest import Clients
from .story import Json, Story
from .test_room import act, to_reaction, to_tuning


def voice(story: Story, who: str = "obi") -> list[Json]:
    results: list[Json] = story.does(who, "GET", f"proposals/{story.id}/voice/")["results"]
    return results


def row(client: Clients, who: str) -> Json:
    (one,) = client[who].get("/api/v1/proposals/").json()["results"]
    return one


def test_the_voices_of_a_meeting_are_told_to_everybody_who_may_read_it_and_to_nobody_else(meeting: Story) -> None:
    to_tuning(meeting)
    clarifying, reaction = voice(meeting)
    assert (clarifying["kind"], clarifying["closed"], clarifying["by_turns"]) == ("clarifying", True, True)
    assert (reaction["kind"], len(reaction["turns"]), reaction["timebox"]) == ("reaction", 3, None)
    assert set(reaction["heard_in_room"]) == {meeting.people[who] for who in ("fay", "pia", "max")}
    assert reaction["heard_elsewhere"] == [meeting.people["nia"]]
    meeting.does("eve", "GET", f"proposals/{meeting.id}/voice/", status=404)


def test_it_is_told_anew_after_each_entry_and_nobodys_time_stands_by_their_name(meeting: Story) -> None:
    to_reaction(meeting)
    assert voice(meeting)[-1]["heard_elsewhere"] == []
    meeting.does("nia", "POST", f"rounds/{meeting.round}/pass/", {})
    told = voice(meeting)[-1]
    assert told["heard_elsewhere"] == [meeting.people["nia"]]
    assert all(isinstance(seconds, int) for seconds in told["turns"])
    assert set(told) == {
        "round", "kind", "revision", "sealed", "closed", "by_turns", "turns", "over", "timebox",
        "heard_in_room", "heard_elsewhere",
    }  # fmt: skip


def test_a_draft_has_no_voices(story: Story) -> None:
    story.propose()
    assert voice(story, "pia") == []


def test_a_row_of_a_list_tells_that_a_room_is_open_and_how_many_are_in_it(meeting: Story, circle: Clients) -> None:
    assert row(circle, "obi")["room"] == {"present": 3}
    act(meeting, "pia", "leave")
    assert row(circle, "nia")["room"] == {"present": 2}
    meeting.does("fay", "DELETE", f"proposals/{meeting.id}/room/", {})
    assert row(circle, "nia")["room"] is None


def test_rooms_cost_a_list_no_question_more(meeting: Story, circle: Clients) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            row(circle, "nia")
        return len(queries)

    with_a_room = cost()
    meeting.does("fay", "DELETE", f"proposals/{meeting.id}/room/", {})
    assert cost() == with_a_room


def test_what_waits_tells_too_where_a_room_is_open_to_those_of_the_team_alone(meeting: Story) -> None:
    to_reaction(meeting)
    people = [meeting.people["max"], meeting.people["nia"]]
    told = {who: json.loads(text) for who, text in waiting_of_all(people).items()}
    assert [told[who]["rooms"] for who in people] == [{meeting.id: 3}] * 2
    meeting.does("fay", "DELETE", f"proposals/{meeting.id}/room/", {})
    assert json.loads(waiting_of_all(people)[people[0]])["rooms"] == {}


@pytest.fixture
def words() -> list[Word]:
    return []


def test_that_a_room_opens_empties_or_closes_is_news_for_the_whole_circle(
    meeting: Story, words: list[Word], django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    class Ear:
        def carry(self, word: Word) -> None:
            words.append(word)

    def told(step: Callable[[], object]) -> set[str]:
        words.clear()
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            step()
        return {who for word in words if word["kind"] == "waiting" for who in word["accounts"]}

    before = announce.use(Ear())
    try:
        everybody = set(meeting.people.values())
        assert told(lambda: act(meeting, "pia", "leave")) == set()
        assert told(lambda: act(meeting, "max", "leave")) == set()
        assert told(lambda: act(meeting, "fay", "leave")) == everybody
        assert told(lambda: act(meeting, "max", "join")) == everybody
        closing = f"proposals/{meeting.id}/room/"
        assert told(lambda: meeting.does("fay", "DELETE", closing, {})) == everybody
    finally:
        announce.use(before)
