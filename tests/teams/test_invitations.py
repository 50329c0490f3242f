"""Ways into a team: bound, ending, hashed, and taken by one's own press."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from rest_framework.test import APIClient

from conventions import clock
from conventions.problems import Problem
from teams import access, flows
from teams.invitations import accept_invitation, invite
from teams.models import Account, Invitation, Membership, Role, Team
from tests.conftest import Client, person

INVITATIONS = "/api/v1/teams/harbour/invitations/"


def link(client: APIClient, **asked: Any) -> dict[str, Any]:
    answer = client.post(INVITATIONS, {"role": "member", **asked})
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def accept(client: APIClient, token: str) -> Any:
    return client.post(f"/api/v1/invitations/{token}/accept/", {})


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_who_is_invited_comes_in_by_accepting(team: Team, fay: Account, eve: Account, browser: Client) -> None:
    told = link(browser(fay), email="Eve@Example.org", role="observer")
    assert told["url"] == f"http://testserver/join/{told['token']}"
    assert access.role_of(eve, team) is None
    answer = accept(browser(eve), told["token"])
    assert (answer.status_code, answer.json()["slug"]) == (200, "harbour")
    assert access.role_of(eve, team) == Role.OBSERVER


def test_only_the_hash_of_a_token_is_kept(team: Team, fay: Account, browser: Client) -> None:
    token = link(browser(fay))["token"]
    assert len(token) >= 43
    kept = Invitation.objects.latest("created_at")
    assert token not in str(vars(kept))
    listed = browser(fay).get(INVITATIONS)
    assert token not in listed.content.decode()
    assert listed.json()["results"][0]["id"] == kept.pk


def test_before_accepting_one_sees_where_a_link_leads(
    team: Team, fay: Account, browser: Client, anonymous: APIClient
) -> None:
    token = link(browser(fay))["token"]
    answer = anonymous.get(f"/api/v1/invitations/{token}/")
    assert answer.status_code == 200
    assert answer.json()["team"] == {"slug": "harbour", "name": "Harbour", "aim": team.aim}
    assert (answer.json()["role"], answer.json()["invited_by"]) == ("member", fay.name)
    assert anonymous.get("/api/v1/invitations/nonsense/").status_code == 404


def test_looking_at_a_link_accepts_nothing(team: Team, fay: Account, eve: Account, browser: Client) -> None:
    token = link(browser(fay))["token"]
    client = browser(eve)
    client.get(f"/api/v1/invitations/{token}/")
    assert client.get(f"/api/v1/invitations/{token}/accept/").status_code == 405
    assert access.role_of(eve, team) is None


def test_accepting_needs_somebody_signed_in(team: Team, fay: Account, browser: Client, anonymous: APIClient) -> None:
    assert refused(accept(anonymous, link(browser(fay))["token"])) == (401, "not_signed_in")


def test_an_invitation_for_an_address_is_for_that_address(
    team: Team, fay: Account, eve: Account, browser: Client
) -> None:
    token = link(browser(fay), email="somebody@example.org")["token"]
    assert refused(accept(browser(eve), token)) == (403, "another_address")
    assert access.role_of(eve, team) is None


def test_a_link_serves_as_many_as_it_says(team: Team, fay: Account, eve: Account, browser: Client) -> None:
    token = link(browser(fay), max_uses=2)["token"]
    assert accept(browser(eve), token).status_code == 200
    assert accept(browser(person("Gus")), token).status_code == 200
    assert refused(accept(browser(person("Hal")), token)) == (409, "invitation_ended")


def test_who_is_in_already_uses_nothing_up_and_keeps_their_role(
    team: Team, fay: Account, obi: Account, browser: Client
) -> None:
    told = link(browser(fay), max_uses=1)
    for account in (obi, fay):
        assert accept(browser(account), told["token"]).status_code == 200
    assert access.role_of(obi, team) == Role.OBSERVER
    assert Invitation.objects.get(pk=told["id"]).uses == 0


def test_accepting_twice_is_accepting_once(team: Team, fay: Account, eve: Account, browser: Client) -> None:
    told = link(browser(fay))
    assert [accept(browser(eve), told["token"]).status_code for _ in range(2)] == [200, 200]
    assert Membership.objects.filter(account=eve).count() == 1
    assert Invitation.objects.get(pk=told["id"]).uses == 1


def test_an_invitation_ends_after_two_weeks(
    team: Team, fay: Account, eve: Account, browser: Client, anonymous: APIClient
) -> None:
    token = link(browser(fay))["token"]
    with clock.moved(timedelta(days=14, seconds=1)):
        with pytest.raises(Problem, match="ended"):
            accept_invitation(eve, token)
        assert refused(anonymous.get(f"/api/v1/invitations/{token}/")) == (409, "invitation_ended")


def test_a_steward_ends_an_invitation(team: Team, fay: Account, eve: Account, browser: Client) -> None:
    told, client = link(browser(fay)), browser(fay)
    assert client.delete(f"{INVITATIONS}{told['id']}/").status_code == 204
    assert client.delete(f"{INVITATIONS}{told['id']}/").status_code == 404
    assert refused(accept(browser(eve), told["token"])) == (409, "invitation_ended")
    assert told["id"] not in client.get(INVITATIONS).content.decode()


def test_only_a_steward_invites_sees_and_ends(team: Team, fay: Account, pia: Account, browser: Client) -> None:
    told, client = link(browser(fay)), browser(pia)
    for answer in (
        client.post(INVITATIONS, {"role": "member"}),
        client.get(INVITATIONS),
        client.delete(f"{INVITATIONS}{told['id']}/"),
    ):
        assert refused(answer) == (403, "only_a_steward")


def test_an_invitation_of_one_team_is_none_of_another(team: Team, fay: Account, eve: Account, browser: Client) -> None:
    flows.found_team(eve, "Elsewhere")
    told = link(browser(fay))
    assert browser(eve).delete(f"/api/v1/teams/elsewhere/invitations/{told['id']}/").status_code == 404
    assert accept(browser(person("Gus")), told["token"]).json()["slug"] == "harbour"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"role": "steward"}, "role"),
        ({"role": "facilitator"}, "role"),
        ({"email": "nobody"}, "email"),
        ({"email": "a" * 300 + "@example.org"}, "email"),
        ({"max_uses": 0}, "max_uses"),
        ({"max_uses": 201}, "max_uses"),
    ],
)
def test_an_invitation_never_carries_more_than_it_may(
    team: Team, fay: Account, browser: Client, asked: dict[str, Any], field: str
) -> None:
    before = Invitation.objects.count()
    answer = browser(fay).post(INVITATIONS, {"role": "member", **asked})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Invitation.objects.count() == before


def test_invitations_come_in_bounds(team: Team, fay: Account, browser: Client, settings: LazySettings) -> None:
    settings.RONDO_ALLOWANCES = {"invitations": "2/h"}
    answers = [browser(fay).post(INVITATIONS, {"role": "member"}).status_code for _ in range(3)]
    assert answers == [201, 201, 429]


def test_the_last_use_is_used_once_however_many_press(transactional_db: None, team: Team, fay: Account) -> None:
    _, token = invite(fay, team, Role.MEMBER, uses=1)
    people = [person(f"Guest{number}") for number in range(5)]

    def press(account: Account) -> bool:
        try:
            accept_invitation(account, token)
        except Problem as late:
            return late.code != "invitation_ended"
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(press, people)) == 1
    assert Membership.objects.filter(account__in=people).count() == 1
