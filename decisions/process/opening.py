"""How a round opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from .events import RoundOpened
from .state import Kind, Proposal

Fresh = Callable[[], str]
"""Gives a new id at each call; the same ids for the same command."""


def opening(
    state: Proposal,
    kind: Kind,
    at: datetime,
    by: str | None,
    fresh: Fresh,
    *,
    due: datetime | None = None,
    sealed: bool = False,
    revision: int | None = None,
    passes: dict[str, str] | None = None,
) -> RoundOpened:
    """The event that opens a round on the current revision, or on the one that is just being made."""
    return RoundOpened(
        at=at,
        by=by,
        round=fresh(),
        kind=kind,
        revision=revision or state.revision,
        sealed=sealed,
        due_at=due or at + timedelta(days=state.policy.due_days),
        passes=passes or {},
    )


def next_round(state: Proposal, kind: Kind, at: datetime, by: str | None, fresh: Fresh) -> RoundOpened:
    """The round that follows by itself; who said *nothing to add* has their pass in it."""
    assert state.round is not None
    ahead = [who for who, nothing_to_add in state.round.cleared.items() if nothing_to_add]
    passes = {fresh(): who for who in ahead if not state.participants[who].left}
    return opening(state, kind, at, by, fresh, passes=passes)
