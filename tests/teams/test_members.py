"""Who belongs to a team, and as what."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import LazySettings
from django.db import connection

from conventions.problems import Problem
from teams import access, flows
from teams.changes import Change, Kind
from teams.models import Account, Membership, Role, Team
from tests.conftest import Client, bring
from tests.teams import listening


def at(account: Account) -> str:
    return f"/api/v1/teams/harbour/members/{account.pk}/"


def test_a_steward_names_another_from_among_the_members(
    team: Team, fay: Account, pia: Account, browser: Client
) -> None:
    answer = browser(fay).patch(at(pia), {"role": "steward"})
    assert (answer.status_code, answer.json()["role"]) == (200, "steward")
    assert access.role_of(pia, team) == Role.STEWARD


def test_an_observer_becomes_a_member_first(team: Team, fay: Account, obi: Account, browser: Client) -> None:
    client = browser(fay)
    answer = client.patch(at(obi), {"role": "steward"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_a_member")
    assert client.patch(at(obi), {"role": "member"}).status_code == 200
    assert client.patch(at(obi), {"role": "steward"}).status_code == 200


def test_only_a_steward_changes_roles(team: Team, pia: Account, obi: Account, browser: Client) -> None:
    for account in (pia, obi):
        answer = browser(account).patch(at(account), {"role": "steward"})
        assert (answer.status_code, answer.json()["code"]) == (403, "only_a_steward")
    assert access.role_of(obi, team) == Role.OBSERVER


@pytest.mark.parametrize("role", ["owner", "", None, 1, ["member"]])
def test_a_role_is_one_of_three(team: Team, fay: Account, pia: Account, browser: Client, role: object) -> None:
    answer = browser(fay).patch(at(pia), {"role": role})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["role"])


def test_somebody_of_another_team_is_nobody_here(team: Team, fay: Account, eve: Account, browser: Client) -> None:
    flows.found_team(eve, "Elsewhere")
    assert browser(fay).patch(at(eve), {"role": "member"}).status_code == 404
    assert browser(fay).delete(at(eve)).status_code == 404
    assert Membership.objects.filter(account=eve).count() == 1


def test_the_last_steward_cannot_step_down_or_go(team: Team, fay: Account, browser: Client) -> None:
    client = browser(fay)
    for answer in (client.patch(at(fay), {"role": "member"}), client.delete(at(fay))):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_steward")
    assert access.role_of(fay, team) == Role.STEWARD


def test_a_steward_goes_when_another_stays(team: Team, fay: Account, pia: Account, browser: Client) -> None:
    flows.change_role(fay, team, pia.pk, Role.STEWARD)
    assert browser(fay).delete(at(fay)).status_code == 204
    assert access.role_of(fay, team) is None
    assert browser(fay).get("/api/v1/teams/harbour/").status_code == 404


def test_anybody_leaves_by_their_own_choice(team: Team, obi: Account, pia: Account, browser: Client) -> None:
    for account in (obi, pia):
        assert browser(account).delete(at(account)).status_code == 204
        assert access.role_of(account, team) is None


def test_only_a_steward_removes(team: Team, fay: Account, pia: Account, max_: Account, browser: Client) -> None:
    answer = browser(pia).delete(at(max_))
    assert (answer.status_code, answer.json()["code"]) == (403, "only_a_steward")
    assert browser(fay).delete(at(max_)).status_code == 204
    assert access.voices(team) == [fay, pia]


def test_a_team_does_not_keep_a_facilitator_who_went(team: Team, fay: Account, pia: Account) -> None:
    flows.change_team(fay, team, {"policy": {"facilitator": pia.pk}})
    flows.leave(pia, team)
    team.refresh_from_db()
    assert team.facilitator is None


def test_a_token_changes_no_membership(team: Team, fay: Account, pia: Account, script: Client) -> None:
    client = script(fay)
    for answer in (client.patch(at(pia), {"role": "steward"}), client.delete(at(pia)), client.delete(at(fay))):
        assert (answer.status_code, answer.json()["code"]) == (403, "session_only")
    assert access.role_of(pia, team) == Role.MEMBER


@pytest.fixture
def heard(settings: LazySettings, team: Team) -> Iterator[list[tuple[str, str, Change, str, bool]]]:
    settings.MEMBERSHIP_LISTENERS = ["tests.teams.listening.remember"]
    listening.heard.clear()
    yield listening.heard
    listening.heard.clear()


def test_whoever_listens_hears_of_each_change_once(
    heard: list[object], team: Team, fay: Account, pia: Account, obi: Account, eve: Account
) -> None:
    bring(team, fay, eve, Role.OBSERVER)
    flows.change_role(fay, team, obi.pk, Role.MEMBER)
    flows.change_role(fay, team, obi.pk, Role.MEMBER)
    flows.remove(fay, team, eve.pk)
    flows.leave(pia, team)
    assert heard == [
        ("harbour", "Eve Esposito", Change(Kind.JOINED, None, Role.OBSERVER), "Eve Esposito", True),
        ("harbour", "Obi Okafor", Change(Kind.ROLE_CHANGED, Role.OBSERVER, Role.MEMBER), "Fay Ferreira", True),
        ("harbour", "Eve Esposito", Change(Kind.REMOVED, Role.OBSERVER, None), "Fay Ferreira", False),
        ("harbour", "Pia Park", Change(Kind.LEFT, Role.MEMBER, None), "Pia Park", False),
    ]


def test_what_is_refused_is_heard_by_nobody(heard: list[object], team: Team, fay: Account, pia: Account) -> None:
    for refused in (
        lambda: flows.leave(fay, team),
        lambda: flows.remove(pia, team, fay.pk),
        lambda: flows.change_role(pia, team, pia.pk, Role.STEWARD),
    ):
        with pytest.raises(Problem):
            refused()
    assert heard == []


def test_a_change_stands_or_falls_with_what_its_listeners_do(
    team: Team, fay: Account, pia: Account, settings: LazySettings
) -> None:
    settings.MEMBERSHIP_LISTENERS = ["tests.teams.listening.remember", "tests.teams.listening.break_down"]
    with pytest.raises(RuntimeError):
        flows.leave(pia, team)
    with pytest.raises(RuntimeError):
        flows.change_role(fay, team, pia.pk, Role.STEWARD)
    assert access.role_of(pia, team) == Role.MEMBER


def test_of_two_stewards_who_go_at_once_one_stays(
    transactional_db: None, team: Team, fay: Account, pia: Account
) -> None:
    flows.change_role(fay, team, pia.pk, Role.STEWARD)

    def go(account: Account) -> bool:
        try:
            flows.leave(account, team)
        except Problem as refused:
            return refused.code != "last_steward"
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, [fay, pia])) == [False, True]
    assert Membership.objects.filter(team=team, role=Role.STEWARD).count() == 1
