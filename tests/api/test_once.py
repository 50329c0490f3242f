"""A command sent twice with the same key has one effect and the same answer (invariant 13), with real commands."""

from __future__ import annotations

import json
from typing import Any

from decisions import models
from tests.decisions.conftest import Clients
from tests.decisions.rows import everything
from tests.decisions.story import Json, Story

from .test_bad_input import assert_a_problem
from .together import at_once


def send(client: Any, path: str, body: Json, key: str, method: str = "POST") -> Any:
    return client.generic(
        method,
        f"/api/v1/{path}",
        data=json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def test_a_repeat_gets_the_first_answer_byte_for_byte_and_makes_no_entry(story: Story, circle: Clients) -> None:
    story.play(until="open")
    path, body = f"rounds/{story.round}/questions/", {"text": "Who keeps the flags?"}
    first = send(circle["max"], path, body, "one")
    before = everything()
    again = send(circle["max"], path, body, "one")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert everything() == before
    assert send(circle["max"], path, body, "two").json()["seq"] == first.json()["seq"] + 1


def test_a_repeat_gets_the_first_answer_even_where_it_would_be_refused_by_now(story: Story, circle: Clients) -> None:
    story.play(until="ask_for_consent")
    path, body = f"rounds/{story.round}/response/", {"kind": "consent"}
    first = send(circle["max"], path, body, "mine", "PUT")
    story.respond("fay")
    story.respond("pia")
    again = send(circle["max"], path, body, "mine", "PUT")
    assert (again.status_code, again.content) == (200, first.content)
    assert send(circle["max"], path, body, "other", "PUT").status_code == 409


def test_the_same_key_with_another_request_is_refused(story: Story, circle: Clients) -> None:
    story.play(until="open")
    path = f"rounds/{story.round}/questions/"
    send(circle["max"], path, {"text": "One?"}, "key")
    before = everything()
    assert_a_problem(send(circle["max"], path, {"text": "Two?"}, "key"), 422, "idempotency_key_reused")
    elsewhere = f"rounds/{story.round}/clear/"
    assert_a_problem(send(circle["max"], elsewhere, {"text": "One?"}, "key"), 422, "idempotency_key_reused")
    assert everything() == before


def test_a_refusal_is_kept_like_any_answer(story: Story, circle: Clients) -> None:
    story.play(until="ask_a_question")
    path = f"rounds/{story.round}/clear/"
    first = send(circle["max"], path, {}, "clear")
    assert_a_problem(first, 409, "question_open")
    story.answer_it()
    again = send(circle["max"], path, {}, "clear")
    assert (again.status_code, again.content) == (409, first.content)
    assert again.headers["Content-Type"] == "application/problem+json"
    assert again.headers["Idempotent-Replayed"] == "true"
    assert send(circle["max"], path, {}, "clear-anew").status_code == 200


def test_bad_input_is_kept_too_and_leaves_nothing_behind(story: Story, circle: Clients) -> None:
    story.play(until="open")
    before = everything()
    path = f"rounds/{story.round}/questions/"
    assert_a_problem(send(circle["max"], path, {"text": ""}, "blank"), 400, "invalid")
    assert_a_problem(send(circle["max"], path, {"text": ""}, "blank"), 400, "invalid")
    assert everything() == before


def test_somebody_elses_key_is_nobodys_business(story: Story, circle: Clients) -> None:
    story.play(until="react").ask_for_consent(sealed=True)
    path = f"rounds/{story.round}/response/"
    mine = send(circle["max"], path, {"kind": "objection", "text": "Between us."}, "same", "PUT")
    hers = send(circle["fay"], path, {"kind": "consent"}, "same", "PUT")
    assert hers.status_code == 200
    assert "Idempotent-Replayed" not in hers.headers
    assert hers.json()["entries"][0]["by"] != mine.json()["entries"][0]["by"]


def test_a_key_that_is_none_is_refused(story: Story, circle: Clients) -> None:
    story.play(until="open")
    before = everything()
    for key in ("", " ", "x" * 256, "with space", "ümlaut"):
        answer = send(circle["max"], f"rounds/{story.round}/clear/", {}, key)
        assert_a_problem(answer, 400, "idempotency_key_malformed")
    assert everything() == before


def test_twenty_copies_at_once_make_one_entry(story: Story, circle: Clients, transactional_db: None) -> None:
    story.play(until="open")
    path, body = f"rounds/{story.round}/questions/", {"text": "Once?"}
    answers = at_once([lambda: send(circle["max"], path, body, "copies")] * 20)
    done = [answer for answer in answers if answer.status_code == 201]
    assert done
    assert len({answer.content for answer in done}) == 1
    for answer in answers:
        if answer.status_code != 201:
            assert_a_problem(answer, 409, "idempotency_in_flight")
            assert int(answer.headers["Retry-After"]) >= 1
    assert models.JournalEntry.objects.filter(event="question_asked").count() == 1
    assert send(circle["max"], path, body, "copies").content == done[0].content


def test_a_draft_made_twice_with_one_key_is_one_draft(story: Story, circle: Clients) -> None:
    path, body = f"teams/{story.team}/proposals/", {"title": "Once", "body": "Words."}
    first, again = (send(circle["pia"], path, body, "draft") for _ in range(2))
    assert first.json() == again.json()
    assert models.Proposal.objects.count() == 1
