"""Every refusal that belongs to the room, as data: what came before, who meets it, and that it changes nothing."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from tests.decisions.conftest import Clients
from tests.decisions.rows import everything
from tests.decisions.story import Story

from .test_bad_input import assert_a_problem

Said = tuple[str, str]
OPENED: Said = ("fay", "room/")
MAX_IN: tuple[Said, ...] = (OPENED, ("max", "room/join/"))
BOTH_IN: tuple[Said, ...] = (*MAX_IN, ("fay", "room/join/"))
PAUSED: Said = ("fay", "room/pause/")
RESUMED: Said = ("fay", "room/resume/")


class Refused(NamedTuple):
    """After these calls on the proposal `who` makes another and is refused with `code`."""

    code: str
    after: tuple[Said, ...]
    who: str
    path: str
    body: dict[str, Any] = {}


REFUSALS = [
    Refused("no_room", (), "fay", "room/join/"),
    Refused("no_room", (), "fay", "room/pause/"),
    Refused("room_open", (OPENED,), "fay", "room/"),
    Refused("not_present", (OPENED,), "max", "room/leave/"),
    Refused("not_present", MAX_IN, "pia", "room/time-out/"),
    Refused("not_your_turn", BOTH_IN, "fay", "room/later/"),
    Refused("nobody_else", MAX_IN, "max", "room/later/"),
    Refused("round_incomplete", BOTH_IN, "fay", "room/next/"),
    Refused("already_paused", (*MAX_IN, PAUSED), "fay", "room/pause/"),
    Refused("already_paused", (*MAX_IN, PAUSED), "max", "room/time-out/"),
    Refused("paused", (*MAX_IN, PAUSED), "fay", "room/next/"),
    Refused("not_paused", MAX_IN, "fay", "room/resume/"),
    Refused("too_many_pauses", (*MAX_IN, *(PAUSED, RESUMED) * 3), "fay", "room/pause/"),
    Refused("still_here", BOTH_IN, "max", "chair/"),
    Refused("already_facilitator", BOTH_IN, "fay", "chair/"),
    Refused("nothing_offered", (), "max", "facilitator/accept/"),
    Refused("only_the_facilitator", BOTH_IN, "max", "room/pause/"),
    Refused("only_the_facilitator", (), "max", "room/"),
    Refused("not_a_participant", (OPENED,), "obi", "room/join/"),
]


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: f"{case.code}-{case.who}-{case.path.strip('/')}")
def test_the_room_refuses_by_the_named_rule_and_changes_nothing(case: Refused, story: Story, circle: Clients) -> None:
    story.play(until="open")
    for who, path in case.after:
        story.does(who, "POST", f"proposals/{story.id}/{path}", {})
    before = everything()
    answer = circle[case.who].post(
        f"/api/v1/proposals/{story.id}/{case.path}", json.dumps(case.body), content_type="application/json"
    )
    status = 403 if case.code in ("only_the_facilitator", "not_a_participant") else 409
    assert_a_problem(answer, status, case.code)
    assert everything() == before


def test_the_chair_is_offered_to_nobody_where_all_others_have_left(story: Story, circle: Clients) -> None:
    story.play(until="open")
    for who in ("pia", "max"):
        story.does(who, "DELETE", f"teams/{story.team}/members/{story.people[who]}/", status=204)
    before = everything()
    answer = circle["fay"].post(f"/api/v1/proposals/{story.id}/facilitator/", {"to": story.people["max"]})
    assert_a_problem(answer, 409, "nobody_to_facilitate")
    assert everything() == before
