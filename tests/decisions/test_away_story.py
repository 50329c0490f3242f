"""Section 7 through the interface: whoever vanishes, the others carry on, and the record says how."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from conventions import clock
from decisions import timer
from decisions.models import Proposal
from notices.models import Mail
from teams import site
from teams.models import Account
from tests.conftest import bring

from .conftest import Clients, assert_sound
from .rows import everything
from .story import Json, Story

DAY = timedelta(days=1)


def on_it(story: Story, who: str, tail: str, status: int | None = None, **content: object) -> Json:
    return story.does(who, "POST", f"proposals/{story.id}/{tail}/", content, status)


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """So much time goes by, and the timer does what has come about."""
    now = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: now)
    timer.once()


def may(story: Story, who: str) -> list[str]:
    return list(story.snapshot(who)["participants"][story.people[who]]["may"])


def events(story: Story) -> list[str]:
    entries = story.does("fay", "GET", f"proposals/{story.id}/journal/")["results"]
    return [entry["event"] for entry in entries]


def mails(address: str) -> list[str]:
    found = Mail.objects.filter(address__startswith=address).exclude(event__startswith="invitation")
    return list(found.order_by("made_at", "pk").values_list("subject", flat=True))


def test_a_vanished_author_is_carried_on_by_another(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.play(until="react")
    later(monkeypatch, 14 * DAY)
    on_it(story, "fay", "author", to=story.people["max"])
    assert "accept-author" in may(story, "max")
    assert story.snapshot()["author_offered"] == story.people["max"]
    on_it(story, "max", "author/accept")
    told = story.snapshot()
    assert told["author"] == story.people["max"]
    assert story.people["pia"] in told["participants"]
    on_it(story, "max", "ask-for-consent")
    later(monkeypatch, 4 * DAY)
    on_it(story, "fay", "absences", participant=story.people["pia"])
    story.respond("fay")
    story.respond("max")
    assert story.snapshot()["phase"] == "adopted"
    assert {"authorship_offered", "author_changed", "marked_absent"} <= set(events(story))
    assert any("Your proposal is carried on" in subject for subject in mails("pia"))


def test_a_vanished_objector_is_waited_for_until_the_grace_is_over(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.play(until="revise")
    story.does("fay", "POST", f"rounds/{story.round}/clear/", {"nothing_to_add": True})
    on_it(story, "max", "absences", participant=story.people["max"])
    story.does("pia", "POST", f"rounds/{story.round}/pass/", {})
    assert story.snapshot()["phase"] == "tuning"
    on_it(story, "pia", "ask-for-consent", on="2")
    assert story.snapshot()["participants"][story.people["max"]]["awaited"], "no override"
    story.respond("pia")
    story.respond("fay")
    later(monkeypatch, 6 * DAY)
    refused = on_it(story, "fay", "absences", 409, participant=story.people["max"])
    assert refused["code"] == "objection_stands"
    later(monkeypatch, 1 * DAY)
    on_it(story, "fay", "absences", participant=story.people["max"])
    assert story.snapshot()["phase"] == "adopted"
    assert any("Adopted while you were absent" in subject for subject in mails("max"))


def test_a_vanished_facilitator_holds_nobody_up(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.play(until="open")
    assert "chair" not in may(story, "max")
    later(monkeypatch, 6 * DAY)
    assert story.snapshot()["overdue"]
    on_it(story, "max", "absences", participant=story.people["fay"])
    on_it(story, "max", "chair")
    story.does("max", "POST", f"rounds/{story.round}/clear/", {})
    story.does("pia", "POST", f"rounds/{story.round}/pass/", {})
    story.does("max", "POST", f"rounds/{story.round}/pass/", {})
    on_it(story, "pia", "ask-for-consent")
    story.respond("pia")
    story.respond("max")
    assert story.snapshot()["phase"] == "adopted"
    assert any(subject.startswith("You are marked absent") for subject in mails("fay"))


def test_a_second_look_sends_an_agreement_back_and_it_is_in_force_no_longer(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.play(until="ask_for_consent")
    on_it(story, "max", "absences", participant=story.people["max"])
    story.respond("pia")
    story.respond("fay")
    told = story.snapshot()
    assert told["phase"] == "adopted"
    assert told["second_look"]["people"] == [story.people["max"]]
    assert may(story, "max") == ["object"]
    later(monkeypatch, 6 * DAY)
    on_it(story, "max", "objections", 201, text="Payments has no fast suite.", suggestion="Leave it out.")
    told = story.snapshot()
    assert told["phase"] == "revising"
    assert told["adopted_at"] is None
    assert on_it(story, "max", "objections", 403, text="Once more.")["code"] == "not_absent_then"
    story.does(
        "pia", "POST", f"proposals/{story.id}/revisions/", {"body": "B", "answers": {story.objection: "Done."}}, 201
    )
    assert story.snapshot()["phase"] == "clarifying"


def test_a_second_look_is_over_when_its_window_is(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.play(until="ask_for_consent")
    on_it(story, "max", "absences", participant=story.people["max"])
    story.respond("pia")
    story.respond("fay")
    later(monkeypatch, 7 * DAY)
    assert on_it(story, "max", "objections", 409, text="Harm.")["code"] == "window_closed"
    assert may(story, "max") == []
    assert story.snapshot()["second_look"] is None


REFUSALS = [
    ("too_early", "open", (), "fay", "absences", "max"),
    ("not_awaited", "open", (), "fay", "absences", "pia"),
    ("question_open", "ask_a_question", (), "fay", "absences", "max"),
    ("already_absent", "open", (("max", "absences", "max"),), "max", "absences", "max"),
    ("not_absent", "open", (), "max", "here", None),
    ("author_here", "open", (), "fay", "author", "max"),
    ("nothing_offered", "open", (), "max", "author/accept", None),
    (
        "nobody_to_write",
        "open",
        (("pia", "absences", "pia"), ("max", "absences", "max"), ("fay", "absences", "fay")),
        "fay",
        "author",
        "max",
    ),
]
"""Code, until when the story is played, what is done then, and who meets it where, naming whom."""


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: str(case[0]))
def test_section_7_refuses_by_the_named_rule_and_changes_nothing(case: tuple[object, ...], story: Story) -> None:
    code, until, first, who, tail, whom = case
    story.play(until=str(until))
    for one, where, named in first:  # type: ignore[attr-defined]
        on_it(story, one, where, participant=story.people[named])
    before = everything()
    named_so = {} if whom is None else {"to" if tail == "author" else "participant": story.people[str(whom)]}
    assert on_it(story, str(who), str(tail), 409, **named_so)["code"] == code
    assert everything() == before


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_timer_reminds_once_and_tells_once_that_the_time_is_over(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.play(until="open")
    story.does("max", "POST", f"rounds/{story.round}/clear/", {})
    for _ in range(8):
        later(monkeypatch, DAY / 2)
        timer.once()
    assert [subject.split(":")[0] for subject in mails("fay")] == [
        "Your answer is asked",
        "The time is over, the round is open",
    ]
    assert mails("max") == [], "nobody is reminded who has answered"


def test_what_fell_due_while_no_server_ran_is_done_once_when_one_does(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.play(until="open")
    later(monkeypatch, 30 * DAY)
    assert events(story)[-1] == "time_passed"
    before = everything()
    assert timer.once() == 0
    assert everything() == before
    assert len([subject for subject in mails("max") if subject.startswith("Your answer")]) == 0, "it is over already"


def test_nothing_that_was_said_is_in_a_mail(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.play(until="ask_for_consent")
    story.respond("max", "objection", text="A secret harm.")
    later(monkeypatch, 5 * DAY)
    texts = "".join(Mail.objects.values_list("text", flat=True))
    assert "secret" not in texts
    assert not re.search(r"\bvote|veto|override|sorry|please\b|!", texts.lower())


# ── the team ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_suspended_participant_is_shown_as_such_and_not_decided_without(
    story: Story, max_: Account, eve: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.play(until="ask_for_consent")
    site.suspend(eve, max_.pk)
    story.respond("pia")
    story.respond("fay")
    later(monkeypatch, 20 * DAY)
    told = story.snapshot()
    assert told["phase"] == "consent"
    assert told["participants"][max_.pk]["suspended"]
    assert on_it(story, "fay", "absences", 409, participant=max_.pk)["code"] == "suspended"


def test_after_a_second_look_the_decision_is_the_circles_as_it_is_now(
    story: Story, circle: Clients, monkeypatch: pytest.MonkeyPatch, nia: Account, fay: Account
) -> None:
    story.play(until="ask_for_consent")
    on_it(story, "max", "absences", participant=story.people["max"])
    story.respond("pia")
    story.respond("fay")
    bring(Proposal.objects.get(pk=story.id).team, fay, nia)
    on_it(story, "max", "objections", 201, text="Harm.")
    assert nia.pk in story.snapshot()["participants"]
    assert_sound()
