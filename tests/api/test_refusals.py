"""Every refusal of the contract that the process knows now, as data: where it meets whom, and what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from conventions import clock
from decisions.process.refusals import CONFLICTS, RIGHTS
from tests.decisions.conftest import Clients
from tests.decisions.rows import everything
from tests.decisions.story import Json, Story
from tests.decisions.test_away_story import REFUSALS as AWAY

from .test_bad_input import Names, assert_a_problem
from .test_room_refusals import REFUSALS as ROOM

LATER = (clock.now() + timedelta(days=400)).isoformat()
SOONER = (clock.now() + timedelta(hours=30)).isoformat()


@dataclass(frozen=True)
class Refused:
    """After `step`, `who` gives a command and is refused with `code`."""

    code: str
    step: str
    who: str
    call: str
    """Method and address; {first} is the round of the first revision's clarifying round, already closed."""
    body: Json = field(default_factory=dict)

    @property
    def status(self) -> int:
        return 403 if self.code in RIGHTS else 409

    def __str__(self) -> str:
        return f"{self.code}-{self.who}-{self.call.split('/')[-2]}-after-{self.step}"


OBJECTION = {"kind": "objection", "text": "Risk."}
REFUSALS = [
    # who has no right to it
    Refused("not_a_participant", "open", "obi", "POST rounds/{round}/questions/", {"text": "May I?"}),
    Refused("not_a_participant", "open", "obi", "POST rounds/{round}/clear/"),
    Refused("not_a_participant", "clear", "obi", "POST rounds/{round}/reactions/", {"text": "Hm."}),
    Refused("not_a_participant", "clear", "obi", "POST rounds/{round}/pass/"),
    Refused("not_a_participant", "ask_for_consent", "obi", "PUT rounds/{round}/response/", {"kind": "consent"}),
    Refused("not_a_participant", "ask_for_consent", "obi", "DELETE rounds/{round}/response/"),
    Refused("not_the_author", "open", "pia", "POST rounds/{round}/questions/", {"text": "Who am I?"}),
    Refused("not_the_author", "open", "pia", "POST rounds/{round}/clear/"),
    Refused("only_the_author", "ask_a_question", "fay", "POST questions/{question}/answer/", {"text": "Nobody."}),
    Refused("only_the_author", "react", "fay", "POST proposals/{id}/ask-for-consent/"),
    Refused("only_the_author", "react", "max", "POST proposals/{id}/revisions/", {"body": "Mine."}),
    Refused("only_the_author", "open", "fay", "POST proposals/{id}/withdraw/"),
    Refused("only_the_author", "open", "max", "POST proposals/{id}/open/"),
    Refused("only_the_author", "return_now", "fay", "POST objections/{objection}/restate/", {"text": "I heard …"}),
    Refused("only_the_author", "open", "max", "PATCH proposals/{id}/", {"title": "Mine"}),
    Refused("only_the_facilitator", "object", "max", "POST proposals/{id}/return/"),
    Refused("only_the_facilitator", "open", "max", "POST proposals/{id}/due/", {"due_at": LATER}),
    Refused("only_its_objector", "object", "fay", "POST objections/{objection}/withdraw/"),
    Refused("only_its_objector", "object", "pia", "POST objections/{objection}/withdraw/"),
    Refused("only_its_objector", "restate", "pia", "POST objections/{objection}/confirm/"),
    Refused("only_its_objector", "restate", "obi", "POST objections/{objection}/confirm/", {"heard": False}),
    Refused("only_its_asker", "ask_a_question", "fay", "DELETE questions/{question}/"),
    # not at this step
    Refused("wrong_phase", "open", "pia", "POST proposals/{id}/open/"),
    Refused("wrong_phase", "open", "pia", "PATCH proposals/{id}/", {"title": "Else"}),
    Refused("wrong_phase", "open", "pia", "DELETE proposals/{id}/"),
    Refused("wrong_phase", "open", "max", "POST rounds/{round}/reactions/", {"text": "Early."}),
    Refused("wrong_phase", "open", "max", "PUT rounds/{round}/response/", {"kind": "consent"}),
    Refused("wrong_phase", "open", "pia", "POST proposals/{id}/ask-for-consent/"),
    Refused("wrong_phase", "clear", "pia", "POST proposals/{id}/revisions/", {"body": "Sooner."}),
    Refused("wrong_phase", "react", "fay", "POST proposals/{id}/return/"),
    Refused("wrong_phase", "return_now", "fay", "POST proposals/{id}/due/", {"due_at": LATER}),
    Refused("wrong_phase", "return_now", "pia", "POST proposals/{id}/ask-for-consent/"),
    Refused("wrong_phase", "adopt", "pia", "POST proposals/{id}/withdraw/"),
    # made for another moment
    Refused("round_closed", "clear", "max", "POST rounds/{first}/questions/", {"text": "Late?"}),
    Refused("round_closed", "clear", "max", "DELETE rounds/{first}/clear/"),
    Refused("round_closed", "clear", "pia", "POST proposals/{id}/withdraw/", {"on": "{first}"}),
    Refused("round_closed", "clear", "pia", "POST questions/{question}/answer/", {"text": "Late.", "on": "{first}"}),
    Refused("round_closed", "ask_for_consent", "pia", "POST proposals/{id}/withdraw/", {"on": "1"}),
    Refused("round_closed", "ask_for_consent", "pia", "POST proposals/{id}/due/", {"on": "{first}", "due_at": LATER}),
    Refused("round_closed", "return_now", "max", "PUT rounds/{first}/response/", {"kind": "consent"}),
    Refused("revision_replaced", "second_rounds", "pia", "POST proposals/{id}/ask-for-consent/", {"on": "1"}),
    Refused("revision_replaced", "return_now", "pia", "POST proposals/{id}/revisions/", {"body": "B", "on": "2"}),
    # not in these circumstances
    Refused("question_open", "ask_a_question", "max", "POST rounds/{round}/clear/"),
    Refused("nothing_given", "answer_it", "max", "DELETE questions/{question}/"),
    Refused("no_question", "revise", "pia", "POST questions/{question}/answer/", {"text": "Late."}),
    Refused("first_revision", "open", "max", "POST rounds/{round}/clear/", {"nothing_to_add": True}),
    Refused("nothing_given", "open", "max", "DELETE rounds/{round}/clear/"),
    Refused("nothing_given", "clear", "max", "DELETE rounds/{round}/reactions/"),
    Refused("nothing_given", "ask_for_consent", "max", "DELETE rounds/{round}/response/"),
    Refused("no_objection", "ask_for_consent", "fay", "POST proposals/{id}/return/"),
    Refused("not_restated", "object", "max", "POST objections/{objection}/confirm/"),
    Refused("not_standing", "second_rounds", "max", "POST objections/{objection}/withdraw/"),
    Refused("not_standing", "second_rounds", "pia", "POST objections/{objection}/restate/", {"text": "Again."}),
    Refused("unanswered_objections", "return_now", "pia", "POST proposals/{id}/revisions/", {"body": "B"}),
    Refused("due_only_later", "open", "pia", "POST proposals/{id}/due/", {"due_at": LATER}),
    Refused("due_only_later", "open", "fay", "POST proposals/{id}/due/", {"due_at": SOONER}),
]


