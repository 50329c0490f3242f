"""Whatever goes wrong under the interface leaves it as problem+json, with a code."""

from typing import Any

import pytest
from django.test import Client as Browser
from rest_framework.test import APIClient

from conventions.errors import flat
from teams.models import Account, Team
from tests.conftest import PASSWORD, Client

pytestmark = pytest.mark.urls("tests.conventions.urls")


def problem(answer: Any) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    assert answer.headers["Cache-Control"] == "private, no-store"
    told: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= set(told)
    assert told["status"] == answer.status_code
    return told


def test_not_signed_in_is_401_and_says_how(anonymous: APIClient, db: None) -> None:
    answer = anonymous.get("/api/v1/me/")
    assert (answer.status_code, problem(answer)["code"]) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer rondo_wrong", "Bearer a b", "Bearer " + "x" * 9000])
def test_a_token_that_is_none_is_401(db: None, header: str) -> None:
    answer = APIClient(HTTP_AUTHORIZATION=header).get("/api/v1/me/")
    assert (answer.status_code, problem(answer)["code"]) == (401, "not_signed_in")


def test_what_one_may_not_see_looks_like_what_is_not_there(team: Team, eve: Account, script: Client) -> None:
    client = script(eve)
    answers = [client.get(f"/api/v1/teams/{slug}/") for slug in (team.slug, "nowhere")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert set(answers[0].headers.items()) == set(answers[1].headers.items())


def test_an_address_that_is_none_is_a_problem_too(anonymous: APIClient, db: None) -> None:
    for path in ("/api/v1/nowhere/", "/api/", "/api/v1/teams", "/api/v2/teams/"):
        assert problem(anonymous.get(path))["code"] == "not_found"


def test_a_method_that_is_none_is_405(fay: Account, script: Client) -> None:
    answer = script(fay).delete("/api/v1/teams/")
    assert (answer.status_code, problem(answer)["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_invalid_fields_are_named(team: Team, fay: Account, script: Client) -> None:
    answer = script(fay).patch("/api/v1/teams/harbour/", {"name": "", "policy": {"quorum_percent": 20}})
    told = problem(answer)
    assert (answer.status_code, told["code"]) == (400, "invalid")
    assert set(told["errors"]) == {"name", "policy.quorum_percent"}
    assert all(isinstance(message, str) for messages in told["errors"].values() for message in messages)


def test_a_fault_nobody_foresaw_is_a_problem_that_tells_nothing(fay: Account, script: Client) -> None:
    answer = script(fay).post("/api/test/broken/", {})
    assert (answer.status_code, problem(answer)["code"]) == (500, "server_error")
    assert b"foresaw" not in answer.content


@pytest.mark.parametrize("what", ["locked", "closed", "standby"])
def test_a_database_that_does_not_answer_is_503_with_when_to_come_back(fay: Account, script: Client, what: str) -> None:
    answer = script(fay).post(f"/api/test/{what}/", {})
    assert (answer.status_code, problem(answer)["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert b"locked" not in answer.content
    assert b"25006" not in answer.content


def test_a_database_whose_pages_are_damaged_is_no_reason_to_come_back(fay: Account, script: Client) -> None:
    assert script(fay).post("/api/test/corrupt/", {}).status_code == 500


def test_a_browser_without_its_csrf_token_is_refused(fay: Account) -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert browser.login(email=fay.email, password=PASSWORD)
    answer = browser.post("/api/v1/teams/", {"name": "Harbour"}, content_type="application/json")
    assert (answer.status_code, problem(answer)["code"]) == (403, "csrf_failed")
    assert not Team.objects.exists()


def test_a_browser_with_its_csrf_token_is_heard(fay: Account) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.login(email=fay.email, password=PASSWORD)
    browser.get("/")
    token = browser.cookies["csrftoken"].value
    answer = browser.post(
        "/api/v1/teams/", {"name": "Harbour"}, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 201


def test_a_host_that_is_not_ours_is_refused(db: None, anonymous: APIClient) -> None:
    answer = anonymous.get("/api/v1/me/", HTTP_HOST="elsewhere.example")
    assert answer.status_code == 400


def test_nested_errors_are_told_by_their_path() -> None:
    assert flat({"a": ["x"], "b": {"c": ["y", "z"]}}) == {"a": ["x"], "b.c": ["y", "z"]}
    assert flat(["x"]) == {"non_field_errors": ["x"]}


def test_an_address_holds_no_nul(team: Team, fay: Account, script: Client) -> None:
    client = script(fay)
    for path in ("teams/harbour/members/%00/", "teams/?cursor=%00", "invitations/a%00b/", "me/tokens/%00/"):
        answer = client.delete(f"/api/v1/{path}") if "members" in path else client.get(f"/api/v1/{path}")
        assert (answer.status_code, problem(answer)["code"]) == (400, "malformed")
