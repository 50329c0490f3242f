"""Members decide in one room, over PostgreSQL, Redis and two servers, and are cut off again and again.

Or they keep a pace and nobody is cut off: many teams at once, each in its own room, or one room of many people.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import statistics
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from typing import Any

import uvloop

from bench.capacity import PACE, step
from bench.fanout import room_for
from bench.parts.judge import judged
from bench.parts.meeting import Meeting, Sent
from bench.parts.notes import note
from bench.parts.setups import MEMBERS, NAMES, setup
from bench.parts.side import Side, side
from tests.servers import postgres, redis
from tests.story.rondo import ROOT, Rondo, serving

EVERY = 12  # commands between two rests, in which the yardsticks are laid on
ONE_ROOM = 40  # members of the room in which everybody is cut off again and again
PACE_OF_TALK = 30.0  # seconds between two acts of one member, who listens meanwhile; the hard pace is capacity's PACE


@dataclass
class Stretch:
    """Some commands in a row, and what the yardsticks took for the same texts right after them, in seconds."""

    sent: list[Sent]
    bare: list[float]
    relayed: list[float]


class Yardsticks:
    """The bare library in one process, and in two with Redis between them."""

    def __init__(self, bare: Side, relayed: Sequence[Side]) -> None:
        self._bare = bare
        self._relayed = relayed

    async def gather(self, sockets: int) -> None:
        await self._bare.crowd.gather(sockets, [], [])
        for number, one in enumerate(self._relayed):
            await one.crowd.gather(sockets // 2 + (sockets % 2 and number), [], [])

    async def lay_on(self, texts: Sequence[str]) -> tuple[list[float], list[float]]:
        bare, relayed = [], []
        for number, text in enumerate(texts):
            bare.append(await self._one(self._bare, [self._bare], text))
            relayed.append(await self._one(self._relayed[number % 2], self._relayed, text))
        return bare, relayed

    async def _one(self, publisher: Side, sides: Sequence[Side], text: str) -> float:
        await publisher.tell("sample", text)
        for one in sides:
            one.crowd.expect(1)
        (published,) = await publisher.tell("publish")
        await asyncio.gather(*(one.crowd.until_all_heard(0, 30) for one in sides))
        return max(one.crowd.last[0] for one in sides) - float(published)


def main() -> int:
    """1 where something was lost, doubled, refused for want of room or told otherwise than it was recorded."""
    asked = arguments()
    return paced(asked) if asked.teams > 1 or asked.pace else one(asked)


def paced(asked: argparse.Namespace) -> int:
    asked.members = asked.members or (MEMBERS if asked.teams > 1 else ONE_ROOM)
    asked.pace = asked.pace or PACE_OF_TALK
    room_for(20_000)
    try:
        told = uvloop.run(at_once(asked))
    except RuntimeError as missing:
        print(missing, file=sys.stderr)
        return 2
    which = {"setup": asked.setup, "teams": asked.teams, "members": asked.members, "pace_s": asked.pace}
    note({"bench": "meeting", **which, "seconds": asked.seconds, **told, "fsync": "on"})
    return 1 if told["errors"] or told["missing"] else 0


async def at_once(asked: argparse.Namespace) -> dict[str, Any]:
    async with setup(asked.setup) as there:
        await there.settle(asked.teams, asked.members)
        told = await step(there, asked.teams, asked, asked.pace)
    spread = {f"{name}_{which}": ms for name in ("answer_ms", "push_ms") for which, ms in (told[name] or {}).items()}
    plain = (
        "commands_per_s",
        "adopted",
        "refused",
        "errors",
        "missing",
        "processes_busy",
        "database_busy",
        "redis_busy",
    )
    return spread | {name: told[name] for name in plain}


def one(asked: argparse.Namespace) -> int:
    asked.members = asked.members or ONE_ROOM
    with ExitStack() as stack:
        try:
            there = {"DATABASE_URL": stack.enter_context(postgres()), "REDIS_URL": stack.enter_context(redis())}
        except RuntimeError as missing:
            print(missing, file=sys.stderr)
            return 2
        rondo = stack.enter_context(serving(2, there))
        figures = uvloop.run(measured(asked, rondo, there["REDIS_URL"]))
        figures["complaints"] = len(rondo.complaints().splitlines())
        rondo.manage("verify_journal")
    note(figures)
    wrong = [name for name in JUDGED if figures[name]]
    if wrong:
        print("This has to be 0: " + ", ".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


JUDGED = ("gaps", "unequal_models", "unequal_browser_models", "unheard", "false_journals", "surprises", "complaints")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench meeting", description=__doc__)
    told = f"of each room: {ONE_ROOM} where there is one, {MEMBERS} where there are many"
    parser.add_argument("--members", type=int, help=told)
    told = "at once, at a pace, and nobody is cut off; so it is with one room that has a --pace"
    parser.add_argument("--teams", type=int, default=1, help=told)
    parser.add_argument("--setup", choices=NAMES, default="redis", help="in which they meet at a pace")
    parser.add_argument("--seconds", type=float, default=60.0, help="that they are measured at a pace")
    told = f"seconds between two acts of one member; {PACE:g} is the hard pace of capacity, {PACE_OF_TALK:g} usual"
    parser.add_argument("--pace", type=float, help=told)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


async def measured(asked: argparse.Namespace, rondo: Rondo, redis_url: str) -> dict[str, Any]:
    team = circle(rondo, asked.members)
    meeting = Meeting(rondo.ports, team["people"], team["team"], asked.seed)
    stretches: list[Stretch] = []
    async with AsyncExitStack() as stack:
        relayed = [await stack.enter_async_context(side("relayed", 0, redis_url)) for _ in range(2)]
        yardsticks = Yardsticks(await stack.enter_async_context(side("bare")), relayed)
        await yardsticks.gather(asked.members)
        await meeting.gather()

        async def between() -> None:
            done = sum(len(stretch.sent) for stretch in stretches)
            sent = meeting.sent[done:]
            stretches.append(Stretch(sent, *await yardsticks.lay_on([meeting.text_of(one.seq) for one in sent])))

        await meeting.play(between, EVERY)
    told = figures(asked, meeting, stretches) | await judged(meeting)
    await meeting.end()
    return told


def circle(rondo: Rondo, members: int) -> Any:
    return circles(rondo, members, 1)[0]


def circles(rondo: Rondo, members: int, count: int) -> list[Any]:
    command = [sys.executable, "-m", "bench.parts.newcomers", str(members), str(count)]
    made = subprocess.run(command, cwd=ROOT, env=rondo.env, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return [json.loads(line) for line in made.stdout.splitlines()]


def figures(asked: argparse.Namespace, meeting: Meeting, stretches: Sequence[Stretch]) -> dict[str, Any]:
    turns = [one for one in meeting.sent if one.by_turns]
    at_once = [one for one in meeting.sent if not one.by_turns]
    screens = [seat.screen for seat in meeting.seats]
    return {
        "bench": "meeting",
        "members": asked.members,
        "fsync": "off",
        "commands": len(meeting.sent),
        "commands_per_s": round(len(meeting.sent) / meeting.played, 1),
        **milliseconds("turn", [meeting.last_screen(one) for one in turns]),
        **milliseconds("answer", [one.answered - one.at for one in turns]),
        **milliseconds("at_once", [meeting.last_screen(one) for one in at_once]),
        **milliseconds("websockets", [taken for stretch in stretches for taken in stretch.bare]),
        **milliseconds("websockets_over_redis", [taken for stretch in stretches for taken in stretch.relayed]),
        "ratio_to_websockets": ratio(meeting, stretches, "bare"),
        "ratio_to_websockets_over_redis": ratio(meeting, stretches, "relayed"),
        "cuts": sum(screen.cuts for screen in screens),
        "reconnects": sum(screen.comings - 1 for screen in screens),
        "lost_on_purpose": sum(screen.lost for screen in screens),
        "asked_again": sum(screen.asked_again for screen in screens),
        "entries_asked_again": sum(screen.re_asked for screen in screens),
        "repeated": meeting.repeated,
        "connections_that_broke": meeting.insisted,
        "refused": dict(meeting.refused),
    }


def milliseconds(name: str, seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    at = {"p50": len(ordered) // 2, "p95": len(ordered) * 95 // 100, "p99": len(ordered) * 99 // 100}
    return {f"{name}_ms_{which}": round(ordered[place] * 1000, 1) for which, place in at.items() if ordered}


def ratio(meeting: Meeting, stretches: Sequence[Stretch], yardstick: str) -> float:
    """The median over stretches; within a stretch both had the same machine."""
    ratios: list[float] = [
        statistics.median(meeting.last_screen(one) for one in stretch.sent) / statistics.median(taken)
        for stretch in stretches
        if (taken := getattr(stretch, yardstick)) and all(one.by_turns for one in stretch.sent)
    ]
    return round(statistics.median(ratios), 2)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whoever ends it ends its servers too
    sys.exit(main())
