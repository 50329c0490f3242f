"""What is asked of one state several times is worked out once, and of another state anew."""

from __future__ import annotations

from dataclasses import replace

from decisions.process import once as module
from decisions.process.once import once
from decisions.process.state import Proposal

from .story import Story


def test_a_state_is_looked_at_once_and_another_of_the_same_proposal_anew() -> None:
    looked: list[int] = []

    @once
    def number(state: Proposal) -> int:
        looked.append(state.seq)
        return state.seq

    state = Story().to_consent().state
    later = replace(state, seq=state.seq + 1)
    assert [number(state), number(state), number(later), number(later)] == [state.seq, state.seq, later.seq, later.seq]
    assert looked == [state.seq, later.seq]
    assert number(state) == state.seq


def test_two_proposals_are_remembered_beside_each_other() -> None:
    looked: list[str] = []

    @once
    def name(state: Proposal) -> str:
        looked.append(state.id)
        return state.id

    one, other = Story().state, replace(Story().state, id="another")
    assert [name(one), name(other), name(one), name(other)] == [one.id, other.id, one.id, other.id]
    assert looked == [one.id, other.id]


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    looked: list[str] = []

    @once
    def name(state: Proposal) -> str:
        looked.append(state.id)
        return state.id

    first = Story().state
    for number in range(module.KEPT + 1):
        name(replace(first, id=f"p{number}"))
    name(replace(first, id="p0"))
    assert looked.count("p0") == 2
