"""The shared picture, painted in two ways, for each step."""

from __future__ import annotations

import json
from copy import copy

from decisions.picture import Painter, difference
from decisions.process.once import once
from decisions.process.state import Proposal
from tests.merging import alike, merged

from .invariants import Step


def painter_for(state: Proposal) -> Painter:
    """A painter who knows everybody by name and has painted nothing."""
    painter = Painter(("team", "Team"))
    painter.names = {who: who.title() for who in (*state.participants, state.author, state.facilitator or "")}
    return painter


def shown(state: Proposal) -> str:
    """The picture as it goes out to everybody, in its very bytes."""
    return json.dumps(painter_for(state).paint(state))


@once
def painted(state: Proposal) -> Painter:
    """A painter who has painted this state and no other."""
    painter = painter_for(state)
    painter.paint(state)
    return painter


def whoever_hears_the_difference_sees_what_is_painted_from_nothing(step: Step) -> None:
    """The picture is painted on top of the one before, and the difference goes out. Put on the picture before, it
    makes the one that somebody gets who comes only now."""
    painter, anew = copy(painted(step.before)), painter_for(step.after)
    painter.names = anew.names
    before, after, from_nothing = painter.last, painter.paint(step.after), anew.paint(step.after)
    assert after == from_nothing
    assert alike(merged(before, difference(before, after)), after)
