"""Sealed rounds: until one closes nobody else can learn by any byte what somebody answered."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from conventions import clock, ids
from decisions import submit
from decisions.process.refusals import RIGHTS
from decisions.read import merged
from tests.merging import without_nulls

from .conftest import Clients, Overheard
from .story import Json, Story

WHO = ("fay", "pia", "obi")
"""Everybody else who may read the proposal while Max answers."""
CANARIES = ("canary-first", "canary-suggestion", "canary-second", "canary-last")


def sealed(story: Story, until: str = "react") -> Story:
    story.play(until=until).ask_for_consent(sealed=True)
    return story


def look_everywhere(story: Story, clients: Clients, overheard: Overheard) -> None:
    """Everybody else reads all there is to read, and tries what a curious person would try."""
    for who in (*WHO, "eve"):
        for path in (
            f"proposals/{story.id}/",
            f"proposals/{story.id}/journal/",
            f"proposals/{story.id}/journal/?after=1&page_size=200",
            f"proposals/{story.id}/export/",
            f"proposals/{story.id}/export.csv",
            f"proposals/{story.id}/receipts/",
            "proposals/",
            "proposals/?q=canary",
            "proposals/?waiting_for=me",
            f"teams/{story.team}/proposals/?phase=consent",
            f"teams/{story.team}/",
            "me/",
        ):
            note(overheard, who, clients[who].get(f"/api/v1/{path}"))
        for path in (f"proposals/{story.id}/return/", f"proposals/{story.id}/open/"):
            note(overheard, who, clients[who].post(f"/api/v1/{path}", {}))


def note(overheard: Overheard, who: str, answer: Any) -> None:
    overheard[who].append(repr(sorted(answer.headers.items())).encode() + answer.content)


def test_no_byte_of_a_sealed_answer_reaches_anybody_else_before_the_round_closes(
    story: Story, circle: Clients, overheard: Overheard
) -> None:
    sealed(story)
    first, suggestion, second, last = CANARIES
    round = story.round
    story.respond("max", "objection", text=first, suggestion=suggestion)
    look_everywhere(story, circle, overheard)
    story.respond("max", "concern", text=second)
    look_everywhere(story, circle, overheard)
    story.does("max", "DELETE", f"rounds/{round}/response/")
    look_everywhere(story, circle, overheard)
    story.respond("max", "objection", text=last)
    story.respond("fay")
    look_everywhere(story, circle, overheard)
    for who in (*WHO, "eve"):
        assert not any(b"canary" in heard.replace(b"q=canary", b"") for heard in overheard[who]), who
    assert not any(b"canary" in heard for heard in overheard["max"] if b'"entries"' in heard)


def test_one_reads_ones_own_sealed_answer_and_nobody_elses(story: Story) -> None:
    sealed(story).respond("max", "objection", text="Mine.", suggestion="Less.")
    story.respond("fay", "concern", text="Hers.")
    (own,) = [r for r in story.snapshot("max")["responses"].values() if "kind" in r]
    assert (own["kind"], own["text"], own["suggestion"]) == ("objection", "Mine.", "Less.")
    (hers,) = [r for r in story.snapshot("fay")["responses"].values() if "kind" in r]
    assert (hers["kind"], hers["text"]) == ("concern", "Hers.")
    for who in ("pia", "obi"):
        assert all(r.keys() == {"round", "by", "at", "seq"} for r in story.snapshot(who)["responses"].values())


def test_the_closing_entry_reveals_each_persons_last_answer_and_no_earlier_one(story: Story) -> None:
    sealed(story)
    story.respond("max", "objection", text="canary-first")
    story.respond("max", "concern", text="Watch it.")
    story.respond("fay")
    story.respond("pia")
    now = story.snapshot()
    assert now["phase"] == "adopted"
    assert sorted(r["kind"] for r in now["responses"].values()) == ["concern", "consent", "consent"]
    assert now["objections"] == {}
    everything = [json.dumps(story.does(who, "GET", f"proposals/{story.id}/journal/")) for who in (*WHO, "max")]
    assert not any("canary" in told for told in everything)
    assert all("Watch it." in told for told in everything)


def test_a_sealed_objection_sends_the_proposal_back_when_all_have_answered(story: Story) -> None:
    sealed(story)
    story.respond("max", "objection", text="Risk.", suggestion="Less.")
    story.respond("fay")
    assert story.snapshot()["phase"] == "consent"
    story.respond("pia")
    now = story.snapshot()
    assert now["phase"] == "revising"
    (objection,) = now["objections"].values()
    assert (objection["by"], objection["reason"], objection["suggestion"]) == (story.people["max"], "Risk.", "Less.")
    assert [e["event"] for e in story.seen][-5:] == ["responded", "responded", "responded", "round_closed", "returned"]


def test_the_changes_of_a_sealed_story_make_everybodys_snapshot(story: Story) -> None:
    sealed(story)
    story.respond("max", "objection", text="Risk.")
    for who in ("fay", "max", "pia"):
        own = without_nulls(story.snapshot(who))
        for response in own["responses"].values():
            [response.pop(name, None) for name in ("kind", "text", "suggestion")]
        assert folded(story) == own
        if who != "max":
            story.respond(who)
    assert folded(story) == without_nulls(story.snapshot())


def folded(story: Story) -> Json:
    built: Json = {}
    for entry in story.seen:
        built = merged(built, entry["changes"])
    return without_nulls(built)


def test_the_answers_of_a_round_that_withdrawal_ended_are_never_shown(
    story: Story, circle: Clients, overheard: Overheard
) -> None:
    sealed(story).respond("max", "objection", text="canary-withdrawn")
    story.does("pia", "POST", f"proposals/{story.id}/withdraw/", {"reason": "Another way."})
    look_everywhere(story, circle, overheard)
    for who in WHO:
        assert not any(b"canary-" in heard for heard in overheard[who]), who
    (own,) = story.snapshot("max")["responses"].values()
    assert own["text"] == "canary-withdrawn"


# What Max does in a sealed round; whoever else looks must not be able to tell these apart.
HISTORIES: dict[str, list[Json]] = {
    "consents": [{"kind": "consent"}],
    "has a concern": [{"kind": "concern", "text": "A worry of some length, in so many words."}],
    "objects": [{"kind": "objection", "text": "Risk.", "suggestion": "Less of it."}],
}
LONGER: dict[str, list[Json]] = {
    "says the same again": [{"kind": "consent"}, {"kind": "consent"}],
    "turns round": [{"kind": "consent"}, {"kind": "objection", "text": "x" * 3000}],
    "gives in": [{"kind": "objection", "text": "Risk."}, {"kind": "consent"}],
    "words it otherwise": [{"kind": "objection", "text": "Risk."}, {"kind": "objection", "text": "A risk."}],
}
TAKEN_BACK: dict[str, list[Json]] = {
    "after consent": [{"kind": "consent"}, None, {"kind": "consent"}],
    "after an objection": [{"kind": "objection", "text": "Risk."}, None, {"kind": "concern", "text": "Hm."}],
}


def told_of(story: Story, circle: Clients, overheard: Overheard, said: list[Json]) -> str:
    """Every byte that the others read after this history; ids, hashes and times taken out, and the history undone."""
    numbers = count(1)
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(submit, "new_id", lambda: f"seed{next(numbers):012}")
        sealed(story)
        overheard.clear()
        for one in said:
            path = f"rounds/{story.round}/response/"
            story.does("max", "DELETE" if one is None else "PUT", path, one)
        look_everywhere(story, circle, overheard)
        transaction.set_rollback(True)
    heard = [each.decode() for who in WHO for each in overheard[who]]
    return without_chance("\n".join([*heard, *map(json.dumps, story.seen)]))


def without_chance(text: str) -> str:
    text = re.sub(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{16,32}\b", "HASH", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
    found: dict[str, str] = {}
    alphabet = ids.ALPHABET
    return re.sub(rf"\b[{alphabet}]{{16}}\b", lambda m: found.setdefault(m.group(), f"ID{len(found)}"), text)


@pytest.mark.parametrize("histories", [HISTORIES, LONGER, TAKEN_BACK], ids=["one", "two", "taken back"])
def test_histories_that_differ_only_in_sealed_contents_read_the_same_byte_for_byte(
    story: Story, circle: Clients, overheard: Overheard, histories: dict[str, list[Json]]
) -> None:
    with clock.frozen(clock.now()):
        first, *others = (
            told_of(Story(story.ask, story.team, story.people), circle, overheard, said) for said in histories.values()
        )
    assert "responded" in first
    for other in others:
        assert other == first


def test_the_export_of_a_sealed_round_commits_to_the_answers_and_shows_none(story: Story) -> None:
    sealed(story).respond("max", "objection", text="canary-export")
    document = story.does("fay", "GET", f"proposals/{story.id}/export/")
    (responded,) = [entry for entry in document["entries"] if entry["event"] == "responded"]
    assert responded["data"]["answer"].keys() == {"sha256"}
    assert responded["texts"] == {}
    assert "canary" not in json.dumps(document)


def test_nobodys_refusal_depends_on_what_was_said(story: Story, circle: Clients) -> None:
    refusals = []
    for said in HISTORIES.values():
        one = sealed(Story(story.ask, story.team, story.people))
        one.respond("max", **said[0])
        for who, path in (("pia", "return"), ("fay", "return"), ("obi", "return"), ("pia", "revisions")):
            answer = circle[who].post(f"/api/v1/proposals/{one.id}/{path}/", {"body": "B", "on": one.round})
            refusals.append((who, path, answer.status_code, answer.json()["code"]))
    assert len(set(refusals)) == 4
    assert {code for *_, code in refusals} <= {"sealed", "wrong_phase", *RIGHTS}
