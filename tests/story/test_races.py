"""Two people press at the same moment, or one twice: one outcome, and everybody reads the same."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.decisions.story import Story
from tests.faults.run import FULL, running, times
from tests.story.people import Cast

pytestmark = pytest.mark.timeout(1800)

Json = Any
Press = Callable[[], httpx.Response]
TIMES = 6
COPIES = 500 if FULL else 20
PATIENCE = 120.0  # seconds until a copy among so many is answered


@pytest.fixture
def asked(cast: Cast, harbour: str) -> Callable[[], Story]:
    """A proposal in its consent round, to which Fay has consented already; a new one each time."""

    def ask() -> Story:
        story = Story(cast.ask, harbour, {name: person.id for name, person in cast.people.items()})
        story.play(until="ask_for_consent")
        story.respond("fay")
        return story

    return ask


def at_once(*presses: Press) -> list[httpx.Response]:
    start = Barrier(len(presses))

    def press(one: Press) -> httpx.Response:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(presses)) as people:
        return list(people.map(press, presses))


def responding(cast: Cast, story: Story, who: str, process: int, **response: str) -> Press:
    path, url = f"rounds/{story.round}/response/", cast.rondo.urls[process % len(cast.rondo.urls)]
    return partial(cast[who].send, url, "PUT", path, response)


def events(cast: Cast, story: Story) -> Counter[str]:
    journal = cast.done("obi", "GET", f"proposals/{story.id}/journal/")["results"]
    assert [entry["seq"] for entry in journal] == list(range(1, len(journal) + 1))
    return Counter(entry["event"] for entry in journal)


def test_two_last_consents_at_once_adopt_once(cast: Cast, asked: Callable[[], Story]) -> None:
    for turn in range(TIMES):
        story = asked()
        answers = at_once(
            responding(cast, story, "pia", turn, kind="consent"),
            responding(cast, story, "max", turn + 1, kind="consent"),
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        told = events(cast, story)
        assert (told["consented"], told["adopted"]) == (3, 1)
        assert story.snapshot("obi")["phase"] == "adopted"
    cast.rondo.manage("verify_journal")


def test_an_objection_and_the_other_last_consent_at_once_always_send_the_proposal_back(
    cast: Cast, asked: Callable[[], Story]
) -> None:
    for turn in range(TIMES):
        story = asked()
        answers = at_once(
            responding(cast, story, "pia", turn, kind="consent"),
            responding(cast, story, "max", turn + 1, kind="objection", text="Payments has no fast suite."),
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        told = events(cast, story)
        assert (told["objection_raised"], told["adopted"]) == (1, 0)
        assert story.snapshot("obi")["phase"] == "revising"


def test_an_answer_and_the_return_of_the_proposal_at_once_are_both_kept_or_the_later_is_told_why(
    cast: Cast, asked: Callable[[], Story]
) -> None:
    for turn in range(TIMES):
        story = asked()
        story.object()
        url, path = cast.rondo.urls[turn % len(cast.rondo.urls)], f"proposals/{story.id}/return/"
        answer, returned = at_once(
            responding(cast, story, "pia", turn + 1, kind="consent"),
            partial(cast["fay"].send, url, "POST", path, {"on": story.round}),
        )
        codes = {answer.status_code, returned.status_code}
        assert codes in ({200}, {200, 409})
        refused = [one.json()["code"] for one in (answer, returned) if one.status_code == 409]
        assert refused in ([], ["round_closed"], ["wrong_phase"])
        assert story.snapshot("obi")["phase"] == "revising"
        assert events(cast, story)["adopted"] == 0


def test_many_copies_of_one_press_have_one_effect(cast: Cast, asked: Callable[[], Story]) -> None:
    urls, body = cast.rondo.urls, {"kind": "concern", "text": "Watch the flags."}
    lines = httpx.Limits(max_connections=None, keepalive_expiry=None)
    with running("R4") as run:
        for _ in range(times(2, 50)):
            story = asked()
            path, key = f"rounds/{story.round}/response/", {"Idempotency-Key": str(uuid4())}
            person = replace(cast["max"], client=httpx.Client(timeout=PATIENCE, limits=lines))
            send = partial(person.send, method="PUT", path=path, body=body, **key)
            answers = at_once(*(partial(send, url=urls[copy % len(urls)]) for copy in range(COPIES)))
            run.fault(f"a command in {COPIES} copies at once")
            again = [send(url=url) for url in urls]
            person.client.close()
            done = [answer for answer in (*answers, *again) if answer.status_code == 200]
            run.acked += len(done)
            if len({answer.content for answer in done}) != 1 or {200} != {answer.status_code for answer in again}:
                run.found("dup", "copies were answered otherwise than the first")
            for answer in answers:
                known = answer.status_code == 409 and answer.json()["code"] == "idempotency_in_flight"
                if answer.status_code != 200 and not (known and int(answer.headers["Retry-After"]) >= 1):
                    run.found("server_errors", f"{answer.status_code}: {answer.text[:200]}")
            if events(cast, story)["concern_raised"] != 1:
                run.found("dup", f"{events(cast, story)['concern_raised']} entries of one press")
