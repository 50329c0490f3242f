"""A link that shows one decision on a screen: who may make and close one, what it shows, and when it shows nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import segno
from django.conf import LazySettings
from django.db import transaction
from rest_framework.test import APIClient

from conventions import clock
from conventions.models import KeptAnswer
from decisions import models, store
from decisions import submit as submitting
from decisions.screens import digest_of, token_of
from teams import flows
from teams.models import Account, Team
from tests.decisions.conftest import Clients
from tests.decisions.rows import everything
from tests.decisions.story import Json, Story
from tests.decisions.test_sealed import HISTORIES, folded, without_chance
from tests.merging import without_nulls

from .test_bad_input import assert_a_problem


def opened(story: Story, who: str = "max") -> Json:
    return story.does(who, "POST", f"proposals/{story.id}/screens/", {}, 201)


def look(client: APIClient, token: str) -> Any:
    return client.get(f"/api/v1/screens/{token}/")


def screen_of(link: Json) -> str:
    return str(link["entries"][0]["data"]["screen"])


def test_a_link_shows_the_shared_picture_to_who_is_nobody(story: Story, anonymous: APIClient) -> None:
    story.play(until="ask_a_question")
    link = opened(story)
    assert link["url"] == f"http://testserver/s/{link['token']}"
    shown = look(anonymous, link["token"])
    assert shown.status_code == 200
    assert shown.json()["proposal"] == story.snapshot("obi")
    assert shown.json()["way_in"] == f"/d/{story.id}/live?join"
    assert shown.json()["join"] == f"http://testserver/d/{story.id}/live?join"
    assert shown.headers["Cache-Control"] == "private, no-store"


def test_everybody_reads_who_made_a_link_and_nobody_reads_the_link(story: Story, circle: Clients) -> None:
    story.play(until="open")
    link = opened(story)
    screen = screen_of(link)
    (told,) = story.snapshot("obi")["screens"].items()
    assert told[0] == screen
    assert told[1].keys() == {"by", "at", "until"}
    assert told[1]["by"] == story.people["max"]
    entry = story.does("obi", "GET", f"proposals/{story.id}/journal/")["results"][-1]
    assert (entry["event"], entry["by"]) == ("screen_opened", story.people["max"])
    reads = [story.does("obi", "GET", f"proposals/{story.id}/{tail}") for tail in ("", "journal/", "export/")]
    assert link["token"] not in json.dumps(reads)


def test_the_picture_follows_the_entries_of_links(story: Story) -> None:
    story.play(until="open")
    link = opened(story)
    assert folded(story) == without_nulls(story.snapshot())
    assert "close-screen" in story.snapshot()["participants"][story.people["fay"]]["may"]
    story.does("fay", "DELETE", f"screens/{screen_of(link)}/")
    assert folded(story) == without_nulls(story.snapshot())


def test_participants_may_make_a_link_observers_and_outsiders_may_not(
    story: Story, circle: Clients, anonymous: APIClient
) -> None:
    story.play(until="open")
    before, address = everything(), f"/api/v1/proposals/{story.id}/screens/"
    assert_a_problem(circle["obi"].post(address, {}), 403, "not_a_participant")
    assert_a_problem(circle["eve"].post(address, {}), 404, "not_found")
    assert_a_problem(anonymous.post(address, {}), 401, "not_signed_in")
    assert everything() == before


def test_a_link_is_closed_by_who_made_it_or_facilitates(story: Story, circle: Clients, anonymous: APIClient) -> None:
    story.play(until="open")
    link = opened(story)
    address = f"/api/v1/screens/{screen_of(link)}/"
    before = everything()
    assert_a_problem(circle["pia"].delete(address), 403, "only_its_maker")
    assert_a_problem(circle["obi"].delete(address), 403, "only_its_maker")
    assert_a_problem(circle["eve"].delete(address), 404, "not_found")
    assert_a_problem(anonymous.delete(address), 401, "not_signed_in")
    assert everything() == before
    assert circle["fay"].delete(address).status_code == 200
    assert_a_problem(look(anonymous, link["token"]), 404, "not_found")
    assert_a_problem(circle["fay"].delete(address), 404, "not_found")
    second = opened(story)
    assert circle["max"].delete(f"/api/v1/screens/{screen_of(second)}/").status_code == 200


def test_there_are_at_most_five_links_at_once(story: Story, circle: Clients) -> None:
    story.play(until="open")
    for _ in range(5):
        opened(story)
    before = everything()
    assert_a_problem(circle["fay"].post(f"/api/v1/proposals/{story.id}/screens/", {}), 409, "too_many_screens")
    assert everything() == before


@pytest.mark.parametrize("token", ["0" * 43, "é" * 43, "x" * 2000, "a b", "%E2%98%83"])
def test_a_wrong_link_shows_nothing(story: Story, anonymous: APIClient, token: str) -> None:
    story.play(until="open")
    screen = screen_of(opened(story))
    for wrong in (token, screen, digest_of(token)):
        assert_a_problem(look(anonymous, wrong), 404, "not_found")


def test_neither_its_id_nor_its_hash_is_a_link(story: Story, anonymous: APIClient) -> None:
    story.play(until="open")
    link = opened(story)
    row = models.Screen.objects.get()
    for wrong in (row.pk, row.digest, link["token"] + "x", link["token"][:-1]):
        assert_a_problem(look(anonymous, wrong), 404, "not_found")


def test_a_link_lasts_a_day(story: Story, anonymous: APIClient) -> None:
    story.play(until="open")
    start = clock.now()
    with clock.frozen(start):
        link = opened(story)
    with clock.frozen(start + timedelta(hours=24, milliseconds=-1)):
        assert look(anonymous, link["token"]).json()["until"] == clock.rfc3339(start + timedelta(hours=24))
    with clock.frozen(start + timedelta(hours=24)):
        assert_a_problem(look(anonymous, link["token"]), 404, "not_found")


def test_a_link_shows_no_more_than_who_made_it_may_see(
    story: Story, anonymous: APIClient, team: Team, fay: Account, max_: Account
) -> None:
    story.play(until="react")
    link = opened(story)
    flows.remove(fay, team, max_.pk)
    assert look(anonymous, link["token"]).status_code == 200  # removal does not reach into what is open
    story.does("pia", "POST", f"proposals/{story.id}/withdraw/", {})
    assert_a_problem(look(anonymous, link["token"]), 404, "not_found")


def test_who_leaves_or_is_suspended_shows_nothing(
    story: Story, anonymous: APIClient, team: Team, max_: Account, pia: Account
) -> None:
    story.play(until="react")
    mine, hers = opened(story, "max"), opened(story, "pia")
    flows.leave(max_, team)
    Account.objects.filter(pk=pia.pk).update(is_active=False)
    for link in (mine, hers):
        assert_a_problem(look(anonymous, link["token"]), 404, "not_found")


def test_the_end_is_shown_until_the_link_is_closed(story: Story, anonymous: APIClient) -> None:
    story.play(until="open")
    link = opened(story)
    for phase, step in story.steps()[2:]:
        step()
        assert look(anonymous, link["token"]).json()["proposal"]["phase"] == phase
    story.does("max", "DELETE", f"screens/{screen_of(link)}/")
    assert_a_problem(look(anonymous, link["token"]), 404, "not_found")
    assert story.snapshot()["phase"] == "adopted"


def test_a_repeated_request_gets_the_same_link_and_the_token_is_kept_nowhere(
    story: Story, circle: Clients, anonymous: APIClient
) -> None:
    story.play(until="open")
    ask = {"path": f"/api/v1/proposals/{story.id}/screens/", "data": {}, "HTTP_IDEMPOTENCY_KEY": "once"}
    first, again = circle["max"].post(**ask), circle["max"].post(**ask)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert look(anonymous, first.json()["token"]).status_code == 200
    kept = [bytes(one.body) for one in KeptAnswer.objects.all()]
    assert not any(first.json()["token"].encode() in body for body in kept)
    assert first.json()["token"] not in repr(everything())


def test_another_secret_makes_another_token(settings: LazySettings) -> None:
    before = token_of("screen")
    settings.SECRET_KEY = "another" * 8
    assert token_of("screen") != before


def test_looking_through_a_link_is_counted_for_its_address(
    story: Story, anonymous: APIClient, settings: LazySettings
) -> None:
    story.play(until="open")
    link = opened(story)
    settings.RONDO_ALLOWANCES = {"anonymous": "2/h"}
    assert [look(anonymous, link["token"]).status_code for _ in range(3)] == [200, 200, 429]


def shown_after(story: Story, anonymous: APIClient, said: list[Json]) -> str:
    """Every byte that a screen reads after this history; ids, hashes and times taken out, and the history undone."""
    numbers = count(1)
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(submitting, "new_id", lambda: f"seed{next(numbers):012}")
        story.play(until="react").ask_for_consent(sealed=True)
        token = opened(story, "fay")["token"]
        for one in said:
            story.does("max", "PUT", f"rounds/{story.round}/response/", one)
        shown = look(anonymous, token)
        transaction.set_rollback(True)
    return without_chance(repr(sorted(shown.headers.items())) + shown.content.decode())


def test_a_screen_reads_the_same_bytes_whatever_was_said_in_a_sealed_round(story: Story, anonymous: APIClient) -> None:
    with clock.frozen(clock.now()):
        first, *others = (
            shown_after(Story(story.ask, story.team, story.people), anonymous, said) for said in HISTORIES.values()
        )
    assert "Trunk-based development" in first
    for other in others:
        assert other == first


def test_no_byte_of_a_sealed_answer_is_shown_before_all_are(
    story: Story, circle: Clients, anonymous: APIClient
) -> None:
    story.play(until="react").ask_for_consent(sealed=True)
    link = opened(story, "max")
    story.respond("max", "objection", text="canary-reason", suggestion="canary-suggestion")
    # Through the eyes of who said it too: their own screen, and their own browser asking for the shared picture.
    shown = [look(anonymous, link["token"]), look(circle["max"], link["token"])]
    shared = circle["max"].get(f"/api/v1/proposals/{story.id}/?shared")
    assert b"canary" in circle["max"].get(f"/api/v1/proposals/{story.id}/").content
    assert not any(b"canary" in answer.content for answer in [*shown, shared])
    assert shared.json() == story.snapshot("obi")
    for who in ("fay", "pia"):
        story.respond(who)
    assert b"canary-reason" in look(anonymous, link["token"]).content


def test_replaying_a_journal_with_links_gives_the_rows(story: Story) -> None:
    story.play(until="open")
    links = [opened(story) for _ in range(3)]
    story.does("max", "DELETE", f"screens/{screen_of(links[1])}/")
    row = models.Proposal.objects.get(pk=story.id)
    assert store.faults(row) == []
    assert set(store.read(row).screens) == {screen_of(links[0]), screen_of(links[2])}


# ── the way in as a picture ──────────────────────────────────────────────────────────────────────────────────

ID = "0123456789abcdef"


@pytest.mark.parametrize("path", [f"/d/{ID}/live?join", f"/m/{ID}?join"])
def test_a_way_in_is_drawn_for_anybody_and_kept(anonymous: APIClient, path: str) -> None:
    answer = anonymous.get("/api/v1/qr/", {"path": path})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert answer.content.startswith(b"<svg ")
    assert b"<script" not in answer.content
    assert "public" in answer.headers["Cache-Control"]


def test_the_picture_holds_the_address_at_the_host_that_was_asked(
    anonymous: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    make = segno.make

    def noted(text: str, **how: Any) -> Any:
        drawn.append(text)
        return make(text, **how)

    monkeypatch.setattr(segno, "make", noted)
    anonymous.get("/api/v1/qr/", {"path": f"/d/{ID}/live?join"}, HTTP_HOST="localhost:8123")
    assert drawn == [f"http://localhost:8123/d/{ID}/live?join"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        f"/d/{ID}/live",
        f"/d/{ID}?join",
        f"/d/{ID}/live?join&x=1",
        f"//evil.example/d/{ID}/live?join",
        f"https://evil.example/d/{ID}/live?join",
        f"/d/{ID}/live?join\n",
        "/d/../../evil/live?join",
        f"/s/{ID}?join",
    ],
)
def test_nothing_but_our_own_ways_in_is_drawn(anonymous: APIClient, path: str) -> None:
    assert_a_problem(anonymous.get("/api/v1/qr/", {"path": path}), 404, "not_found")
