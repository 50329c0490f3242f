"""Open sockets of those who lose a right: closed within five seconds, and not before they have to be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from teams import flows
from teams.models import Account
from tests.live.served import Live

from .meeting import acts, met
from .sockets import closed_after, frames_until, in_a_thread, listening, played
from .world import World, brought_to, browser

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 5.0
AUTH = "/_allauth/browser/v1/"


def sign_out(world: World) -> None:
    assert world.clients["participant"].delete(f"{AUTH}auth/session").status_code == 401


def change_password(world: World) -> None:
    world.people["author"].set_password("another-long-password")
    world.people["author"].save(update_fields=["password"])


def revoke(world: World) -> None:
    world.does("participant_too", "DELETE", f"me/tokens/{world.names['token']}/")


def suspend(world: World) -> None:
    Account.objects.filter(pk=world.people["objector"].pk).update(is_active=False)


def leave(world: World) -> None:
    flows.leave(world.people["facilitator"], world.team)


def remove(world: World) -> None:
    """Somebody who had no part in the decision: whoever had one keeps it."""
    flows.remove(world.people["steward"], world.team, world.people["observer"].pk)


LOSSES: list[tuple[str, Callable[[World], None], int]] = [
    ("participant", sign_out, 4401),
    ("author", change_password, 4401),
    ("token", revoke, 4401),
    ("objector", suspend, 4401),
    ("facilitator", leave, 4403),
    ("observer", remove, 4403),
]
# Topic → who goes on hearing of it, and the next thing that happens. Removal does not reach into a decision that is
# open: who was removed goes on hearing of it; but not of a meeting.
STAY: dict[str, tuple[tuple[str, ...], Callable[[World], Any]]] = {
    "proposal:{id}": (
        ("steward", "removed"),
        lambda world: world.in_round("steward", "POST", "questions/", {"text": "And now?"}),
    ),
    "meeting:{meeting}": (("steward",), lambda world: acts(world, "steward", "join")),
}


@pytest.mark.parametrize("named", STAY)
def test_who_loses_a_right_loses_the_open_socket_within_five_seconds_and_nobody_else_does(named: str) -> None:
    world = met("check_in")
    world.clients["participant_too"] = browser(world.people["participant"])
    topic = named.format(**world.names)
    staying, goes_on = STAY[named]

    async def play(live: Live) -> dict[str, tuple[int, float]]:
        sockets = {role: await listening(live, world.clients[role], "me", topic) for role, _, _ in LOSSES}
        stays = {role: await listening(live, world.clients[role], topic) for role in staying}
        since = {}
        for role, loses, _ in LOSSES:
            await in_a_thread(lambda loses=loses: loses(world))  # type: ignore[misc]
            since[role] = time.monotonic()
        waits = [closed_after(socket, since[role]) for role, socket in sockets.items()]
        lost = dict(zip(sockets, await asyncio.gather(*waits), strict=True))
        done = await in_a_thread(lambda: goes_on(world))
        for socket in stays.values():
            assert (await frames_until(socket, done["seq"]))[-1]
        return lost

    lost = played(play)
    for role, loses, code in LOSSES:
        assert lost[role][0] == code, (role, loses.__name__)
        assert lost[role][1] < SECONDS, (role, loses.__name__)


def test_who_was_removed_hears_how_an_open_decision_ends_and_nothing_after_that() -> None:
    world = brought_to("tuning")
    topic = f"proposal:{world.names['id']}"

    async def play(live: Live) -> tuple[int, float]:
        socket = await listening(live, world.clients["removed"], topic)
        done = await in_a_thread(lambda: world.on_it("author", "withdraw/"))
        since = time.monotonic()
        assert '"withdrawn"' in (await frames_until(socket, done["seq"]))[-1]
        return await closed_after(socket, since)

    code, seconds = played(play)
    assert code == 4403
    assert seconds < SECONDS


def test_who_was_removed_is_out_of_what_has_ended_at_once() -> None:
    world = brought_to("adopted")
    topic = f"proposal:{world.names['id']}"

    async def play(live: Live) -> tuple[int, float]:
        socket = await listening(live, world.clients["participant"], topic)
        people = world.people
        await in_a_thread(lambda: flows.remove(people["steward"], world.team, people["participant"].pk))
        return await closed_after(socket, time.monotonic())

    code, seconds = played(play)
    assert code == 4403
    assert seconds < SECONDS


def test_who_was_removed_is_out_of_a_meeting_at_once_though_it_is_at_a_decision_that_stays_theirs() -> None:
    world = met("at_item")
    topic, decision = f"meeting:{world.names['meeting']}", f"proposal:{world.names['id']}"

    async def play(live: Live) -> tuple[int, float]:
        socket = await listening(live, world.clients["participant"], topic)
        people = world.people
        await in_a_thread(lambda: flows.remove(people["steward"], world.team, people["participant"].pk))
        lost = await closed_after(socket, time.monotonic())
        again = await listening(live, world.clients["participant"], decision)
        assert (await again.subscribe(topic))["code"] == "not_found"
        return lost

    code, seconds = played(play)
    assert code == 4403
    assert seconds < SECONDS


def test_nobody_subscribes_to_what_they_may_not_see() -> None:
    world = met("planned")
    draft = world.does("author", "POST", f"teams/{world.team.slug}/proposals/", {"title": "T", "body": "B"})["id"]
    proposals = [f"proposal:{world.names['id']}", f"proposal:{draft}", "proposal:0123456789abcdef"]
    topics = [*proposals, f"meeting:{world.names['meeting']}", "meeting:0123456789abcdef"]

    async def play(live: Live) -> dict[str, list[Any]]:
        told: dict[str, list[Any]] = {}
        for role in ("observer", "removed", "left", "outsider", "administrator"):
            socket = await live.open(headers=_door(live, world.clients[role]))
            answers = [await socket.subscribe(topic, 0) for topic in topics]
            told[role] = [{**one, "topic": ""} if one["type"] == "error" else one["type"] for one in answers]
        return told

    told = played(play)
    unknown = told["observer"][2]
    assert unknown["code"] == "not_found"
    assert told.pop("observer") == ["subscribed", unknown, unknown, "subscribed", unknown]
    assert told.pop("removed") == ["subscribed", *[unknown] * 4]
    assert set(map(str, told.values())) == {str([unknown] * 5)}


def _door(live: Live, client: APIClient) -> dict[str, str]:
    return {"Origin": live.origin, "Cookie": client.cookies.output(attrs=[], header="", sep=";").strip()}


COMMANDS: list[dict[str, Any]] = [
    {"type": "respond", "kind": "consent"},
    {"type": "command", "command": "respond", "kind": "consent"},
    {"type": "subscribe", "command": "withdraw", "kind": "consent"},
    {"type": "event", "event": "consented", "by": "somebody"},
    {"type": "presence", "online": []},
]


def test_a_socket_takes_no_command_whatever_it_says() -> None:
    world = brought_to("consent")
    topic = f"proposal:{world.names['id']}"
    before = world.snapshot

    async def play(live: Live) -> None:
        socket = await listening(live, world.clients["participant"], topic)
        for said in COMMANDS:
            await socket.say(**{"topic": topic, "proposal": world.names["id"], **said})
        assert (await socket.subscribe(topic))["seq"] == before["seq"]

    played(play)
    assert world.snapshot == before
