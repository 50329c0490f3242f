"""A meeting of the circle, brought to each of its phases: what the matrix of meetings is walked over."""

from __future__ import annotations

from .world import Json, World, depart, found, opened

PHASES = ("planned", "check_in", "agenda", "items", "at_item", "ended")
THERE = ("facilitator", "participant", "objector")


def met(phase: str) -> World:
    """The meeting in this phase, on one open decision; and then the departures."""
    world = opened(found())
    plan(world)
    for step in STEPS[: PHASES.index(phase)]:
        step(world)
    depart(world)
    return world


def plan(world: World, by: str = "facilitator") -> None:
    agenda = [{"proposal": world.names["id"]}]
    body = {"title": "Monday", "starts_at": world.names["later"], "agenda": agenda}
    world.names["meeting"] = world.does(by, "POST", f"teams/{world.names['slug']}/meetings/", body)["meeting"]
    world.names["item"] = next(iter(world.does(by, "GET", f"meetings/{world.names['meeting']}/")["agenda"]))


def acts(world: World, role: str, command: str, **body: str) -> Json:
    return world.does(role, "POST", f"meetings/{world.names['meeting']}/{command}/", body)


def _open(world: World) -> None:
    acts(world, "facilitator", "open")
    for role in THERE[1:]:
        acts(world, role, "join")


def _speak(world: World) -> None:
    for role in THERE:
        acts(world, role, "speak")
    acts(world, "facilitator", "next")


def _agree(world: World) -> None:
    for role in THERE:
        acts(world, role, "agree")


def _begin(world: World) -> None:
    acts(world, "facilitator", "begin", item=world.names["item"])


def _end(world: World) -> None:
    acts(world, "facilitator", "end-item")
    acts(world, "facilitator", "end")


STEPS = [_open, _speak, _agree, _begin, _end]