def filled(body: Json, names: dict[str, str]) -> Json:
    return {key: value.format_map(names) if isinstance(value, str) else value for key, value in body.items()}


@pytest.mark.parametrize("step", sorted({refused.step for refused in REFUSALS}))
def test_each_refusal_says_its_code_and_changes_nothing(story: Story, circle: Clients, step: str) -> None:
    names = Names(story.play(until=step))
    names["first"] = next(iter(story.snapshot()["rounds"]))
    before = everything()
    for refused in (one for one in REFUSALS if one.step == step):
        method, address = refused.call.split()
        path = "/api/v1/" + address.format_map(names)
        answer = circle[refused.who].generic(
            method, path, data=json.dumps(filled(refused.body, names)), content_type="application/json"
        )
        problem = assert_a_problem(answer, refused.status, refused.code)
        assert problem["detail"] == (RIGHTS.get(refused.code) or CONFLICTS[refused.code]) or refused.call.startswith(
            ("PATCH", "DELETE proposals")
        )
    assert everything() == before


def test_a_sixth_unanswered_question_is_too_many(story: Story, circle: Clients) -> None:
    story.play(until="open")
    for number in range(5):
        story.does("max", "POST", f"rounds/{story.round}/questions/", {"text": f"Question {number}?"}, 201)
    before = everything()
    answer = circle["max"].post(f"/api/v1/rounds/{story.round}/questions/", {"text": "Question 6?"})
    assert_a_problem(answer, 409, "too_many_questions")
    assert everything() == before


