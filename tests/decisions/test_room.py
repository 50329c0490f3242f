"""Section 6 through the interface: three meet in a room, one is elsewhere, and the rows are what the journal says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from conventions import clock
from decisions import timer
from tests.merging import without_nulls

from .rows import everything
from .story import Json, Story
from .test_other_stories import folded

ROOM_AS_PROMISED = {"present", "order", "speaker", "paused", "timebox_ends_at"}


def act(story: Story, who: str, name: str, status: int | None = None, **content: Any) -> Json:
    """A command in the room."""
    return story.does(who, "POST", f"proposals/{story.id}/room/{name}/", content, status)


def room(story: Story, who: str = "nia") -> Json:
    return story.snapshot(who)["room"]


def named(story: Story, ids: list[str]) -> list[str]:
    names = {id: name for name, id in story.people.items()}
    return [names[id] for id in ids]


def speaker(story: Story) -> str | None:
    who = room(story)["speaker"]
    return None if who is None else named(story, [who])[0]


def all_speak(story: Story, path: str, body: Json, method: str = "POST") -> list[str]:
    """Everybody present says this on their turn; who, in that order."""
    spoke = []
    while (who := speaker(story)) is not None:
        story.does(who, method, f"rounds/{story.round}/{path}/", body)
        spoke.append(who)
    return spoke


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


def to_reaction(story: Story) -> None:
    all_speak(story, "clear", {})
    story.does("nia", "POST", f"rounds/{story.round}/clear/", {})
    act(story, "fay", "next", on=story.round)


def to_tuning(story: Story) -> None:
    to_reaction(story)
    all_speak(story, "pass", {})
    story.does("nia", "POST", f"rounds/{story.round}/pass/", {})
    act(story, "fay", "next", on=story.round)


def test_a_meeting_of_three_with_one_elsewhere_from_the_first_question_to_an_agreement(meeting: Story) -> None:
    story = meeting
    story.does("max", "POST", f"rounds/{story.round}/questions/", {"text": "Who keeps the flags?"}, 201)
    story.answer_it()
    assert speaker(story) == "max"
    assert all_speak(story, "clear", {}) == ["max", "fay"]
    assert act(story, "fay", "next", 409, on=story.round)["waiting_for"] == [story.people["nia"]]
    story.does("nia", "POST", f"rounds/{story.round}/clear/", {})
    act(story, "fay", "next", on=story.round)
    story.does("nia", "POST", f"rounds/{story.round}/reactions/", {"text": "From the train: yes."}, 201)
    assert all_speak(story, "pass", {}) == ["fay", "max", "pia"]
    act(story, "fay", "next", on=story.round)
    story.ask_for_consent()
    assert story.snapshot()["round"]["sealed"]
    assert room(story)["speaker"] is None
    story.respond("fay")
    story.respond("max", "objection", text="Payments has no fast suite.")
    story.respond("pia")
    assert story.snapshot()["objections"] == {}
    story.respond("nia")
    assert story.snapshot()["phase"] == "revising"
    assert len(story.snapshot()["objections"]) == 1
    story.revise()
    assert named(story, room(story)["order"]) == ["max", "fay", "pia"]
    to_tuning(story)
    story.ask_for_consent()
    for who in ("nia", "pia", "max", "fay"):
        story.respond(who)
    after = story.snapshot()
    assert (after["phase"], after["room"], after["chair_offered"]) == ("adopted", None, None)
    assert without_nulls(after) == folded(story)


def test_the_snapshots_room_is_as_promised(meeting: Story) -> None:
    assert room(meeting).keys() >= ROOM_AS_PROMISED
    shown = room(meeting)
    assert sorted(named(meeting, shown["present"])) == ["fay", "max", "pia"]
    assert named(meeting, shown["order"]) == ["max", "fay", "pia"]
    assert named(meeting, [shown["speaker"]]) == ["max"]
    assert (shown["paused"], shown["timebox_ends_at"]) == (False, None)
    at = clock.now()
    with clock.frozen(at):
        act(meeting, "fay", "timebox", seconds=120, on=meeting.round)
    assert room(meeting)["timebox_ends_at"] == clock.rfc3339(at + timedelta(seconds=120))
    assert without_nulls(meeting.snapshot()) == folded(meeting)


def test_out_of_turn_is_refused_with_whose_turn_it_is_and_changes_nothing(meeting: Story) -> None:
    story = meeting
    clear, ask = f"rounds/{story.round}/clear/", f"rounds/{story.round}/questions/"
    with nothing_changes():
        for path, body in ((clear, {}), (ask, {"text": "?"})):
            no = story.does("fay", "POST", path, body, 409)
            assert (no["code"], no["speaker"]) == ("not_your_turn", story.people["max"])
        no = act(story, "fay", "later", 409, on=story.round)
        assert (no["code"], no["speaker"]) == ("not_your_turn", story.people["max"])
    to_reaction(story)
    with nothing_changes():
        for path in ("pass", "reactions"):
            no = story.does("max", "POST", f"rounds/{story.round}/{path}/", {"text": "Now."}, 409)
            assert (no["code"], no["speaker"]) == ("not_your_turn", story.people["fay"])


def test_who_leaves_the_room_answers_at_once(meeting: Story) -> None:
    meeting.does("fay", "POST", f"rounds/{meeting.round}/clear/", {}, 409)
    act(meeting, "fay", "leave", on=meeting.round)
    meeting.does("fay", "POST", f"rounds/{meeting.round}/clear/", {})
    assert [entry["event"] for entry in meeting.seen[-2:]] == ["left", "cleared"]


def test_later_and_a_turn_given(meeting: Story) -> None:
    act(meeting, "max", "later", on=meeting.round)
    assert named(meeting, room(meeting)["order"]) == ["fay", "pia", "max"]
    act(meeting, "fay", "turn", to=meeting.people["max"], on=meeting.round)
    assert speaker(meeting) == "max"
    no = act(meeting, "fay", "turn", 409, to=meeting.people["nia"], on=meeting.round)
    assert no["code"] == "not_present"
    assert all_speak(meeting, "clear", {}) == ["max", "fay"]


def test_next_is_offered_only_where_it_would_be_accepted(meeting: Story) -> None:
    def offered() -> bool:
        return "next" in meeting.snapshot()["participants"][meeting.people["fay"]]["may"]

    all_speak(meeting, "clear", {})
    assert not offered()
    assert act(meeting, "fay", "next", 409, on=meeting.round)["code"] == "round_incomplete"
    meeting.does("nia", "POST", f"rounds/{meeting.round}/clear/", {})
    assert offered()
    assert meeting.snapshot()["round"]["complete"]
    assert act(meeting, "max", "next", 403, on=meeting.round)["code"] == "only_the_facilitator"


def test_a_late_next_goes_no_further_than_its_round(meeting: Story) -> None:
    clarifying = meeting.round
    to_reaction(meeting)
    with nothing_changes():
        assert act(meeting, "fay", "next", 409, on=clarifying)["code"] == "round_closed"


def test_a_time_out_ends_by_the_clock_and_closes_what_became_complete(meeting: Story) -> None:
    to_tuning(meeting)
    meeting.does("fay", "DELETE", f"proposals/{meeting.id}/room/", {"on": "1"})
    meeting.ask_for_consent()
    meeting.does("fay", "POST", f"proposals/{meeting.id}/room/", {"on": meeting.round})
    act(meeting, "max", "join")
    act(meeting, "max", "time-out", on=meeting.round)
    assert room(meeting)["time_out"] == meeting.people["max"]
    act(meeting, "fay", "pause", minutes=5, on=meeting.round)
    assert room(meeting)["paused"]
    for who in ("fay", "pia", "nia"):
        meeting.respond(who)
    no = meeting.does("max", "PUT", f"rounds/{meeting.round}/response/", {"kind": "consent"}, 409)
    assert no["code"] == "paused"
    act(meeting, "max", "leave", on=meeting.round)
    meeting.respond("max")
    assert meeting.snapshot()["phase"] == "consent"
    assert timer.once() == 0
    with clock.moved(timedelta(minutes=5)):
        assert timer.once() == 1
        assert timer.once() == 0
    after = meeting.snapshot()
    assert after["phase"] == "adopted"
    told = meeting.does("nia", "GET", f"proposals/{meeting.id}/journal/?after={after['seq'] - 3}")["results"]
    assert [(entry["event"], entry["by"]) for entry in told] == [
        ("pause_ended", None),
        ("round_closed", None),
        ("adopted", None),
    ]


def test_what_the_clock_has_to_do_is_done_by_the_next_command_too(meeting: Story) -> None:
    act(meeting, "fay", "pause", minutes=1, on=meeting.round)
    with clock.moved(timedelta(minutes=1)):
        done = meeting.does("max", "POST", f"rounds/{meeting.round}/clear/", {})
    assert [entry["event"] for entry in done["entries"]] == ["pause_ended", "cleared"]
    assert not room(meeting)["paused"]


def test_after_two_minutes_without_the_facilitator_somebody_present_takes_the_chair(meeting: Story) -> None:
    def take(who: str, status: int) -> Json:
        return meeting.does(who, "POST", f"proposals/{meeting.id}/chair/", {"on": meeting.round}, status)

    with clock.moved(timedelta(seconds=110)), nothing_changes():
        assert take("max", 409)["code"] == "still_here"
    with clock.moved(timedelta(minutes=3)):
        assert take("nia", 409)["code"] == "not_present"
        take("max", 200)
        assert meeting.snapshot()["facilitator"] == meeting.people["max"]
        assert act(meeting, "fay", "pause", 403, on=meeting.round)["code"] == "only_the_facilitator"
        act(meeting, "max", "turn", to=meeting.people["fay"], on=meeting.round)


def test_a_command_of_the_facilitators_counts_the_two_minutes_anew(meeting: Story) -> None:
    with clock.moved(timedelta(minutes=3)):
        act(meeting, "fay", "timebox", seconds=60, on=meeting.round)
    with clock.moved(timedelta(minutes=4)):
        no = meeting.does("max", "POST", f"proposals/{meeting.id}/chair/", {"on": meeting.round}, 409)
        assert no["code"] == "still_here"


def test_who_is_gone_for_two_minutes_is_led_out_and_comes_back(meeting: Story) -> None:
    max_ = meeting.people["max"]
    assert act(meeting, "fay", "lead-out", 409, participant=max_, on=meeting.round)["code"] == "still_here"
    with clock.moved(timedelta(minutes=3)):
        act(meeting, "fay", "lead-out", participant=max_, on=meeting.round)
        assert speaker(meeting) == "fay"
        act(meeting, "max", "join")
    assert named(meeting, room(meeting)["order"]) == ["fay", "pia", "max"]


def test_the_chair_is_handed_over_at_once_or_when_it_is_accepted(meeting: Story) -> None:
    path = f"proposals/{meeting.id}/facilitator/"
    meeting.does("fay", "POST", path, {"to": meeting.people["nia"], "on": meeting.round})
    assert meeting.snapshot()["chair_offered"] == meeting.people["nia"]
    assert meeting.snapshot()["facilitator"] == meeting.people["fay"]
    meeting.does("nia", "POST", f"{path}accept/", {"on": meeting.round})
    assert meeting.snapshot()["facilitator"] == meeting.people["nia"]
    meeting.does("nia", "POST", path, {"to": meeting.people["max"], "on": meeting.round})
    after = meeting.snapshot()
    assert (after["facilitator"], after["chair_offered"]) == (meeting.people["max"], None)


def test_an_observer_sees_the_room_and_does_not_join_it(meeting: Story) -> None:
    with nothing_changes():
        assert act(meeting, "obi", "join", 403)["code"] == "not_a_participant"
        act(meeting, "eve", "join", 404)
    assert room(meeting, "obi") == room(meeting, "nia")
