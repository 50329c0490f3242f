"""Each measure that the page for operators names moves when that happens which it tells of."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from tests.decisions.story import Story
from tests.notices import sink as sinks
from tests.notices.sink import Sink
from tests.story.people import Cast
from tests.story.rondo import ROOT, Rondo, serving

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.timeout(120)]

TOKEN = "a-token-of-the-operator"
Json = Any
Told = dict[str, float]
SOON = 5.0
A_HEAD = 13.0  # seconds in which the next head is certain, and what it brings
BEFORE_ITS_COMMIT = 1.0  # seconds, at most, that a command takes on a busy machine
PUSHES, SECONDS, FETCHED = "rondo_push_seconds_count", "rondo_push_seconds_sum", "rondo_entries_fetched_total"
OF_THE_SYSTEM = {"process_resident_memory_bytes", "process_open_fds"}
MEASURE = re.compile(r"(?:rondo|process)_[a-z_]+")


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with sinks.running() as running:
        yield running


@pytest.fixture(scope="module")
def rondo(sink: Sink) -> Iterator[Rondo]:
    """Two processes and no Redis: neither hears of what the other commits."""
    env = {
        "RONDO_METRICS_TOKEN": TOKEN,
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "RONDO_EMAIL_VERIFICATION": "none",
    }
    with serving(2, env) as served:
        yield served


@pytest.fixture(scope="module")
def cast(rondo: Rondo) -> Cast:
    return Cast(rondo)


@pytest.fixture(scope="module")
def story(cast: Cast) -> Story:
    """Open to its circle; whatever is said of it is said to the first process."""

    def ask(who: str, method: str, path: str, body: Json) -> tuple[int, Json]:
        answer = cast[who].send(cast.rondo.url(0), method, path, body)
        return answer.status_code, answer.json() if answer.content else None

    people = {name: cast[name].id for name in ("fay", "pia", "max")}
    return Story(ask, cast.found_team(), people).play(until="open")


def text(url: str) -> str:
    return httpx.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10).text


def told(url: str) -> Told:
    """Measure with its labels, as it stands there → value."""
    lines = [line.rsplit(" ", 1) for line in text(url).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def until(url: str, ready: Callable[[Told], bool], within: float = SOON) -> Told:
    limit = time.monotonic() + within
    while not ready(now := told(url)):
        assert time.monotonic() < limit, {name: value for name, value in now.items() if name.startswith("rondo_")}
        time.sleep(0.02)
    return now


def one_more_push_than(old: Told, now: Told) -> bool:
    return now[PUSHES] == old[PUSHES] + 1


def test_every_measure_that_the_page_names_is_told_and_every_one_that_is_told_is_named(
    rondo: Rondo, story: Story
) -> None:
    lines = (ROOT / "docs" / "operating.md").read_text().splitlines()
    named = {name for line in lines if line.startswith("| `") for name in MEASURE.findall(line.split("|")[1])}
    kinds = re.findall(r"^# TYPE (\w+) (?:counter|gauge|histogram)$", text(rondo.url(0)), re.MULTILINE)
    ours = {name for name in kinds if name.startswith("rondo_") and not name.endswith("_created")}
    assert named == ours | OF_THE_SYSTEM
    now = told(rondo.url(0))
    assert all(now[name] > 0 for name in OF_THE_SYSTEM)


def test_sockets_and_what_they_look_at_are_counted_while_they_are_open(rondo: Rondo, cast: Cast, story: Story) -> None:
    url, topic = rondo.url(0), f"proposal:{story.id}"
    listeners = [cast[who].listen(url, topic, "me") for who in ("max", "obi")]
    for one in listeners:
        one.wait_to_hear("subscribed", times=2, within=SOON)
    now = told(url)
    assert (now["rondo_sockets"], now["rondo_topics"]) == (2, 3)
    listeners[0].leave()
    until(url, lambda now: (now["rondo_sockets"], now["rondo_topics"]) == (1, 2))
    listeners[1].leave()
    until(url, lambda now: (now["rondo_sockets"], now["rondo_topics"]) == (0, 0))


def test_a_push_is_counted_with_how_long_it_took_though_no_word_of_the_entry_came(
    rondo: Rondo, cast: Cast, story: Story
) -> None:
    topic, known = f"proposal:{story.id}", story.snapshot()["seq"]
    listeners = [cast["max"].listen(url, topic, after=known) for url in rondo.urls]
    for one in listeners:
        one.wait_to_hear("subscribed", within=SOON)
    before, round = [told(url) for url in rondo.urls], story.round
    sent = time.monotonic()
    story.does("max", "POST", f"rounds/{round}/questions/", {"text": "In winter too?"}, 201)
    for one, url, old, fetched in zip(listeners, rondo.urls, before, (0, 1), strict=True):
        one.wait_for_entry(topic, known + 1, within=A_HEAD)
        took = one.times(topic)[known + 1] - sent
        now = until(url, partial(one_more_push_than, old))
        assert took - BEFORE_ITS_COMMIT < now[SECONDS] - old[SECONDS] <= took + 0.001  # recorded in whole milliseconds
        assert now[FETCHED] == old[FETCHED] + fetched
    for one in listeners:
        one.leave()


def test_mails_are_counted_while_they_wait_and_when_they_are_dead(rondo: Rondo, cast: Cast, sink: Sink) -> None:
    url, team = rondo.url(0), cast["fay"]
    made = team.send(url, "POST", "teams/", {"name": "Quarry"})
    until(url, lambda now: now["rondo_mails_waiting"] == now["rondo_mails_oldest_seconds"] == 0)
    sink.unknown.add("nobody@example.org")
    slug = made.json()["slug"]
    asked = team.send(url, "POST", f"teams/{slug}/invitations/", {"email": "nobody@example.org"})
    assert asked.status_code == 201
    until(url, lambda now: (now["rondo_mails_waiting"], now["rondo_mails_dead"]) == (0, 1))

    sink.unknown.clear()
    sink.answers.append("stalls")
    rondo.manage("mails", "--again", "all")
    # Until the mail server has it in hand, too.
    until(
        url, lambda now: now["rondo_mails_waiting"] == 1 and now["rondo_mails_oldest_seconds"] > 0 and not sink.answers
    )
    assert told(url)["rondo_mails_dead"] == 0
    sink.let_go()
    now = until(url, lambda now: now["rondo_mails_waiting"] == 0)
    assert (now["rondo_mails_oldest_seconds"], now["rondo_mails_dead"]) == (0, 0)
    assert len(sink.of("nobody@example.org")) == 1


def test_refusals_and_answers_are_counted_by_what_they_were(rondo: Rondo, cast: Cast, story: Story) -> None:
    url = rondo.url(0)
    refused, answered = 'rondo_refusals_total{code="only_the_author"}', "rondo_http_answer_seconds_count{"
    before = told(url)
    assert cast["max"].send(url, "POST", f"proposals/{story.id}/withdraw/", {"reason": "x"}).status_code == 403
    now = told(url)
    assert now[refused] == before.get(refused, 0) + 1
    labels = 'address="api/v1/proposals/<str:id>/withdraw/",method="POST",status="403"'
    assert now[f"{answered}{labels}}}"] == before.get(f"{answered}{labels}}}", 0) + 1
