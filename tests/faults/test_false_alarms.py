"""R15: whatever chance lets three people do and write, what they leave is sound, and `verify_journal` says so."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from decisions import models
from tests.decisions.story import Brief, Json, Story
from tests.faults.run import running, times

# Committed: what stands in one open transaction PostgreSQL does not count, and plans as if its tables were empty.
pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True), pytest.mark.timeout(7200)]

WORDS = ("ja", "näher", "日本", "🙂👩‍🚀", "e\u0301", "\u202e", "<b>", '"', "\\u0000", "\n", "1e999", "null", " ")
Act = tuple[str, str, Json]


def text(chance: Random) -> str:
    return " ".join(["So", *chance.choices(WORDS, k=chance.choice((1, 3, 300)))])


def likely(it: Story, now: Json, chance: Random) -> list[Act]:
    """What goes on from here, by whoever may."""
    said, its, words, revision = (
        f"rounds/{(now.get('round') or {}).get('id')}",
        f"proposals/{it.id}",
        text(chance),
        str(now["revision"]),
    )
    standing = [id for id, one in (now.get("objections") or {}).items() if one["status"] == "standing"]
    revise = ("POST", f"{its}/revisions/", {"body": words, "answers": dict.fromkeys(standing, words), "on": revision})
    match now["phase"]:
        case "clarifying":
            asked = [("POST", f"questions/{id}/answer/", {"text": words}) for id in now.get("questions") or {}]
            return [("POST", f"{said}/clear/", {})] * 4 + [("POST", f"{said}/questions/", {"text": words}), *asked]
        case "reaction":
            return [("POST", f"{said}/pass/", {}), ("POST", f"{said}/reactions/", {"text": words})]
        case "tuning":
            sealed = chance.random() < 0.5
            return [revise, *[("POST", f"{its}/ask-for-consent/", {"on": revision, "sealed": sealed})] * 3]
        case "consent":
            other = {"kind": chance.choice(("concern", "objection")), "text": words}
            return [
                ("PUT", f"{said}/response/", answer) for answer in ({"kind": "consent"}, {"kind": "consent"}, other)
            ]
        case "revising":
            act = chance.choice(("restate", "confirm", "withdraw"))
            return [revise, *(("POST", f"objections/{id}/{act}/", {"text": words}) for id in standing)]
    return []


def seldom(it: Story, now: Json, chance: Random) -> list[Act]:
    """What goes back or aside."""
    on = (now.get("round") or {}).get("id")
    back: list[Act] = [("DELETE", f"rounds/{on}/{tail}/", None) for tail in ("clear", "reactions", "response")]
    room: list[Act] = [
        ("POST", f"proposals/{it.id}/{tail}/", {}) for tail in ("room", "room/join", "room/leave", "room/pause")
    ]
    lead: list[Act] = [("POST", f"proposals/{it.id}/{tail}/", {"on": on}) for tail in ("room/next", "return")]
    return [
        *back,
        *room,
        *lead,
        ("POST", f"proposals/{it.id}/facilitator/", {"to": chance.choice([*it.people.values()])}),
    ]


def played(story: Story, chance: Random) -> int:
    """A decision as chance has it; how many entries it has."""
    it = Brief(story.ask, story.team, story.people)
    it.propose()
    it.open()
    for _ in range(chance.randint(5, 30)):
        now = it.glance()
        acts = (seldom if chance.random() < 0.1 else likely)(it, now, chance)
        if not acts:
            break
        code, answer = it.ask(chance.choice(sorted(it.people)), *chance.choice(acts))
        assert code < 500, answer
        it.seen += answer["entries"] if code < 400 else []
    return len(it.seen)


def test_no_journal_that_is_sound_is_said_not_to_be(story: Story) -> None:
    with running("R15-sound") as run:
        for _ in range(times(30, 1000)):
            run.acked += played(story, run.chance)
            run.fault("a decision played by chance")
        out = StringIO()
        try:
            call_command("verify_journal", stdout=out)
        except CommandError:
            run.found("bad_hash", out.getvalue())
        phases = Counter(models.Proposal.objects.values_list("phase", flat=True))
        run.figures["they_came_to"] = ", ".join(f"{phase} {often}" for phase, often in sorted(phases.items()))
        run.figures["false_alarms"] = f"{sum(run.counts.values())} of {sum(run.faults.values())}"
