"""A story in the Harbour team, and the promise that at its end journal and rows are one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from rest_framework.test import APIClient

from decisions import models, store
from teams import flows
from teams.models import Account, Team
from tests.conftest import bring, person

from .story import Ask, Brief, Json, Story

Clients = Mapping[str, Any]
"""Everybody's browser, by the name under which stories know them."""
Overheard = dict[str, list[bytes]]
"""Who → every answer that they got, head and body."""


@pytest.fixture
def nia(db: None) -> Account:
    """Comes to the team later."""
    return person("Nia Novak")


@pytest.fixture
def cast(
    team: Team, fay: Account, pia: Account, max_: Account, obi: Account, eve: Account, nia: Account
) -> dict[str, Account]:
    """Everybody by the name under which stories know them; Eve and Nia are outside the team."""
    return {"fay": fay, "pia": pia, "max": max_, "obi": obi, "eve": eve, "nia": nia}


@pytest.fixture
def circle(cast: dict[str, Account], browser: Callable[[Account], APIClient]) -> dict[str, APIClient]:
    """A signed-in browser for each of the cast."""
    return {name: browser(who) for name, who in cast.items()}


@pytest.fixture
def overheard() -> Overheard:
    return defaultdict(list)


def asking(clients: Clients, overheard: Overheard) -> Ask:
    """The door of the test client, with everything that comes out of it written down."""

    def ask(who: str, method: str, path: str, body: Json) -> tuple[int, Json]:
        data = b"" if body is None else json.dumps(body)
        answer = clients[who].generic(method, f"/api/v1/{path}", data=data, content_type="application/json")
        overheard[who].append(repr(sorted(answer.headers.items())).encode() + answer.content)
        return answer.status_code, answer.json() if answer.content else None

    return ask


@pytest.fixture
def story(team: Team, circle: Clients, cast: dict[str, Account], overheard: Overheard) -> Iterator[Story]:
    people = {name: cast[name].pk for name in ("fay", "pia", "max")}
    yield Story(asking(circle, overheard), team.slug, people)
    assert_sound()


@pytest.fixture
def fresh(story: Story, overheard: Overheard) -> Callable[[str], Story]:
    """One more proposal of the same circle, played until a step."""

    def play(until: str) -> Story:
        overheard.clear()  # of a thousand stories there would be too much to keep
        return Brief(story.ask, story.team, story.people).play(until=until)

    return play


@pytest.fixture
def meeting(story: Story, team: Team, fay: Account, nia: Account) -> Story:
    """Pia's proposal is open to four; Max, Fay and Pia have joined the room in this order, Nia is on a train."""
    bring(team, fay, nia)
    story.people = {**story.people, "nia": nia.pk}
    story.play(until="open")
    story.does("fay", "POST", f"proposals/{story.id}/room/", {"on": story.round})
    for who in ("max", "fay", "pia"):
        story.does(who, "POST", f"proposals/{story.id}/room/join/", {})
    return story


@pytest.fixture
def elsewhere(eve: Account, browser: Callable[[Account], APIClient]) -> Story:
    """A story of three others in a team of their own."""
    yan, zoe = person("Yan Yilmaz"), person("Zoe Zimmer")
    team = flows.found_team(eve, "Quarry", "Stone by stone.", {"facilitator": eve.pk})
    bring(team, eve, yan)
    bring(team, eve, zoe)
    clients = {"fay": browser(eve), "pia": browser(yan), "max": browser(zoe)}
    return Story(asking(clients, defaultdict(list)), team.slug, {"fay": eve.pk, "pia": yan.pk, "max": zoe.pk})


def assert_sound() -> None:
    """Every chain verifies, and every journal replayed gives the rows."""
    for row in models.Proposal.objects.exclude(seq=0):
        assert store.faults(row) == []
