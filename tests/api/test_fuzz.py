"""Whatever JSON comes in at whatever address: an answer of ours, never a fault of the server."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decisions.api.commands import COMMANDS
from tests.decisions.conftest import Clients
from tests.decisions.story import Json, Story

from .test_bad_input import named

FIELDS = ["text", "kind", "suggestion", "body", "title", "driver", "answers", "note", "heard", "reason", "review_on"]
FIELDS += ["due_at", "sealed", "facilitator", "on", "nothing_to_add"]
LIKELY: list[Json] = [
    "consent",
    "objection",
    "concern",
    "1",
    1,
    "2026-12-24",
    "2026-12-24T10:00:00Z",
    "\u202e",
    "é" * 9,
]

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(LIKELY)


def nested(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)


values = st.recursive(plain, nested, max_leaves=8)
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=6) | values

ADDRESSES = [
    *((method, address, call.names) for address, calls in COMMANDS.items() for method, call in calls.items()),
    ("POST", "proposals/<str:id>/open/", "proposal"),
    ("POST", "proposals/<str:id>/screens/", "proposal"),
    ("PATCH", "proposals/<str:id>/", "proposal"),
    ("POST", "teams/harbour/proposals/", ""),
    ("POST", "render/", ""),
]


def test_no_body_makes_the_server_stumble(story: Story, circle: Clients) -> None:
    ids = named(story.play(until="restate"))
    draft = Story(story.ask, story.team, story.people).play(until="propose").id

    @settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(ADDRESSES), st.sampled_from(["pia", "max", "fay"]), bodies, st.booleans())
    def stumbles_not(where: tuple[str, str, str], who: str, body: Any, fresh: bool) -> None:
        method, address, kind = where
        id = draft if fresh and kind == "proposal" else ids.get(kind, "")
        path = "/api/v1/" + address.replace("<str:id>", id)
        with transaction.atomic():
            answer = circle[who].generic(method, path, data=json.dumps(body), content_type="application/json")
            transaction.set_rollback(True)
        assert answer.status_code < 500, (method, path, body, answer.content)
        assert answer.status_code < 400 or answer.headers["Content-Type"] == "application/problem+json"

    stumbles_not()
