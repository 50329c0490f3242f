"""Walks in the room: each small, and about a part of section 6. Who is present at first has joined before the walk."""

from __future__ import annotations

from typing import Any

from decisions.process import commands as c
from decisions.process.state import Policy

from .story import FAY, MAX, OBI, PIA
from .walk import Setup, meeting

SMALL: dict[str, Any] = {"restating": False, "concerns": False, "withdrawing": False}
SMALLER: dict[str, Any] = {**SMALL, "revising": False, "questions": 0}

MEETINGS = (
    Setup(
        "all three present, the turn moves on and is given",
        first=meeting(FAY, PIA, MAX),
        room=frozenset({c.Later, c.GiveTurn, c.Next}),
        **SMALLER | {"questions": 1, "objecting": False},
    ),
    Setup(
        "all three present, with objections",
        first=meeting(FAY, PIA, MAX),
        room=frozenset({c.Later, c.Next}),
        **SMALLER,
    ),
    Setup(
        "all three present, over revisions",
        first=meeting(FAY, PIA, MAX),
        room=frozenset({c.Next}),
        **SMALLER | {"revising": True, "objecting": False},
    ),
    Setup(
        "one comes and goes or is led out, who is elsewhere answers",
        first=meeting(FAY, MAX),
        room=frozenset({c.Join, c.Leave, c.LeadOut, c.Next}),
        moving=(MAX,),
        **SMALLER | {"objecting": False},
    ),
    Setup(
        "two come and go, the author one of them",
        first=meeting(FAY, MAX),
        room=frozenset({c.Join, c.Leave, c.Next}),
        moving=(PIA, MAX),
        **SMALLER | {"objecting": False},
    ),
    Setup(
        "somebody leaves the circle out of the room",
        first=meeting(FAY, PIA, MAX),
        leaving=(MAX,),
        room=frozenset({c.Join, c.Next}),
        **SMALLER | {"objecting": False},
    ),
    Setup(
        "time-outs, with somebody elsewhere",
        first=meeting(FAY, MAX),
        room=frozenset({c.Pause, c.Resume, c.Next}),
        **SMALLER,
    ),
    Setup(
        "the chair changes hands",
        first=meeting(FAY, PIA),
        room=frozenset({c.Next, c.HandOver, c.AcceptChair, c.TakeChair}),
        **SMALLER | {"objecting": False},
    ),
    Setup(
        "an observer facilitates the room",
        facilitator=OBI,
        people=(FAY, PIA, MAX, OBI),
        first=meeting(PIA, MAX, by=OBI),
        room=frozenset({c.Next, c.TakeChair, c.CloseRoom}),
        **SMALLER,
    ),
    Setup(
        "sealed in the room",
        policy=Policy(),
        first=meeting(FAY, PIA),
        room=frozenset({c.Next, c.Join, c.Leave}),
        moving=(MAX,),
        **SMALLER,
    ),
)

IN_A_ROOM = Setup(
    "two in a room, a third is offered the chair",
    first=meeting(FAY, MAX),
    room=frozenset({c.Pause, c.HandOver, c.Next}),
    **SMALLER | {"objecting": False},
)
"""In which every command of the room can be given, once at least."""
