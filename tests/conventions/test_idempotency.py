"""A command sent twice with the same key has one effect and the same answer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse
from rest_framework.test import APIClient

from conventions import clock
from conventions.idempotency import Asked, lock_number, once
from conventions.models import KeptAnswer
from teams.models import Account, Team
from tests.conftest import Client
from tests.conventions import urls

pytestmark = pytest.mark.urls("tests.conventions.urls")

WRITE = "/api/test/write/"


@pytest.fixture(autouse=True)
def nothing_announced() -> Iterator[None]:
    urls.announced.clear()
    urls.entered.clear()
    urls.let_go.clear()
    yield
    urls.let_go.set()


def send(client: APIClient, key: str | None, path: str = WRITE, name: str = "Harbour", method: str = "post") -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return getattr(client, method)(path, {"name": name}, headers=headers)


def test_a_repeat_gets_the_first_answer_and_does_nothing(fay: Account, script: Client) -> None:
    client = script(fay)
    first, second = send(client, "one"), send(client, "one")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["Content-Type"] == second.headers["Content-Type"]
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Cache-Control"] == "private, no-store"
    assert Team.objects.count() == 1


def test_a_put_is_kept_as_a_post_is(fay: Account, script: Client) -> None:
    client = script(fay)
    assert send(client, "one", method="put").content == send(client, "one", method="put").content
    assert Team.objects.count() == 1


def test_an_answer_in_bytes_is_kept_too(fay: Account, script: Client) -> None:
    client = script(fay)
    first, second = send(client, "one", "/api/test/bytes/"), send(client, "one", "/api/test/bytes/")
    assert first.content == second.content
    assert Team.objects.count() == 1


def test_without_a_key_every_request_counts(fay: Account, script: Client) -> None:
    client = script(fay)
    assert send(client, None).json() != send(client, None).json()
    assert Team.objects.count() == 2
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize(
    "other", [{"name": "Other"}, {"path": "/api/test/bytes/"}, {"path": f"{WRITE}?a=1"}, {"method": "put"}]
)
def test_the_same_key_with_another_request_is_refused(fay: Account, script: Client, other: dict[str, str]) -> None:
    client = script(fay)
    send(client, "one")
    answer = send(client, "one", **other)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Team.objects.count() == 1


def test_keys_of_different_people_are_different_keys(fay: Account, eve: Account, script: Client) -> None:
    first, other = send(script(fay), "one"), send(script(eve), "one")
    assert "Idempotent-Replayed" not in other.headers
    assert first.json() != other.json()


def test_the_same_person_has_the_same_keys_by_browser_and_script(fay: Account, browser: Client, script: Client) -> None:
    assert send(browser(fay), "one").content == send(script(fay), "one").content
    assert Team.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, "schlüssel", "a\tb"])
def test_a_key_is_visible_ascii_of_bounded_length(fay: Account, script: Client, key: str) -> None:
    answer = script(fay).post(WRITE, {"name": "Harbour"}, HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400
    assert not Team.objects.exists()


@pytest.mark.parametrize("key", ["a" * 255, "!~", '"quoted-key"'])
def test_any_visible_ascii_is_a_key(fay: Account, script: Client, key: str) -> None:
    assert send(script(fay), key).status_code == 201


def test_a_refusal_is_kept_and_what_it_wrote_is_not(
    fay: Account, script: Client, django_capture_on_commit_callbacks: Any
) -> None:
    client = script(fay)
    with django_capture_on_commit_callbacks(execute=True):
        first, second = send(client, "one", "/api/test/refused/"), send(client, "one", "/api/test/refused/")
    assert (first.status_code, first.json()["code"]) == (409, "wrong_phase")
    assert first.content == second.content
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Content-Type"] == "application/problem+json"
    assert not Team.objects.exists()
    assert urls.announced == []


def test_a_refusal_gives_way_to_what_came_of_the_same_request_elsewhere_meanwhile(fay: Account) -> None:
    asked, done = Asked(fay.pk, "one", "print"), HttpResponse(b"done", content_type="text/plain")

    def refused(_: Exception) -> HttpResponse:
        once(replace(asked, account="another"), lambda: done, refused)
        KeptAnswer.objects.update(account=fay.pk)  # as another process would: it let go of the key before
        return HttpResponse(b"refused", status=409)

    def refuse() -> HttpResponse:
        raise RuntimeError

    answer: Any = once(asked, refuse, refused)
    assert (answer.status_code, answer.content) == (200, b"done")
    assert answer.headers["Idempotent-Replayed"] == "true"


def test_an_invalid_request_is_kept_too(fay: Account, script: Client) -> None:
    client = script(fay)
    first = client.post("/api/v1/teams/", {"name": ""}, headers={"Idempotency-Key": "one"})
    second = client.post("/api/v1/teams/", {"name": ""}, headers={"Idempotency-Key": "one"})
    assert (first.status_code, second.headers.get("Idempotent-Replayed")) == (400, "true")


@pytest.mark.parametrize(
    ("path", "status"), [("throttled", 429), ("unavailable", 503), ("locked", 503), ("broken", 500)]
)
def test_what_may_go_well_next_time_is_not_kept(fay: Account, script: Client, path: str, status: int) -> None:
    client = script(fay)
    for _ in range(2):
        answer = send(client, "one", f"/api/test/{path}/")
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "Idempotent-Replayed" not in answer.headers
    assert not Team.objects.exists()
    assert not KeptAnswer.objects.exists()


def test_somebody_not_signed_in_leaves_no_key(fay: Account, anonymous: APIClient, script: Client) -> None:
    assert send(anonymous, "one").status_code == 401
    assert send(script(fay), "one").status_code == 201


def test_what_is_announced_is_announced_once_and_after_commit(
    transactional_db: None, fay: Account, script: Client
) -> None:
    client = script(fay)
    send(client, "one")
    send(client, "one")
    send(client, "two", "/api/test/refused/")
    assert urls.announced == ["Harbour"]


def test_a_key_works_again_after_two_days(fay: Account, script: Client) -> None:
    client = script(fay)
    first = send(client, "one")
    with clock.moved(timedelta(hours=47)):
        assert send(client, "one").content == first.content
    with clock.moved(timedelta(hours=49)):
        assert send(client, "one").content != first.content
        assert Team.objects.count() == 2


def test_old_answers_can_be_cleared(fay: Account, script: Client, capsys: pytest.CaptureFixture[str]) -> None:
    send(script(fay), "old")
    with clock.moved(timedelta(hours=49)):
        send(script(fay), "new")
        call_command("clear_kept_answers")
        assert [kept.key for kept in KeptAnswer.objects.all()] == ["new"]
    assert "1 kept answers cleared" in capsys.readouterr().out


def in_a_thread(client: APIClient, *asked: Any) -> Any:
    try:
        return send(client, *asked)
    finally:
        connection.close()


def test_a_repeat_while_the_first_is_still_being_done_is_told_so(
    transactional_db: None, fay: Account, script: Client
) -> None:
    first_client, second_client = script(fay), script(fay)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(in_a_thread, first_client, "one", "/api/test/slow/")
        assert urls.entered.wait(20)
        meanwhile = send(second_client, "one", "/api/test/slow/")
        urls.let_go.set()
        done = first.result(20)
    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "idempotency_in_flight")
    assert send(second_client, "one", "/api/test/slow/").content == done.content
    assert Team.objects.count() == 1


def hold(number: int, held: Event, done: Event) -> None:
    """As another server process does while it works on the first request."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        held.set()
        assert done.wait(20)
    connection.close()


def test_another_process_still_at_it_is_noticed_too(transactional_db: None, fay: Account, script: Client) -> None:
    if connection.vendor != "postgresql":  # on SQLite one waits for the other, and finds its answer
        return
    client, held, done = script(fay), Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(hold, lock_number(fay.pk, "one"), held, done)
        assert held.wait(20)
        answer = send(client, "one")
        done.set()
        other.result(20)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_flight")
    assert send(client, "one").status_code == 201


def test_many_copies_at_once_have_one_effect(transactional_db: None, fay: Account, script: Client) -> None:
    clients = [script(fay) for _ in range(6)]
    for turn in range(5):
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(in_a_thread, clients, [f"key-{turn}"] * 6))
        done = {answer.content for answer in answers if answer.status_code == 201}
        assert len(done) == 1
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert Team.objects.count() == turn + 1
