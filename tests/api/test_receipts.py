"""Receipts: one for whatever somebody records; who may see the decision can ask, and nobody else learns a thing."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from conventions import clock, epoch
from conventions.ids import new_id
from decisions import models, receipts, sheet
from teams.models import Account
from tests.decisions.conftest import Clients
from tests.decisions.story import Json, Story

from .test_bad_input import assert_a_problem

FORM = re.compile(r"rondo:[0-9a-z]{16}:[0-9]+:[0-9a-f]{32}")


def asked(client: Any, receipt: str) -> Any:
    return client.get("/api/v1/receipts/", {"receipt": receipt})


def entry_of(receipt: str) -> models.JournalEntry:
    _, proposal, seq, _ = receipt.split(":")
    return models.JournalEntry.objects.get(proposal=proposal, seq=seq)


def test_the_receipt_of_a_command_is_that_of_the_entry_it_was_given_for(story: Story) -> None:
    story.play(until="ask_for_consent")
    story.object()
    # Another answer instead of the objection: first it is withdrawn, then the consent is recorded.
    done = story.respond("max")
    assert [entry["event"] for entry in done["entries"]] == ["objection_withdrawn", "consented"]
    assert done["receipt"] == f"rondo:{story.id}:{done['seq']}:{done['entries'][1]['hash'][:32]}"
    story.respond("pia")
    last = story.respond("fay", "concern", text="Watch the flags.")
    assert [entry["event"] for entry in last["entries"]] == ["concern_raised", "round_closed", "adopted"]
    assert entry_of(last["receipt"]).event == "concern_raised"


def test_everything_that_somebody_records_has_a_receipt(story: Story) -> None:
    done: list[Json] = []
    ask = story.ask

    def noted(who: str, method: str, path: str, body: Json) -> tuple[int, Json]:
        status, answer = ask(who, method, path, body)
        done.append(answer)
        return status, answer

    story.ask = noted
    story.play()
    made = [answer for answer in done if "entries" in answer]
    assert len(made) > 20
    assert all(FORM.fullmatch(answer["receipt"]) for answer in made)


def test_the_same_again_makes_no_entry_and_has_no_receipt(story: Story) -> None:
    story.play(until="ask_for_consent")
    story.respond("max")
    assert story.respond("max")["receipt"] is None


def test_one_finds_ones_own_receipts_again_and_nobody_elses(story: Story, circle: Clients) -> None:
    story.play()
    own = circle["max"].get(f"/api/v1/proposals/{story.id}/receipts/").json()["results"]
    assert [given["event"] for given in own] == [
        "question_asked",
        "cleared",
        "passed",
        "objection_raised",
        "restatement_confirmed",
        "cleared",
        "consented",
    ]
    assert {entry_of(given["receipt"]).by.name for given in own} == {"Max Møller"}
    assert circle["obi"].get(f"/api/v1/proposals/{story.id}/receipts/").json() == {"results": []}


def test_whoever_may_see_the_decision_is_told_where_a_receipt_stands(
    story: Story, circle: Clients, cast: dict[str, Account]
) -> None:
    story.play(until="object")
    entry = models.JournalEntry.objects.get(proposal=story.id, event="objection_raised")
    receipt = receipts.receipt(story.id, entry.seq, entry.hash)
    for who in ("fay", "pia", "max", "obi"):
        told = asked(circle[who], f"Recorded 14:02 · receipt {receipt.upper()}.").json()
        assert told["stands"] is True
        assert (told["proposal"], told["number"], told["seq"]) == (story.id, 1, entry.seq)
        assert (told["event"], told["by"]) == ("objection_raised", cast["max"].pk)


def test_a_receipt_that_does_not_fit_is_said_not_to_stand(story: Story, circle: Clients) -> None:
    story.play(until="open")
    first = models.JournalEntry.objects.get(proposal=story.id, seq=1)
    other = f"rondo:{story.id}:1:{'0' * 32}"
    assert first.hash[:32] != "0" * 32
    assert asked(circle["max"], other).json()["stands"] is False
    beyond = asked(circle["max"], f"rondo:{story.id}:99:{first.hash[:32]}").json()
    assert (beyond["stands"], beyond["event"]) == (False, None)


def test_outsiders_get_one_answer_whatever_they_ask(story: Story, circle: Clients, anonymous: APIClient) -> None:
    story.play(until="object")
    entry = models.JournalEntry.objects.get(proposal=story.id, seq=2)
    guesses = [
        receipts.receipt(story.id, 2, entry.hash),
        receipts.receipt(story.id, 2, "f" * 64),
        receipts.receipt(story.id, 999, entry.hash),
        receipts.receipt(new_id(), 2, entry.hash),
    ]
    answers = [asked(client, guess) for client in (circle["eve"], anonymous) for guess in guesses]
    for answer in answers:
        assert_a_problem(answer, 404, "not_known")
    assert len({answer.content for answer in answers}) == 1
    assert len({repr(sorted(a.headers.items())) for a in answers[: len(guesses)]}) == 1


def test_a_draft_has_no_receipts_to_ask_for(story: Story, circle: Clients) -> None:
    story.play(until="propose")
    assert_a_problem(asked(circle["pia"], f"rondo:{story.id}:1:{'0' * 32}"), 404, "not_known")


@pytest.mark.parametrize("text", ["", "7f3a-91c2", "rondo:", "rondo:x:1:0123456789abcdef", "a%00b", "🚢" * 3000])
def test_what_is_no_receipt_is_said_to_be_none(circle: Clients, text: str) -> None:
    assert asked(circle["max"], text).status_code == 400


def test_two_receipts_at_once_are_not_guessed_at() -> None:
    one, other = (f"rondo:{new_id()}:1:{'0' * 32}" for _ in range(2))
    assert receipts.read(one) is not None
    assert receipts.read(f"{one} {one}") == receipts.read(one)
    assert receipts.read(f"{one} {other}") is None


def rows(client: Any, id: str) -> list[dict[str, str]]:
    answer = client.get(f"/api/v1/proposals/{id}/export.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="rondo-decision-{id}.csv"' in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_csv_has_a_row_for_each_entry_that_people_made(story: Story, circle: Clients) -> None:
    story.play()
    found = rows(circle["obi"], story.id)
    entries = models.JournalEntry.objects.filter(proposal=story.id, by__isnull=False).order_by("seq")
    assert [row["entry"] for row in found] == [str(entry.seq) for entry in entries]
    objection = next(row for row in found if row["event"] == "objection_raised")
    assert (objection["name"], objection["kind"]) == ("Max Møller", "objection")
    assert (objection["text"], objection["suggestion"]) == ("Payments has no fast suite.", "Leave payments out.")
    assert FORM.fullmatch(objection["receipt"])


def test_the_csv_says_what_a_sealed_round_held_only_when_it_is_over(story: Story, circle: Clients) -> None:
    story.play(until="react")
    story.ask_for_consent(sealed=True)
    story.respond("max", "concern", text="Taken back")
    story.respond("max", "objection", text="The last word", suggestion="Later")
    before = [row for row in rows(circle["fay"], story.id) if row["event"] == "responded"]
    assert {(row["kind"], row["text"]) for row in before} == {("", "")}
    story.respond("pia")
    story.respond("fay")
    after = [row for row in rows(circle["fay"], story.id) if row["event"] == "responded"]
    assert [(row["kind"], row["text"]) for row in after] == [
        ("", ""),
        ("objection", "The last word"),
        ("consent", ""),
        ("consent", ""),
    ]
    assert [row["receipt"] for row in after[:2]] == [row["receipt"] for row in before]


@pytest.mark.parametrize("start", list("=+-@"))
def test_no_cell_of_the_csv_is_taken_for_a_formula(story: Story, circle: Clients, start: str) -> None:
    story.play(until="open")
    text = f"{start}cmd|' /C calc'!A0"
    story.does("max", "POST", f"rounds/{story.round}/questions/", {"text": text}, 201)
    assert rows(circle["fay"], story.id)[-1]["text"] == f"'{text}"


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_a_cell_that_begins_like_a_formula_is_marked_as_text(start: str) -> None:
    assert sheet.safe(f"{start}1") == f"'{start}1"
    assert sheet.safe(f"1{start}") == f"1{start}"


def test_a_receipt_that_a_restore_left_behind_is_told_of_the_restore(story: Story, circle: Clients) -> None:
    story.play(until="ask_for_consent")
    mine = story.respond("max")["receipt"]
    unknown = f"rondo:{new_id()}:1:{'a' * 32}"
    assert asked(circle["max"], mine).json()["restored"] is None
    assert "restored" not in asked(circle["max"], unknown).json()
    ends_at = clock.now()
    epoch.begin(ends_at)
    beyond = mine.rpartition(":")[0].rpartition(":")[0] + f":99:{'a' * 32}"
    for told in (asked(circle["max"], beyond).json(), asked(circle["max"], unknown).json()):
        assert told["restored"]["ends_at"] == clock.rfc3339(ends_at)
    assert asked(circle["max"], mine).json()["restored"] is None, "what stands needs no excuse"


def test_a_restore_begins_another_epoch_and_everybody_is_told_which(circle: Clients) -> None:
    before = circle["max"].get("/api/v1/me/").json()["epoch"]
    assert circle["fay"].get("/api/v1/me/").json()["epoch"] == before
    epoch.begin(None)
    assert circle["max"].get("/api/v1/me/").json()["epoch"] not in (before, "")
