"""Every state that three voices can reach with a room open, with every command by everybody tried in it."""

from __future__ import annotations

import pytest

from .meetings import MEETINGS
from .test_walk import everything_holds
from .walk import Setup, walk


@pytest.mark.timeout(400)
@pytest.mark.parametrize("setup", MEETINGS, ids=lambda setup: setup.name)
def test_no_state_of_a_room_breaks_a_rule(setup: Setup) -> None:
    seen = walk(setup, everything_holds)
    print(f"{setup.name}: {seen.states} states, {seen.transitions} transitions, {seen.refused} refusals")
    assert seen.states > 100
    assert {"adopted", "returned", "round_closed"} <= set(seen.entries)
