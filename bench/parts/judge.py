"""What is true after a meeting: no screen has a gap or shows something else, and nobody was left unheard."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.parts.meeting import Meeting, Seat
from tests.merging import without_nulls

Json = Any
ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
HEARD_BY = {
    "clarifying": ("cleared",),
    "reaction": ("reacted", "passed"),
    "consent": ("consented", "concern_raised", "objection_raised", "responded"),
}


async def judged(meeting: Meeting) -> dict[str, int]:
    """Each of these has to be 0."""
    journal = await meeting.journal()
    return {
        "gaps": sum(gaps(seat, journal) for seat in meeting.seats),
        "unequal_models": await unequal(meeting),
        "unequal_browser_models": await unequal_in_browsers(meeting),
        "unheard": len(unheard(journal)),
        "false_journals": int(not verified(await meeting.exported())),
        "surprises": len(meeting.surprises),
    }


def gaps(seat: Seat, journal: Sequence[Json]) -> int:
    """Entries that never were on this screen."""
    return len({entry["seq"] for entry in journal if entry["seq"] > seat.screen.first["seq"]} - seat.screen.at.keys())


async def unequal(meeting: Meeting) -> int:
    """Screens that show something else than the server tells that very person."""
    shown = [seat.screen.model for seat in meeting.seats]
    return sum(without_nulls(model) != told for model, told in zip(shown, await told_to_all(meeting), strict=True))


async def unequal_in_browsers(meeting: Meeting) -> int:
    """The same for the page's own code, fed with what each socket said, in the order in which it came."""
    screens = [{"first": seat.screen.first, "heard": seat.screen.heard} for seat in meeting.seats]
    heard = json.dumps({"texts": meeting.texts.all, "screens": screens})
    command = ["node", "tools/replay.js"]
    ended = subprocess.run(command, cwd=FRONTEND, input=heard, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    shown = json.loads(ended.stdout)
    return sum(without_nulls(model) != told for model, told in zip(shown, await told_to_all(meeting), strict=True))


async def told_to_all(meeting: Meeting) -> list[Json]:
    return [without_nulls(await meeting.snapshot(seat.url, seat.headers)) for seat in meeting.seats]


def unheard(journal: Iterable[Json]) -> list[tuple[str, str]]:
    """(round, person): who had a voice in a round that closed, and gave nothing in it. Counted from the journal."""
    voices: set[str] = set()
    author, kinds, given, closed = "", {}, set(), []
    for entry in journal:
        data = entry["data"]
        if entry["event"] == "opened":
            voices, author = set(data["participants"]), entry["by"]
        elif entry["event"] == "round_opened":
            kinds[data["round"]] = data["kind"]
            given |= {(data["round"], who) for who in data["passes"].values()}
        elif entry["event"] == "round_closed":
            closed.append(data["round"])
        elif any(entry["event"] in events for events in HEARD_BY.values()):
            given.add((data["round"], entry["by"]))
    asked = [(round, who) for round in closed for who in voices if kinds[round] != "clarifying" or who != author]
    return [one for one in asked if one not in given]


def verified(exported: Json) -> bool:
    """By the verifier that needs nothing of Rondo."""
    verifier = [sys.executable, "-I", str(ROOT / "tools" / "verify_journal.py")]
    ended = subprocess.run(verifier, input=json.dumps(exported), capture_output=True, text=True, check=False)
    return ended.returncode == 0
