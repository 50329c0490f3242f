"""Lists come in pages; requests come in bounds."""

import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.core.cache.backends import locmem
from rest_framework.test import APIClient

from conventions import throttles
from conventions.throttles import FEW, Allowance, Tallies
from teams.models import Account, Team
from tests.conftest import Client

pytestmark = pytest.mark.urls("tests.conventions.urls")
PAGES = "/api/test/pages/"


@pytest.fixture
def seven(db: None) -> None:
    for number in range(7):
        Team.objects.create(slug=f"team-{number}", name="Same" if number < 4 else f"Team {number}")


def names(answer: Any) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]


def test_pages_lead_to_every_row_once_and_back(seven: None, fay: Account, script: Client) -> None:
    client, found, address = script(fay), [], f"{PAGES}?page_size=2"
    pages = []
    while address:
        answer = client.get(address)
        assert set(answer.json()) == {"next", "previous", "results"}
        pages.append(names(answer))
        found += names(answer)
        last, address = answer, answer.json()["next"]
    assert found == ["Same"] * 4 + ["Team 4", "Team 5", "Team 6"]
    assert names(client.get(last.json()["previous"])) == pages[-2]


@pytest.mark.parametrize(("asked", "given"), [("3", 3), ("500", 200), ("0", 50), ("-1", 50), ("many", 50), ("", 50)])
def test_a_page_has_fifty_rows_unless_asked_and_two_hundred_at_most(
    fay: Account, script: Client, asked: str, given: int
) -> None:
    Team.objects.bulk_create(Team(slug=f"t-{number}", name=f"Team {number:03}") for number in range(210))
    answer = script(fay).get(f"{PAGES}?page_size={asked}")
    assert len(names(answer)) == given


def test_a_cursor_that_is_none_is_refused(seven: None, fay: Account, script: Client) -> None:
    for cursor in ("nonsense", "cD0lMDA="):
        answer = script(fay).get(f"{PAGES}?cursor={cursor}")
        assert answer.status_code in (200, 400, 404)
        assert answer.headers["Content-Type"].startswith("application/")


def test_who_asks_too_much_is_told_when_to_come_back(fay: Account, script: Client, settings: LazySettings) -> None:
    settings.RONDO_ALLOWANCES = {"reads": "3/min", "commands": "2/min"}
    client = script(fay)
    answers = [client.get("/api/v1/me/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert client.post("/api/v1/teams/", {"name": "Harbour"}).status_code == 201


def test_nobody_uses_up_the_allowance_of_another(
    fay: Account, eve: Account, script: Client, anonymous: APIClient, settings: LazySettings
) -> None:
    settings.RONDO_ALLOWANCES = {"reads": "1/min", "anonymous": "1/min"}
    for _ in range(3):
        script(eve).get("/api/v1/me/")
        anonymous.get("/api/v1/me/")
    assert script(fay).get("/api/v1/me/").status_code == 200


def test_an_allowance_is_the_persons_not_the_tokens(fay: Account, script: Client, settings: LazySettings) -> None:
    settings.RONDO_ALLOWANCES = {"reads": "1/min"}
    assert [script(fay).get("/api/v1/me/").status_code for _ in range(2)] == [200, 429]


def test_some_calls_have_an_allowance_of_their_own(fay: Account, script: Client, settings: LazySettings) -> None:
    settings.RONDO_ALLOWANCES = {"exports": "1/h"}
    client = script(fay)
    assert [client.get("/api/test/exported/").status_code for _ in range(2)] == [200, 429]
    assert client.get("/api/v1/me/").status_code == 200


def test_an_allowance_begins_anew_with_each_window_and_leaves_nothing_of_the_last(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    own = "django.core.cache.backends.locmem.LocMemCache"  # Redis does not go by a clock that a test moves
    settings.CACHES = {"default": {"BACKEND": own, "LOCATION": "windows"}}
    settings.RONDO_ALLOWANCES = {"reads": "2/min"}
    at = [1_800_000_030.0]
    monkeypatch.setattr(time, "time", lambda: at[0])
    kept = set()
    for _ in range(5):
        tries = [Allowance() for _ in range(3)]
        assert [one._room("reads", "account:fay") for one in tries] == [True, True, False]
        assert tries[-1].wait() == 60 - at[0] % 60
        kept.add(len(vars(locmem)["_caches"]["windows"]))
        at[0] += 60
    assert len(kept) == 1


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were said each time that the shared cache was asked."""
    said: list[int] = []

    def count(name: str, left: int, more: int) -> int:
        said.append(more)
        return counted(name, left, more)

    counted = throttles._count
    monkeypatch.setattr(throttles, "_count", count)
    return said


def test_far_from_the_bound_the_shared_cache_is_asked_every_few_requests_only(asked: list[int]) -> None:
    tallies = Tallies()
    assert [tallies.count("a", 128, 0.0, 60.0) for _ in range(64)] == list(range(1, 65))
    assert asked == [1] + [FEW] * 7


def test_near_the_bound_it_is_asked_each_time_and_the_bound_holds(asked: list[int]) -> None:
    tallies = Tallies()
    assert [tallies.count("a", 128, 0.0, 60.0) for _ in range(130)] == list(range(1, 131))
    assert asked[-64:] == [1] * 64
    assert sum(asked) == 130


def test_where_few_are_allowed_it_is_asked_each_time(asked: list[int]) -> None:
    tallies = Tallies()
    assert [tallies.count("a", 20, 0.0, 3600.0) for _ in range(5)] == [1, 2, 3, 4, 5]
    assert asked == [1] * 5


def test_several_processes_allow_at_most_their_last_few_more() -> None:
    processes = [Tallies() for _ in range(3)]
    allowed = sum(processes[turn % 3].count("a", 120, 0.0, 60.0) <= 120 for turn in range(400))
    assert 120 <= allowed <= 120 + 2 * (120 // 16 - 1)


def test_one_process_that_is_asked_no_more_holds_nothing_back_from_the_bound_of_another() -> None:
    here, there = Tallies(), Tallies()
    for _ in range(40):
        there.count("a", 120, 0.0, 60.0)
    allowed = sum(here.count("a", 120, 0.0, 60.0) <= 120 for _ in range(200))
    assert 80 <= allowed <= 80 + 120 // 16 - 1


def test_with_each_window_a_tally_begins_anew_and_what_is_over_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttles, "MOST", 10)
    tallies = Tallies()
    for window in range(5):
        caches["default"].clear()  # a cache of memory does not go by a clock that a test moves
        names = [f"{window}-{number}" for number in range(10)]
        assert {tallies.count(name, 120, window * 60.0, 60.0) for name in names} == {1}
        assert tallies.count(names[0], 120, window * 60.0 + 1, 59.0) == 2
    assert len(tallies._open) <= 11
