"""Who gets what: outsiders, observers, those who left, who were removed, who came, who are suspended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from teams import flows
from teams.models import Account, Team
from tests.conftest import bring
from tests.decisions.conftest import Clients
from tests.decisions.rows import everything
from tests.decisions.story import Story

from .test_bad_input import assert_a_problem

READS = ("", "journal/", "voice/", "export/", "export.csv", "receipts/")


def reads(client: Any, id: str) -> set[int]:
    return {client.get(f"/api/v1/proposals/{id}/{tail}").status_code for tail in READS}


def test_an_observer_reads_everything_and_may_do_nothing(story: Story, circle: Clients) -> None:
    story.play(until="object")
    assert reads(circle["obi"], story.id) == {200}
    assert circle["obi"].get(f"/api/v1/proposals/{story.id}/").json() == story.snapshot("fay")
    before, round = everything(), story.round
    calls = [
        ("PUT", f"rounds/{round}/response/", {"kind": "consent"}),
        ("DELETE", f"rounds/{round}/response/", None),
        ("POST", f"proposals/{story.id}/return/", {}),
        ("POST", f"proposals/{story.id}/withdraw/", {}),
        ("POST", f"proposals/{story.id}/due/", {"due_at": "2099-01-01T00:00:00Z"}),
        ("POST", f"objections/{story.objection}/withdraw/", {}),
        ("POST", f"objections/{story.objection}/restate/", {"text": "Me."}),
        ("POST", f"objections/{story.objection}/confirm/", {}),
    ]
    for method, path, body in calls:
        assert story.ask("obi", method, path, body)[0] == 403, (method, path)
    assert everything() == before


def test_nobody_can_be_made_to_speak_for_somebody_else(story: Story, circle: Clients, cast: dict[str, Account]) -> None:
    story.play(until="ask_for_consent")
    for who in ("fay", "pia", "obi"):
        body = {"kind": "consent", "by": cast["max"].pk, "participant": cast["max"].pk, "account": cast["max"].pk}
        circle[who].put(f"/api/v1/rounds/{story.round}/response/?by={cast['max'].pk}", body)
    given = {response["by"] for response in story.snapshot()["responses"].values()}
    assert given == {cast["fay"].pk, cast["pia"].pk}


def test_a_draft_is_not_there_for_anybody_but_its_author(story: Story, circle: Clients) -> None:
    story.play(until="propose")
    before = everything()
    for who in ("fay", "max", "obi", "eve"):
        assert reads(circle[who], story.id) == {404}
        for method, path, body in (("PATCH", "", {"title": "T"}), ("DELETE", "", None), ("POST", "open/", {})):
            assert story.ask(who, method, f"proposals/{story.id}/{path}", body)[0] == 404
    assert everything() == before


def test_an_author_who_is_no_longer_in_the_team_has_no_drafts_there(
    story: Story, circle: Clients, team: Team, pia: Account
) -> None:
    story.play(until="propose")
    flows.leave(pia, team)
    assert reads(circle["pia"], story.id) == {404}
    assert circle["pia"].post(f"/api/v1/proposals/{story.id}/open/", {}).status_code == 404


def test_who_is_removed_keeps_voice_and_view_while_the_decision_is_open(
    story: Story, circle: Clients, team: Team, fay: Account, max_: Account
) -> None:
    ended = Story(story.ask, story.team, story.people).play()
    story.play(until="ask_for_consent")
    flows.remove(fay, team, max_.pk)
    assert reads(circle["max"], story.id) == {200}
    assert reads(circle["max"], ended.id) == {404}
    assert [row["id"] for row in circle["max"].get("/api/v1/proposals/").json()["results"]] == [story.id]
    assert circle["max"].get("/api/v1/teams/harbour/proposals/").status_code == 404
    story.object()
    story.return_now()
    story.restate()
    story.confirm()
    story.revise()
    story.second_rounds()
    story.adopt()
    assert reads(circle["max"], story.id) == {404}
    assert reads(circle["fay"], story.id) == {200}


def test_a_removed_objector_cannot_be_got_rid_of(
    story: Story, circle: Clients, team: Team, fay: Account, max_: Account
) -> None:
    story.play(until="object")
    flows.remove(fay, team, max_.pk)
    story.respond("pia")
    story.respond("fay")
    assert story.snapshot("max")["phase"] == "revising"


def test_who_left_sees_it_no_more_and_is_awaited_no_more(
    story: Story, circle: Clients, team: Team, max_: Account
) -> None:
    story.play(until="object")
    objection = story.objection
    flows.leave(max_, team)
    before = everything()
    assert reads(circle["max"], story.id) == {404}
    assert circle["max"].get("/api/v1/proposals/").json()["results"] == []
    for path in (f"objections/{objection}/withdraw/", f"proposals/{story.id}/return/"):
        assert story.ask("max", "POST", path, {})[0] == 404
    assert everything() == before
    assert story.objection == objection


def test_an_author_who_left_can_do_nothing_with_the_proposal(
    story: Story, circle: Clients, team: Team, pia: Account
) -> None:
    story.play(until="react")
    flows.leave(pia, team)
    assert reads(circle["pia"], story.id) == {404}
    assert circle["pia"].post(f"/api/v1/proposals/{story.id}/ask-for-consent/", {}).status_code == 404


def test_an_outsider_who_comes_in_sees_and_takes_part_from_then_on(
    story: Story, circle: Clients, team: Team, fay: Account, nia: Account
) -> None:
    story.play(until="open")
    assert reads(circle["nia"], story.id) == {404}
    bring(team, fay, nia)
    assert reads(circle["nia"], story.id) == {200}
    me = story.snapshot("nia")["participants"][nia.pk]
    assert me["awaited"]
    assert {"ask", "clear"} <= set(me["may"])


def test_a_suspended_account_is_let_in_by_no_door(
    story: Story, circle: Clients, script: Callable[[Account], APIClient], max_: Account
) -> None:
    story.play(until="ask_for_consent")
    token = script(max_)
    max_.is_active = False
    max_.save()
    before, path = everything(), f"/api/v1/rounds/{story.round}/response/"
    for client in (circle["max"], token):
        assert_a_problem(client.put(path, {"kind": "consent"}, format="json"), 401, "not_signed_in")
        assert reads(client, story.id) == {401}
    assert everything() == before


def test_a_token_that_was_revoked_or_has_ended_opens_nothing(
    story: Story, script: Callable[[Account], APIClient], max_: Account
) -> None:
    story.play(until="open")
    client = script(max_)
    assert reads(client, story.id) == {200}
    max_.access_tokens.all().delete()
    assert reads(client, story.id) == {401}
