"""A value that is replaced is what `dataclasses.replace` makes of it."""

from __future__ import annotations

import dataclasses

import pytest

from decisions.process.replacing import replace
from decisions.process.state import Phase
from tests.process.story import Story


def test_only_the_named_fields_become_others() -> None:
    state = Story().to_consent().state
    assert replace(state, seq=7, phase=Phase.TUNING) == dataclasses.replace(state, seq=7, phase=Phase.TUNING)
    assert replace(state) == state
    assert replace(state).participants is state.participants


def test_a_field_that_there_is_not_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(TypeError, match="votes"):
        replace(Story().state, votes=3)
