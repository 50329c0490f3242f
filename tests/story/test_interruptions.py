"""Servers killed, Redis gone, people removed: what was promised holds, and nothing is lost."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle
from socket import SHUT_WR, create_connection
from threading import Event
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.decisions.story import Story
from tests.servers import free_port, redis
from tests.story.conftest import a_database
from tests.story.listener import Listener
from tests.story.people import Cast, Person
from tests.story.rondo import Rondo, serving

pytestmark = pytest.mark.timeout(300)

Json = Any
HEAD = 15.0  # seconds: how late an entry may be that nobody published
SOON = 1.0
BACK_TOGETHER = 60.0
BACK = 10.0  # seconds in which everybody is back after a server was
MANY = 24  # commands while the server is killed


@pytest.fixture
def story(cast: Cast, harbour: str) -> Story:
    told = Story(cast.ask, harbour, {name: person.id for name, person in cast.people.items()})
    told.propose()
    told.open()
    return told


def topic(story: Story) -> str:
    return f"proposal:{story.id}"


def numbers(listener: Listener, story: Story) -> list[int]:
    return [entry["seq"] for entry in listener.entries(topic(story))]


def journal(cast: Cast, story: Story) -> list[Json]:
    return list(cast.done("obi", "GET", f"proposals/{story.id}/journal/")["results"])


def insist(person: Person, urls: list[str], method: str, path: str, body: Json) -> Json:
    """Until there is an answer, with one and the same key; at each server in turn."""
    key = str(uuid4())
    pause = Event()
    for url in cycle(urls):
        try:
            answer = person.send(url, method, path, body, **{"Idempotency-Key": key})
        except httpx.TransportError:
            pause.wait(0.05)
            continue
        if answer.status_code < 500 and answer.json().get("code") != "idempotency_in_flight":
            assert answer.status_code < 300, answer.text
            return answer.json()
    raise AssertionError("there is no server to ask")


def react_often(person: Person, urls: list[str], round: str) -> list[Json]:
    """One reaction after another; each replaces the one before, and each is an entry."""
    path = f"rounds/{round}/reactions/"
    return [insist(person, urls, "POST", path, {"text": f"Thought {number}."}) for number in range(MANY)]


@contextmanager
def writing(cast: Cast, story: Story) -> Iterator[Future[list[Json]]]:
    story.clear()
    with ThreadPoolExecutor(1) as at_once:
        yield at_once.submit(react_often, cast["max"], cast.rondo.urls, story.round)


def test_a_server_killed_while_somebody_writes_loses_nothing_that_it_answered_for_and_doubles_nothing(
    rondo: Rondo, cast: Cast, story: Story
) -> None:
    victim = len(rondo.ports) - 1
    with cast.listening(topic(story), "pia", "max", "fay", "obi") as ears:
        with writing(cast, story) as written:
            first = ears["obi", 0]
            begun = len(story.seen)
            first.wait(lambda: first.last(topic(story)) >= begun + MANY // 3, 30, "some reactions")
            rondo.kill(victim)
            rondo.start(victim)
            answers = written.result(60)
        acknowledged = {entry["seq"]: entry["hash"] for answer in answers for entry in answer["entries"]}
        kept = {entry["seq"]: entry["hash"] for entry in journal(cast, story)}
        assert acknowledged.items() <= kept.items()
        texts = [entry["data"]["text"] for entry in journal(cast, story) if entry["event"] == "reacted"]
        assert texts == [f"Thought {number}." for number in range(MANY)]
        for ear in ears.values():
            ear.wait_for_entry(topic(story), max(kept), BACK)
            assert numbers(ear, story) == sorted(kept) == list(range(1, max(kept) + 1))
        assert all(ears[name, victim].comings > 1 for name in ("pia", "max", "fay", "obi"))
    rondo.manage("verify_journal")


def test_a_command_cut_off_before_it_is_whole_is_not_done_and_its_key_stays_free(
    rondo: Rondo, cast: Cast, story: Story
) -> None:
    pia, key, before = cast["pia"], str(uuid4()), journal(cast, story)
    path, body = f"proposals/{story.id}/withdraw/", b'{"reason": "The tide was late.", "on": "' + story.round.encode()
    whole = body + b'"}'
    for part in (b"", body):
        head = f"POST /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        head += f"Authorization: Bearer {pia.token}\r\nIdempotency-Key: {key}\r\nContent-Length: {len(whole)}\r\n\r\n"
        with create_connection(("127.0.0.1", rondo.ports[0])) as line:
            line.sendall(head.encode() + part)
            line.shutdown(SHUT_WR)
            while line.recv(4096):
                pass
    assert journal(cast, story) == before
    answer = pia.send(rondo.url(0), "POST", path, whole, **{"Idempotency-Key": key})
    assert answer.status_code == 200, answer.text
    assert journal(cast, story)[-1]["data"]["reason"] == "The tide was late."


def test_after_a_start_from_nothing_but_the_database_the_story_goes_on(rondo: Rondo, cast: Cast, story: Story) -> None:
    with cast.listening(topic(story), "obi", "max") as ears:
        story.ask_a_question()
        for process in range(len(rondo.ports)):
            rondo.kill(process)
        rondo.start(*range(len(rondo.ports)))
        for ear in ears.values():
            ear.wait_to_be_back(2, BACK)
        story.answer_it()
        story.clear()
        for ear in ears.values():
            ear.wait_for_entry(topic(story), story.seen[-1]["seq"])
            assert numbers(ear, story) == [entry["seq"] for entry in story.seen]


def test_an_observer_who_is_removed_is_shown_out_at_once_at_every_process_and_the_others_stay(
    cast: Cast, story: Story
) -> None:
    with cast.listening(topic(story), "obi", "max") as ears:
        cast.remove(story.team, "obi")
        for (who, _), ear in ears.items():
            if who == "obi":
                ear.wait_to_be_closed(4403, SOON)
        story.ask_a_question()
        for (who, _), ear in ears.items():
            if who == "max":
                ear.wait_for_entry(topic(story), story.seen[-1]["seq"])
            else:
                assert numbers(ear, story) == [1, 2]
    assert cast.ask("obi", "GET", f"proposals/{story.id}/")[0] == 404
    for url in cast.rondo.urls:
        again = cast["obi"].listen(url, topic(story))
        assert again.wait_to_hear("error")[0]["code"] == "not_found"
        again.leave()


def test_a_removed_participant_keeps_voice_and_view_of_what_is_open(cast: Cast, story: Story) -> None:
    with cast.listening(topic(story), "max") as ears:
        cast.remove(story.team, "max")
        story.ask_a_question()
        for ear in ears.values():
            ear.wait_for_entry(topic(story), story.seen[-1]["seq"])
            assert ear.closed is None
    assert cast.ask("max", "GET", f"teams/{story.team}/")[0] == 404


def test_who_signs_out_hears_nothing_more(cast: Cast, story: Story) -> None:
    eve = cast["eve"]
    cast.invite(story.team, "eve")
    ear = eve.listen(cast.rondo.url(0), topic(story))
    ear.wait_to_hear("subscribed")
    eve.sign_out(cast.rondo.urls[-1])
    ear.wait_to_be_closed(4401, 10)
    ear.leave()
    eve.sign_in(cast.rondo.url(0), "eve@example.org")


@pytest.mark.postgres
@pytest.mark.redis
def test_without_redis_commands_go_on_and_nobody_waits_longer_than_for_a_head() -> None:
    port = free_port()
    with a_database() as database, ExitStack() as while_it_runs:
        address = while_it_runs.enter_context(redis(port))
        with serving(2, {**database, "REDIS_URL": address}) as rondo:
            cast = Cast(rondo)
            story = Story(cast.ask, cast.found_team(), {name: person.id for name, person in cast.people.items()})
            story.propose()
            story.open()
            with cast.listening(topic(story), "obi", "max") as ears:
                while_it_runs.close()
                story.ask_a_question()
                story.answer_it()
                everybody_has_it(story, ears, HEAD)
                with redis(port):
                    wait_for_the_relay(story, ears)
                    story.clear()
                    everybody_has_it(story, ears, SOON)
                    for ear in ears.values():
                        assert numbers(ear, story) == [entry["seq"] for entry in story.seen]
            assert "django" not in rondo.complaints()  # one line about Redis there may be


def everybody_has_it(story: Story, ears: dict[tuple[str, int], Listener], within: float) -> None:
    limit = time.monotonic() + within
    for ear in ears.values():
        ear.wait_for_entry(topic(story), story.seen[-1]["seq"], limit - time.monotonic())


def wait_for_the_relay(story: Story, ears: dict[tuple[str, int], Listener]) -> None:
    """Each server process has found Redis again when it hears at once what the other one did."""
    limit, good = time.monotonic() + BACK_TOGETHER, 0
    while good < 2:
        assert time.monotonic() < limit, "the server processes did not find each other again"
        story.ask_a_question()
        story.answer_it()
        try:
            everybody_has_it(story, ears, SOON)
            good += 1
        except AssertionError:
            good = 0
