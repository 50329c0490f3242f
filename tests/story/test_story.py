"""From proposal to agreement by HTTP and socket alone, with everybody listening at every server process."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.decisions.story import Story
from tests.merging import without_nulls
from tests.story.listener import Listener
from tests.story.people import Cast
from tests.story.refusals import REFUSED, refusals
from tests.story.rondo import ROOT

pytestmark = pytest.mark.timeout(300)

Json = Any
SOON = 1.0  # seconds in which everybody has seen a step
HEARERS = ("pia", "max", "fay", "obi")  # author, objector, member, observer
Ears = dict[tuple[str, int], Listener]


@pytest.fixture
def story(cast: Cast, harbour: str) -> Story:
    return Story(cast.ask, harbour, {name: person.id for name, person in cast.people.items()})


@pytest.fixture
def proposed(story: Story) -> Story:
    story.propose()
    story.open()
    return story


@pytest.fixture
def ears(cast: Cast, proposed: Story) -> Iterator[Ears]:
    with cast.listening(topic(proposed), *HEARERS) as listening:
        yield listening


def topic(story: Story) -> str:
    return f"proposal:{story.id}"


def without(entry: Json, *names: str) -> Json:
    return {key: value for key, value in entry.items() if key not in names}


def steps_from(story: Story, first: str) -> list[tuple[str, str]]:
    names = [step.__name__ for _, step in story.steps()]
    phases = [phase for phase, _ in story.steps()]
    return list(zip(names, phases, strict=True))[names.index(first) :]


def rest_of(story: Story) -> list[tuple[str, str]]:
    return steps_from(story, "ask_a_question")


def test_everybody_at_every_process_gets_every_entry_once_in_order_and_within_a_second(
    proposed: Story, ears: Ears
) -> None:
    answered: dict[int, float] = {}
    does = proposed.does

    def timed(*call: Any, **more: Any) -> Json:
        answer = does(*call, **more)
        if "entries" in (answer or {}):
            answered.update({entry["seq"]: time.monotonic() for entry in answer["entries"]})
            for ear in ears.values():
                ear.wait_for_entry(topic(proposed), answer["seq"], SOON)
        return answer

    proposed.does = timed  # type: ignore[method-assign]
    for name, phase in rest_of(proposed):
        getattr(proposed, name)()
        assert proposed.snapshot("pia")["phase"] == phase
    for ear in ears.values():
        heard = [without(entry, "type", "topic") for entry in ear.entries(topic(proposed))]
        assert heard == proposed.seen, "not what the answers to the commands said"
        assert [entry["seq"] for entry in heard] == list(range(1, len(proposed.seen) + 1))
        times = ear.times(topic(proposed))
        assert all(times[seq] - at < SOON for seq, at in answered.items())


def test_after_every_step_the_folded_changes_are_the_snapshot_for_everybody(
    cast: Cast, proposed: Story, ears: Ears
) -> None:
    for name, _ in rest_of(proposed):
        getattr(proposed, name)()
        for (who, _process), ear in ears.items():
            seen = proposed.snapshot(who)
            ear.wait_for_entry(topic(proposed), seen["seq"])
            assert without_nulls(ear.picture(topic(proposed))) == without_nulls(seen), (name, who)


def test_after_every_step_everybody_is_told_what_now_waits_for_them(cast: Cast, proposed: Story, ears: Ears) -> None:
    for name, _ in rest_of(proposed):
        getattr(proposed, name)()
        for (who, _process), ear in ears.items():
            mine = tasks(cast.done(who, "GET", f"teams/{proposed.team}/proposals/?waiting_for=me")["results"])
            ear.wait(partial(is_told, ear, proposed, mine), SOON, f"{name}: {who}")


def tasks(rows: list[Json]) -> list[Json]:
    return [(row["id"], row["phase"], row["round"]) for row in rows]


def is_told(ear: Listener, story: Story, mine: list[Json]) -> bool:
    told = ear.heard("waiting")
    return bool(told) and tasks([row for row in told[-1]["proposals"] if row["team"] == story.team]) == mine


def test_whatever_is_refused_says_why_and_makes_no_entry(cast: Cast, story: Story) -> None:
    listener: Listener | None = None
    for _, step in story.steps():
        step()
        if step.__name__ == "open":
            listener = cast["obi"].listen(cast.rondo.url(0), topic(story))
        tell_off(cast, story, step.__name__)
    assert listener
    listener.wait_for_entry(topic(story), len(story.seen))
    listener.leave()
    assert [entry["seq"] for entry in listener.entries(topic(story))] == list(range(1, len(story.seen) + 1))


def tell_off(cast: Cast, story: Story, step: str) -> None:
    before = story.snapshot("pia")
    surprises = []
    for bad in refusals(step, story):
        status, problem = cast.ask(bad.who, bad.method, bad.path, bad.body)
        if (status, problem.get("code")) != (bad.status, bad.code) or not told_well(problem, status):
            surprises.append((bad, status, problem))
    assert surprises == [], step
    assert story.snapshot("pia") == before


def told_well(problem: Json, status: int) -> bool:
    says = problem["status"] == status and problem["title"] and problem["detail"]
    return bool(says) and ("errors" in problem) == (problem["code"] == "invalid")


def test_every_step_has_something_that_is_refused_after_it(story: Story) -> None:
    assert list(REFUSED) == [step.__name__ for _, step in story.steps()]


def test_who_comes_with_after_gets_what_follows_and_who_knows_more_than_the_journal_starts_anew(
    cast: Cast, proposed: Story
) -> None:
    proposed.ask_a_question()
    proposed.answer_it()
    last = len(proposed.seen)
    for url in cast.rondo.urls:
        for after in range(last + 1):
            late = cast["obi"].listen(url, topic(proposed), after=after)
            assert late.wait_to_hear("subscribed")[0]["seq"] == last
            late.wait_for_entry(topic(proposed), last)
            late.leave()
            assert [entry["seq"] for entry in late.entries(topic(proposed))] == list(range(after + 1, last + 1))
        ahead = cast["obi"].listen(url, topic(proposed), after=last + 1)
        ahead.wait_to_hear("resync", topic(proposed))
        ahead.leave()


def test_a_command_sent_twice_even_to_another_process_has_one_effect_and_one_answer(
    cast: Cast, proposed: Story
) -> None:
    path, key = f"rounds/{proposed.round}/questions/", {"Idempotency-Key": "one-press"}
    body = {"text": "Who keeps the flags?"}
    first, again = cast.rondo.urls[0], cast.rondo.urls[-1]
    told = cast["max"].send(first, "POST", path, body, **key)
    repeated = cast["max"].send(again, "POST", path, body, **key)
    assert (told.status_code, repeated.status_code) == (201, 201)
    assert told.content == repeated.content
    assert repeated.headers["Idempotent-Replayed"] == "true"
    other = cast["max"].send(again, "POST", path, {"text": "Another?"}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert proposed.snapshot()["seq"] == told.json()["seq"]


def test_the_journal_of_the_story_verifies_with_and_without_rondo(cast: Cast, story: Story, tmp_path: Path) -> None:
    story.play()
    exported = cast.done("obi", "GET", f"proposals/{story.id}/export/")
    assert [entry["hash"] for entry in exported["entries"]] == [entry["hash"] for entry in story.seen]
    document = tmp_path / "journal.json"
    document.write_text(json.dumps(exported))
    verifier = [sys.executable, "-I", str(ROOT / "tools" / "verify_journal.py"), str(document)]
    assert subprocess.run(verifier, capture_output=True, check=False).returncode == 0
    cast.rondo.manage("verify_journal")
    exported["entries"][5]["by"] = cast["eve"].id
    document.write_text(json.dumps(exported))
    assert subprocess.run(verifier, capture_output=True, check=False).returncode == 1


def test_the_journal_page_says_what_the_sockets_said(cast: Cast, proposed: Story) -> None:
    proposed.ask_a_question()
    told = cast.done("obi", "GET", f"proposals/{proposed.id}/journal/?after=1")["results"]
    assert told == [without(entry, "changes") for entry in proposed.seen[1:]]


CANARY = "quokka-4711"


def test_nothing_of_a_sealed_answer_leaves_the_server_before_everybody_has_answered(cast: Cast, story: Story) -> None:
    story.play(until="react")
    with cast.listening(topic(story), "pia", "fay", "obi") as ears:
        story.ask_for_consent(sealed=True)
        story.respond("max", "objection", text=f"It harms {CANARY}.", suggestion=f"Leave {CANARY} out.")
        story.respond("pia")
        for ear in ears.values():
            ear.wait_for_entry(topic(story), story.seen[-1]["seq"])
        assert [where for who in ("pia", "fay", "obi") for where in told_of_it(cast, story, who)] == []
        assert [who for who, ear in ears.items() if CANARY in json.dumps(ear.frames)] == []
        assert CANARY in json.dumps(story.snapshot("max"))
        story.respond("fay")
        for ear in ears.values():
            ear.wait_for_entry(topic(story), story.seen[-1]["seq"])
            assert CANARY in json.dumps(ear.frames)
    assert story.snapshot("obi")["phase"] == "revising"


def told_of_it(cast: Cast, story: Story, who: str) -> list[str]:
    paths = [f"proposals/{story.id}/{part}" for part in ("", "journal/", "export/")]
    paths += ["proposals/", f"teams/{story.team}/proposals/", f"proposals/?q={CANARY}"]
    return [f"{who}: {path}" for path in paths if CANARY in json.dumps(cast.done(who, "GET", path))]