def test_a_question_that_is_answered_stays(story: Story, circle: Clients) -> None:
    answered = next(iter(story.play(until="answer_it").snapshot()["questions"]))
    story.does("max", "POST", f"rounds/{story.round}/questions/", {"text": "And who else?"}, 201)
    before = everything()
    assert_a_problem(circle["max"].delete(f"/api/v1/questions/{answered}/"), 409, "already_answered")
    assert everything() == before


def test_who_is_alone_cannot_open_a_proposal(story: Story, circle: Clients) -> None:
    slug = circle["eve"].post("/api/v1/teams/", {"name": "Alone"}).json()["slug"]
    draft = circle["eve"].post(f"/api/v1/teams/{slug}/proposals/", {"title": "T", "body": "B"}).json()["id"]
    before = everything()
    answer = circle["eve"].post(f"/api/v1/proposals/{draft}/open/", {})
    assert_a_problem(answer, 409, "too_few_participants")
    assert everything() == before


def test_an_observer_cannot_propose(story: Story, circle: Clients) -> None:
    before = everything()
    answer = circle["obi"].post(f"/api/v1/teams/{story.team}/proposals/", {"title": "T", "body": "B"})
    assert_a_problem(answer, 403, "not_a_participant")
    assert everything() == before


def test_a_member_cannot_do_what_is_a_stewards(story: Story, circle: Clients) -> None:
    before = everything()
    answer = circle["max"].patch(f"/api/v1/teams/{story.team}/", {"policy": {"sealed": "never"}})
    assert_a_problem(answer, 403, "only_a_steward")
    assert everything() == before


def test_the_refusal_of_a_revision_names_the_objections_without_an_answer(story: Story, circle: Clients) -> None:
    story.play(until="return_now")
    before = everything()
    for answers in ({}, {story.objection: ""}, {story.objection: "  "}, {story.objection: None}, {"another": "Yes."}):
        body = {"body": "Better.", "answers": answers}
        answer = circle["pia"].post(f"/api/v1/proposals/{story.id}/revisions/", body)
        problem = assert_a_problem(answer, 409, "unanswered_objections")
        assert problem["objections"] == [story.objection]
    assert everything() == before


@pytest.mark.parametrize("kind", ["consent", "concern", "objection"])
def test_while_a_round_is_sealed_nobody_can_return_it_whatever_was_said(
    story: Story, circle: Clients, kind: str
) -> None:
    story.play(until="react").ask_for_consent(sealed=True)
    story.respond("max", kind, text="My words.")
    before = everything()
    for who in ("fay", "pia"):
        assert_a_problem(circle[who].post(f"/api/v1/proposals/{story.id}/return/", {}), 409, "sealed")
    assert everything() == before


def test_an_earlier_objection_can_be_neither_restated_nor_confirmed_in_a_sealed_round(
    story: Story, circle: Clients
) -> None:
    story.play(until="revise").clear(nothing_to_add=True)
    story.does("pia", "POST", f"rounds/{story.round}/pass/", {})
    story.ask_for_consent(sealed=True)
    (objection,) = story.snapshot()["objections"]
    before = everything()
    assert_a_problem(circle["pia"].post(f"/api/v1/objections/{objection}/restate/", {"text": "So?"}), 409, "sealed")
    assert_a_problem(circle["max"].post(f"/api/v1/objections/{objection}/confirm/", {}), 409, "sealed")
    assert everything() == before


UNREACHED = {
    "taken_back": "a question that was taken back is not found any more; only who waits for the lock meets this",
    "already_heard": "part of the contract; nobody meets it, for what was given may be changed",
}


def test_every_code_that_the_process_knows_is_tried_here() -> None:
    elsewhere = {"too_many_questions", "too_few_participants", "sealed", "already_answered", *UNREACHED}
    elsewhere |= {"nobody_to_facilitate", *(refused.code for refused in ROOM)}
    elsewhere |= {"only_its_maker", "no_screen", "too_many_screens"}  # test_screens
    elsewhere |= {refused for refused, *_ in AWAY}
    elsewhere |= {"objection_stands", "suspended", "window_closed", "not_absent_then"}  # test_away_story
    assert {refused.code for refused in REFUSALS} | elsewhere >= set(RIGHTS) | set(CONFLICTS)
