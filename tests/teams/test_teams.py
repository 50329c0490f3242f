"""Teams: founded by anybody, seen by those who belong, changed by stewards."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from teams import access, flows
from teams.models import Account, Role, Team
from tests.conftest import Client, bring

TEAMS = "/api/v1/teams/"
HARBOUR = "/api/v1/teams/harbour/"


def test_who_founds_a_team_is_its_steward_and_has_a_voice(fay: Account, script: Client) -> None:
    answer = script(fay).post(TEAMS, {"name": " Harbour ", "aim": "Boats.\n"})
    told = answer.json()
    assert answer.status_code == 201
    assert {name: told[name] for name in ("slug", "name", "aim")} == {
        "slug": "harbour",
        "name": "Harbour",
        "aim": "Boats.",
    }
    assert [(one["id"], one["name"], one["role"]) for one in told["members"]] == [(fay.pk, fay.name, "steward")]
    assert told["policy"] == {
        "sealed": "in_room",
        "quorum_percent": 50,
        "due_days": 3,
        "objector_grace_days": 7,
        "second_look_days": 7,
        "facilitator": None,
    }
    assert access.voices(Team.objects.get()) == [fay]


def test_a_team_may_be_founded_with_a_policy(fay: Account, script: Client) -> None:
    policy = {
        "sealed": "always",
        "quorum_percent": 75,
        "due_days": 1,
        "objector_grace_days": 30,
        "second_look_days": 1,
        "facilitator": fay.pk,
    }
    answer = script(fay).post(TEAMS, {"name": "Harbour", "policy": policy})
    assert answer.json()["policy"] == policy


@pytest.mark.parametrize(
    "wrong",
    [
        {"sealed": "sometimes"},
        {"quorum_percent": 49},
        {"quorum_percent": 101},
        {"quorum_percent": 10**30},
        {"due_days": 0},
        {"due_days": 31},
        {"due_days": "soon"},
        {"objector_grace_days": 2},
        {"second_look_days": 0},
        {"facilitator": "nobody"},
        {"facilitator": 7.5},
        "strict",
        [],
    ],
)
def test_a_policy_out_of_bounds_is_refused_and_founds_nothing(fay: Account, script: Client, wrong: Any) -> None:
    answer = script(fay).post(TEAMS, {"name": "Harbour", "policy": wrong})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not Team.objects.exists()


def test_two_teams_of_one_name_have_two_addresses(fay: Account, eve: Account) -> None:
    assert [flows.found_team(one, "Harbour").slug for one in (fay, eve, fay)] == [
        "harbour",
        "harbour-2",
        "harbour-3",
    ]


def test_a_name_in_any_script_has_an_address(fay: Account) -> None:
    assert flows.found_team(fay, "港の仲間").slug.startswith("team-")
    assert flows.found_team(fay, "Füße & Hände").slug == "fue-hande"
    assert flows.found_team(fay, "New").slug == "new-2"


def test_one_sees_the_teams_one_belongs_to_and_no_other(
    team: Team, pia: Account, obi: Account, eve: Account, script: Client
) -> None:
    flows.found_team(eve, "Elsewhere")
    assert [row["slug"] for row in script(pia).get(TEAMS).json()["results"]] == ["harbour"]
    assert [row["slug"] for row in script(obi).get(TEAMS).json()["results"]] == ["harbour"]
    assert [row["slug"] for row in script(eve).get(TEAMS).json()["results"]] == ["elsewhere"]


def test_a_list_of_teams_costs_the_same_however_many(
    fay: Account, pia: Account, script: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        bring(flows.found_team(fay, f"Team {number}"), fay, pia)
    client = script(fay)
    with django_assert_max_num_queries(4):
        assert len(client.get(TEAMS).json()["results"]) == 6


@pytest.mark.parametrize("method", ["get", "patch"])
@pytest.mark.parametrize("path", ["", "invitations/", "members/x/"])
def test_for_an_outsider_there_is_no_team(team: Team, eve: Account, browser: Client, method: str, path: str) -> None:
    answer = getattr(browser(eve), method)(f"{HARBOUR}{path}", {} if method == "patch" else None)
    assert answer.status_code in (404, 405)
    if answer.status_code == 404:
        assert answer.json()["code"] == "not_found"


def test_everybody_in_the_team_sees_its_members_and_not_their_addresses(
    team: Team, obi: Account, script: Client
) -> None:
    answer = script(obi).get(HARBOUR)
    assert [(one["name"], one["role"]) for one in answer.json()["members"]] == [
        ("Fay Ferreira", "steward"),
        ("Pia Park", "member"),
        ("Max Møller", "member"),
        ("Obi Okafor", "observer"),
    ]
    assert answer.json()["my_role"] == "observer"
    assert b"@example.org" not in answer.content


def test_a_steward_changes_only_what_is_named(team: Team, fay: Account, script: Client) -> None:
    answer = script(fay).patch(HARBOUR, {"aim": "", "policy": {"quorum_percent": 60, "facilitator": None}})
    told = answer.json()
    assert answer.status_code == 200
    assert (told["name"], told["aim"]) == ("Harbour", "")
    assert (told["policy"]["quorum_percent"], told["policy"]["due_days"]) == (60, 3)
    assert told["policy"]["facilitator"] is None


def test_a_team_keeps_its_address_when_its_name_changes(team: Team, fay: Account, script: Client) -> None:
    assert script(fay).patch(HARBOUR, {"name": "Port"}).json()["slug"] == "harbour"


def test_only_a_steward_changes_a_team(team: Team, pia: Account, obi: Account, script: Client) -> None:
    for account in (pia, obi):
        answer = script(account).patch(HARBOUR, {"name": "Mine"})
        assert (answer.status_code, answer.json()["code"]) == (403, "only_a_steward")
    assert Team.objects.get().name == "Harbour"


def test_who_may_not_change_a_team_learns_that_before_what_is_amiss(team: Team, pia: Account, script: Client) -> None:
    assert script(pia).patch(HARBOUR, {"name": ""}).status_code == 403


def test_the_facilitator_is_somebody_of_the_team(
    team: Team, fay: Account, obi: Account, eve: Account, script: Client
) -> None:
    client = script(fay)
    answer = client.patch(HARBOUR, {"policy": {"facilitator": eve.pk}})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["policy.facilitator"])
    assert client.patch(HARBOUR, {"policy": {"facilitator": obi.pk}}).json()["policy"]["facilitator"] == obi.pk


def test_voices_are_members_and_stewards_and_watchers_are_observers(
    team: Team, fay: Account, pia: Account, max_: Account, obi: Account, eve: Account
) -> None:
    assert access.voices(team) == [fay, pia, max_]
    assert access.watchers(team) == [obi]
    assert [access.role_of(one, team) for one in (fay, pia, obi, eve)] == [
        Role.STEWARD,
        Role.MEMBER,
        Role.OBSERVER,
        None,
    ]
    assert [access.has_voice(one, team) for one in (fay, pia, obi, eve)] == [True, True, False, False]


def test_looking_changes_nothing(team: Team, fay: Account, browser: Client) -> None:
    client = browser(fay)
    for path in ("me/", "me/tokens/", "teams/", "teams/harbour/", "teams/harbour/invitations/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/api/v1/{path}").status_code == 200
        told = [query["sql"].split()[0] for query in queries.captured_queries]
        assert not {"INSERT", "UPDATE", "DELETE"} & set(told), path
