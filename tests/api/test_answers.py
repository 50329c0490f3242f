"""What an answer looks like: entries, journal, snapshot and its ETag, heads, allowances, and whose token it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings

from decisions.read import merged
from teams import tokens
from teams.models import AccessToken, Account
from tests.decisions.conftest import Clients
from tests.decisions.rows import everything
from tests.decisions.story import Story

from .test_bad_input import assert_a_problem


def test_a_command_answers_with_the_entries_that_the_journal_then_has(story: Story, circle: Clients) -> None:
    story.play()
    results = circle["obi"].get(f"/api/v1/proposals/{story.id}/journal/").json()["results"]
    assert [{k: v for k, v in entry.items() if k != "changes"} for entry in story.seen] == results
    assert {frozenset(entry) for entry in story.seen} == {
        frozenset({"seq", "event", "at", "by", "via", "data", "changes", "hash"})
    }


def test_an_answer_names_its_proposal_and_the_last_number(story: Story, circle: Clients) -> None:
    story.play(until="open")
    answer = circle["max"].post(f"/api/v1/rounds/{story.round}/questions/", {"text": "Why?"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json")
    done = answer.json()
    assert done.keys() == {"proposal", "seq", "receipt", "entries"}
    assert (done["proposal"], done["seq"]) == (story.id, 3)
    assert [entry["seq"] for entry in done["entries"]] == [3]


def test_the_same_again_is_accepted_and_makes_no_entry(story: Story, circle: Clients) -> None:
    story.play(until="ask_for_consent")
    path, body = f"/api/v1/rounds/{story.round}/response/", {"kind": "concern", "text": "Flags."}
    first, again = circle["max"].put(path, body), circle["max"].put(path, body)
    assert len(first.json()["entries"]) == 1
    assert again.json() == {"proposal": story.id, "seq": first.json()["seq"], "receipt": None, "entries": []}


def test_the_first_entry_holds_the_whole_snapshot(story: Story, circle: Clients) -> None:
    story.play(until="propose")
    opened, round_opened = circle["pia"].post(f"/api/v1/proposals/{story.id}/open/", {}).json()["entries"]
    whole = merged(merged({}, opened["changes"]), round_opened["changes"])
    now = story.snapshot()
    assert whole == {key: value for key, value in now.items() if value is not None} | {
        "revisions": merged({}, now["revisions"]),
        "rounds": merged({}, now["rounds"]),
    }


def test_the_journal_can_be_read_from_any_number_on(story: Story, circle: Clients) -> None:
    story.play(until="react")
    path = f"/api/v1/proposals/{story.id}/journal/"
    everyone = circle["max"].get(path).json()["results"]
    assert circle["max"].get(f"{path}?after=4").json()["results"] == everyone[4:]
    assert circle["max"].get(f"{path}?after=4&page_size=2").json()["results"] == everyone[4:6]
    assert circle["max"].get(f"{path}?after=4000").json()["results"] == []


def test_a_snapshot_that_the_reader_has_is_not_sent_again(story: Story, circle: Clients) -> None:
    story.play(until="open")
    path = f"/api/v1/proposals/{story.id}/"
    first = circle["max"].get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    etag = first.headers["ETag"]
    again = circle["max"].get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    story.ask_a_question()
    changed = circle["max"].get(path, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.headers["ETag"] == etag) == (200, False)


def test_two_people_at_one_browser_never_have_the_same_snapshot(story: Story, circle: Clients) -> None:
    story.play(until="react").ask_for_consent(sealed=True)
    story.respond("max", "concern", text="Between us.")
    path = f"/api/v1/proposals/{story.id}/"
    kept = circle["max"].get(path)
    assert b"Between us." in kept.content
    next_person = circle["fay"].get(path, headers={"If-None-Match": kept.headers["ETag"]})
    assert next_person.status_code == 200
    assert b"Between us." not in next_person.content


@pytest.mark.parametrize("tail", ["journal/", "export/", "?page_size=1"])
def test_nothing_else_is_kept_by_anybody_on_the_way(story: Story, circle: Clients, tail: str) -> None:
    story.play(until="open")
    path = f"/api/v1/proposals/{tail}" if tail.startswith("?") else f"/api/v1/proposals/{story.id}/{tail}"
    assert circle["max"].get(path).headers["Cache-Control"] == "private, no-store"


def test_a_refusal_and_a_commands_answer_are_kept_by_nobody(story: Story, circle: Clients) -> None:
    story.play(until="open")
    path = f"/api/v1/rounds/{story.round}/questions/"
    for body in ({"text": "Why?"}, {"text": ""}):
        assert circle["max"].post(path, body).headers["Cache-Control"] == "private, no-store"


def test_an_entry_says_by_whose_token_it_was_made(
    story: Story, circle: Clients, script: Callable[[Account], Any], max_: Account, fay: Account
) -> None:
    story.play(until="open")
    path = f"/api/v1/rounds/{story.round}/questions/"
    operators = script(fay)
    _, raw = tokens.make_token(fay, "a repair", made_by=AccessToken.MadeBy.OPERATOR)
    operators.credentials(HTTP_AUTHORIZATION=f"Bearer {raw}")
    answers = [
        circle["max"].post(path, {"text": "By hand?"}),
        script(max_).post(path, {"text": "By script?"}),
        operators.post(path, {"text": "By the operator?"}),
    ]
    entries = [answer.json()["entries"][0] for answer in answers]
    assert [entry["via"] for entry in entries] == [None, "token:holder", "token:operator"]
    assert [entry["by"] for entry in entries] == [max_.pk, max_.pk, fay.pk]
    told = circle["obi"].get(f"/api/v1/proposals/{story.id}/journal/?after=2").json()["results"]
    assert [entry["via"] for entry in told] == [None, "token:holder", "token:operator"]


def test_a_token_can_open_a_proposal_and_its_entries_say_so(
    story: Story, script: Callable[[Account], Any], pia: Account
) -> None:
    story.play(until="propose")
    entries = script(pia).post(f"/api/v1/proposals/{story.id}/open/", {}).json()["entries"]
    assert {entry["via"] for entry in entries} == {"token:holder"}


def test_who_asks_too_much_is_told_how_long_to_wait_and_nobody_else_is(
    story: Story, circle: Clients, settings: LazySettings
) -> None:
    story.play(until="open")
    path = f"/api/v1/rounds/{story.round}/questions/"
    settings.RONDO_ALLOWANCES = {"commands": "2/h", "reads": "3/h"}
    for number in range(2):
        assert circle["max"].post(path, {"text": f"{number}?"}).status_code == 201
    before = everything()
    refused = circle["max"].post(path, {"text": "3?"})
    assert_a_problem(refused, 429, "too_many_requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert everything() == before
    assert circle["fay"].post(path, {"text": "Mine?"}).status_code == 201
    assert circle["max"].get(f"/api/v1/proposals/{story.id}/").status_code == 200


def test_a_draft_is_answered_with_its_snapshot(story: Story, circle: Clients) -> None:
    draft = circle["pia"].post(
        f"/api/v1/teams/{story.team}/proposals/", {"title": "  A  title ", "body": "# Text\r\nand *more*"}
    )
    assert draft.status_code == 201
    told = draft.json()
    assert (told["phase"], told["seq"], told["number"], told["round"]) == ("draft", 0, None, None)
    assert (told["title"], told["revisions"]["1"]["body"]) == ("A title", "# Text\nand *more*")
    path = f"/api/v1/proposals/{told['id']}/"
    changed = circle["pia"].patch(path, {"title": "Another", "driver": "Why not?"}).json()
    assert (changed["title"], changed["driver"]) == ("Another", "Why not?")
    assert changed["revisions"]["1"]["body"] == "# Text\nand *more*"
    assert changed["participants"][told["author"]]["may"] == ["edit", "delete", "open"]
    assert circle["pia"].delete(path).status_code == 204
    assert circle["pia"].get(path).status_code == 404
