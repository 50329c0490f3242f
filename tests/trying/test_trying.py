"""Trying Rondo out: a visitor's own decision, played by the real commands, walled off, and gone after a day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction
from rest_framework.test import APIClient

from conventions import clock
from decisions import models, played, store
from decisions.append_only import ENTRY, TEXT
from notices.models import Mail
from teams.models import Account, Membership, Team
from tests.decisions.conftest import assert_sound
from tests.decisions.rows import everything, owning
from tests.decisions.story import Json, Story
from trying import player, visits
from trying.models import Visit

TEXT_OF_IT = {"title": "Quiet hours", "driver": "It is loud at noon.", "body": "Quiet from 12 to 14."}
ADDRESS = "/api/v1/try/"
Client = Callable[[Account], APIClient]


@pytest.fixture(autouse=True)
def at_once(settings: LazySettings) -> None:
    settings.RONDO_TRY_PACE = 0


class Visitor:
    """Somebody at a browser of their own, without an account."""

    def __init__(self) -> None:
        self.client = APIClient(raise_request_exception=False)
        answer = self.client.post(ADDRESS, TEXT_OF_IT)
        assert answer.status_code == 201, answer.content
        self.proposal = answer.json()["proposal"]
        self.id = self.client.get("/api/v1/me/").json()["id"]

    def sends(self, method: str, path: str, body: Json = None) -> Json:
        answer = self.client.generic(method, f"/api/v1/{path}", _json(body), content_type="application/json")
        assert answer.status_code in (200, 201), (path, answer.content)
        player.look()
        return answer.json()

    @property
    def s(self) -> Json:
        return self.client.get(f"/api/v1/proposals/{self.proposal}/").json()

    @property
    def round(self) -> str:
        return str(self.s["round"]["id"])

    def first(self, kind: str) -> str:
        return str(next(iter(self.s[kind])))

    def to_objection(self) -> Visitor:
        player.look()
        self.sends("POST", f"questions/{self.first('questions')}/answer/", {"text": "No loud ones."})
        self.sends("POST", f"rounds/{self.round}/pass/", {})
        self.sends("POST", f"proposals/{self.proposal}/ask-for-consent/", {})
        self.sends("PUT", f"rounds/{self.round}/response/", {"kind": "consent"})
        return self

    def to_agreement(self) -> Visitor:
        objection = self.first("objections")
        self.sends("POST", f"objections/{objection}/restate/", {"text": "Noon is your mother's hour."})
        text = {"body": "Quiet from 13 to 15.", "answers": {objection: "An hour later."}}
        self.sends("POST", f"proposals/{self.proposal}/revisions/", text)
        self.sends("POST", f"rounds/{self.round}/pass/", {})
        self.sends("POST", f"proposals/{self.proposal}/ask-for-consent/", {})
        self.sends("PUT", f"rounds/{self.round}/response/", {"kind": "consent"})
        return self


def _json(body: Json) -> str:
    return "" if body is None else json.dumps(body)


@pytest.fixture
def visitor(db: None) -> Visitor:
    return Visitor()


# ── the story ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_story_goes_through_an_objection_that_is_heard_to_an_agreement(visitor: Visitor) -> None:
    visitor.to_objection()
    assert visitor.s["phase"] == "revising"
    (objection,) = visitor.s["objections"].values()
    visitor.sends("POST", f"objections/{visitor.first('objections')}/restate/", {"text": "It is her hour."})
    assert next(iter(visitor.s["objections"].values()))["confirmed"] is True
    visitor.to_agreement()
    assert visitor.s["phase"] == "adopted"
    assert visitor.s["objections"][visitor.first("objections")]["status"] == "resolved"
    assert objection["by"] != visitor.id
    assert_sound()


def test_what_is_played_says_so_by_name_and_in_the_record(visitor: Visitor) -> None:
    visitor.to_objection()
    journal = visitor.client.get(f"/api/v1/proposals/{visitor.proposal}/journal/").json()["results"]
    names = {id: person["name"] for id, person in visitor.s["participants"].items()}
    assert {entry["via"] for entry in journal if entry["by"] == visitor.id} == {None}
    others = {entry["by"] for entry in journal if entry["via"] == "played"}
    assert others == set(names) - {visitor.id}
    assert all(names[who].endswith("(played)") for who in others)


def test_the_played_members_take_their_time(visitor: Visitor, settings: LazySettings) -> None:
    settings.RONDO_TRY_PACE = 1
    visit = Visit.objects.get()
    seq = visitor.s["seq"]
    pauses = {player.pause(visit.pk, number) for number in range(50)}
    assert timedelta(seconds=1) <= min(pauses) < max(pauses) <= timedelta(seconds=4)
    player.look()
    assert visitor.s["seq"] == seq
    with clock.moved(timedelta(seconds=4)):
        player.look()
        assert visitor.s["seq"] == seq + 1
        player.look()
        assert visitor.s["seq"] == seq + 1


def test_a_second_look_at_the_same_moment_plays_nothing_twice(visitor: Visitor) -> None:
    player.look()
    before = visitor.s
    for _ in range(3):
        player.look()
    assert visitor.s == before
    assert Visit.objects.get().idle_at == before["seq"]


def test_it_goes_on_after_a_restart_from_the_rows_alone(visitor: Visitor) -> None:
    store._known.clear()
    visitor.to_objection()
    store._known.clear()
    assert visitor.to_agreement().s["phase"] == "adopted"


# ── the wall ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_visitors_see_nothing_of_each_other_nor_of_teams_nor_teams_of_them(
    visitor: Visitor, story: Story, circle: Any
) -> None:
    story.play(until="open")
    other = Visitor()
    for client in (other.client, circle["fay"]):
        assert client.get(f"/api/v1/proposals/{visitor.proposal}/").status_code == 404
    assert visitor.client.get(f"/api/v1/proposals/{story.id}/").status_code == 404
    assert [team["name"] for team in visitor.client.get("/api/v1/teams/").json()["results"]] == ["The shared room"]
    assert [team["slug"] for team in circle["fay"].get("/api/v1/teams/").json()["results"]] == ["harbour"]


CLOSED = [
    ("POST", "teams/", {"name": "Mine"}),
    ("POST", "teams/{team}/proposals/", TEXT_OF_IT),
    ("POST", "teams/{team}/invitations/", {"role": "member"}),
    ("POST", "invitations/any/accept/", {}),
    ("PATCH", "teams/{team}/", {"name": "Mine"}),
    ("DELETE", "teams/{team}/members/{me}/", None),
    ("GET", "me/tokens/", None),
    ("POST", "me/tokens/", {"name": "t", "days": 9}),
    ("PATCH", "me/", {"name": "Somebody"}),
    ("POST", "teams/{team}/meetings/", {}),
    ("DELETE", "proposals/{proposal}/", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CLOSED, ids=lambda one: str(one)[:30])
def test_a_guest_has_this_one_decision_and_nothing_else(visitor: Visitor, method: str, path: str, body: Json) -> None:
    visit = Visit.objects.select_related("team").get()
    address = path.format(team=visit.team.slug, me=visitor.id, proposal=visitor.proposal)
    before = everything()
    answer = visitor.client.generic(method, f"/api/v1/{address}", _json(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "guests_only_try")
    assert everything() == before


def test_a_guest_has_no_account_to_look_after_and_gets_no_mail(visitor: Visitor) -> None:
    allauth = "/_allauth/browser/v1"
    me = Account.objects.get(pk=visitor.id)
    for method, path, body in (
        ("POST", "account/email", {"email": "eve@example.org"}),
        ("POST", "account/password/change", {"new_password": "over-the-harbour-wall"}),
        ("POST", "auth/password/request", {"email": me.email}),
        ("POST", "auth/code/request", {"email": me.email}),
    ):
        answer = visitor.client.generic(method, f"{allauth}/{path}", _json(body), content_type="application/json")
        assert answer.status_code == 403, path
    stranger = APIClient()
    stranger.post(f"{allauth}/auth/code/request", {"email": me.email})
    assert not Mail.objects.exists()
    assert not me.has_usable_password()
    assert visitor.client.delete(f"{allauth}/auth/session").status_code == 401
    assert visitor.client.get("/api/v1/me/").status_code == 401


# ── the door ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_looking_begins_nothing(db: None, anonymous: APIClient) -> None:
    before = everything()
    assert anonymous.get(ADDRESS).json() == {"proposal": None, "places": True}
    assert everything() == before
    assert not Visit.objects.exists()


def test_a_visit_is_found_again_by_its_visitor(visitor: Visitor) -> None:
    assert visitor.client.get(ADDRESS).json()["proposal"] == visitor.proposal


def test_beginning_asks_for_the_token_of_our_own_page(db: None) -> None:
    careful = APIClient(enforce_csrf_checks=True)
    assert careful.post(ADDRESS, TEXT_OF_IT).status_code == 403
    assert not Visit.objects.exists()
    careful.get("/")
    token = careful.cookies["csrftoken"].value
    assert careful.post(ADDRESS, TEXT_OF_IT, HTTP_X_CSRFTOKEN=token).status_code == 201


def test_who_is_signed_in_stays_who_they_are(pia: Account, browser: Client) -> None:
    answer = browser(pia).post(ADDRESS, TEXT_OF_IT)
    assert (answer.status_code, answer.json()["code"]) == (409, "signed_in")


def test_when_all_places_are_taken_the_next_one_is_told_and_has_one_when_somebody_is_away(
    visitor: Visitor, anonymous: APIClient, settings: LazySettings
) -> None:
    settings.RONDO_TRY_PLACES = 1
    assert anonymous.get(ADDRESS).json()["places"] is False
    answer = anonymous.post(ADDRESS, TEXT_OF_IT)
    assert (answer.status_code, answer.json()["code"]) == (409, "all_places_taken")
    assert Visit.objects.count() == 1
    with clock.moved(visits.AWAY):
        assert anonymous.post(ADDRESS, TEXT_OF_IT).status_code == 201


def test_one_address_can_begin_only_so_often_also_as_a_guest(
    db: None, anonymous: APIClient, settings: LazySettings
) -> None:
    settings.RONDO_ALLOWANCES = {"trying": "2/h"}
    answers = [anonymous.post(ADDRESS, TEXT_OF_IT).status_code for _ in range(3)]
    assert answers == [201, 201, 429]
    assert APIClient().post(ADDRESS, TEXT_OF_IT, REMOTE_ADDR="192.0.2.7").status_code == 201


@pytest.mark.parametrize("body", [{}, {"title": "", "body": "b"}, {"title": "t" * 201, "body": "b"}])
def test_a_text_that_is_none_begins_nothing(db: None, anonymous: APIClient, body: Json) -> None:
    assert anonymous.post(ADDRESS, body).status_code == 400
    assert not Team.objects.exists()


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_after_a_day_a_visit_is_gone_and_nothing_else_is(visitor: Visitor, story: Story) -> None:
    story.play()
    visitor.to_objection()
    real = {row for row in everything()["decisions.JournalEntry"] if not row[-1]}
    with clock.moved(visits.KEPT_FOR - timedelta(minutes=1)):
        player.look()
        assert Visit.objects.count() == 1
    with clock.moved(visits.KEPT_FOR):
        player.look()
    assert not Visit.objects.exists()
    assert not Team.objects.filter(played=True).exists()
    assert not Account.objects.filter(guest=True).exists()
    assert not Membership.objects.filter(team__played=True).exists()
    assert set(everything()["decisions.JournalEntry"]) == real
    assert {row.pk for row in models.Proposal.objects.all()} == {story.id}
    assert visitor.client.get("/api/v1/me/").status_code == 401


def test_a_visit_that_another_process_ended_is_left_alone(visitor: Visitor) -> None:
    visit = Visit.objects.select_related("visitor").get()
    visits.end(visit.pk)
    visits.end(visit.pk)
    player._play(visit)
    assert not models.Proposal.objects.exists()


def test_what_a_real_team_decided_is_never_taken_away(story: Story, team: Team) -> None:
    story.play(until="ask_a_question")
    before = everything()
    with pytest.raises(ValueError):
        played.remove(team)
    # Not even where somebody marks the team as played afterwards.
    Team.objects.filter(pk=team.pk).update(played=True)
    team.refresh_from_db()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        played.remove(team)
    Team.objects.filter(pk=team.pk).update(played=False)
    assert everything() == before


def sql(statement: str) -> None:
    with transaction.atomic(), owning() as cursor:
        cursor.execute(statement)


YES = "true" if connection.vendor == "postgresql" else "1"


def test_no_real_entry_can_be_made_a_played_one_nor_a_played_one_be_changed(visitor: Visitor, story: Story) -> None:
    story.play(until="ask_a_question")
    before = everything()
    for statement in (
        f"UPDATE {ENTRY} SET played = {YES}",
        f"UPDATE {ENTRY} SET played = NOT played WHERE seq = 1",
        f"UPDATE {ENTRY} SET data = '{{}}' WHERE played",
        f"UPDATE {TEXT} SET text = 'Otherwise.'",
        f"UPDATE {TEXT} SET text = NULL, salt = NULL, entry_id = (SELECT MIN(id) FROM {ENTRY} WHERE played)",
        f"DELETE FROM {TEXT}",
        f"DELETE FROM {TEXT} WHERE entry_id IN (SELECT id FROM {ENTRY} WHERE NOT played)",
        f"DELETE FROM {ENTRY} WHERE NOT played",
        f"DELETE FROM {ENTRY}",
    ):
        with pytest.raises(DatabaseError, match=r"append-only|only be erased"):
            sql(statement)
    assert everything() == before
