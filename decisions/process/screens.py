"""Links that show a decision on a screen: who may make and close one, and what that brings about.

That such a link was made is an entry like any other, because it lets others look on, and everybody shall see who did.
How long a link lasts is judged at the door, when somebody comes with it; here it only makes room for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import commands as c
from . import events as e
from .limits import MOST_SCREENS
from .opening import Fresh
from .refusals import Refusal
from .replacing import replace
from .standing import Standing
from .state import Proposal, Screen

# ── guards ───────────────────────────────────────────────────────────────────────────────────────────────────


def participant_or_facilitator(s: Standing) -> str | None:
    """a participant or the facilitator"""
    return None if s.voice or s.facilitator else "not_a_participant"


def a_screen_to_close(s: Standing) -> str | None:
    """a link that they may close"""
    return None if s.showing else "no_screen"


def its_maker(state: Proposal, command: c.CloseScreen) -> Refusal | None:
    """who made the link, or the facilitator"""
    screen = state.screens.get(command.screen)
    if screen is None:
        return Refusal("no_screen")
    return None if command.by in (screen.by, state.facilitator) else Refusal("only_its_maker")


def few_screens(state: Proposal, command: c.OpenScreen) -> Refusal | None:
    """fewer than five links whose day is not over"""
    lasting = [screen for screen in state.screens.values() if screen.until > command.at]
    return Refusal("too_many_screens") if len(lasting) >= MOST_SCREENS else None


# ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────


def open_screen(_state: Proposal, cmd: c.OpenScreen, _fresh: Fresh) -> list[e.Event]:
    return [e.ScreenOpened(at=cmd.at, by=cmd.by, screen=cmd.screen, digest=cmd.digest)]


def close_screen(_state: Proposal, cmd: c.CloseScreen, _fresh: Fresh) -> list[e.Event]:
    return [e.ScreenClosed(at=cmd.at, by=cmd.by, screen=cmd.screen)]


# ── what they make of the state ──────────────────────────────────────────────────────────────────────────────


def _opened(state: Proposal, event: e.ScreenOpened) -> Proposal:
    lasting = {id: screen for id, screen in state.screens.items() if screen.until > event.at}
    made = Screen(event.screen, e.giver(event), event.digest, event.at)
    return replace(state, screens={**lasting, made.id: made})


def _closed(state: Proposal, event: e.ScreenClosed) -> Proposal:
    return replace(state, screens={id: screen for id, screen in state.screens.items() if id != event.screen})


def without_screens_of(state: Proposal, who: str) -> Mapping[str, Screen]:
    """Whoever no longer sees the decision shows it to nobody."""
    others = {id: screen for id, screen in state.screens.items() if screen.by != who}
    return state.screens if len(others) == len(state.screens) else others


ON_SCREENS: Mapping[type[e.Event], Callable[[Proposal, Any], Proposal]] = {
    e.ScreenOpened: _opened,
    e.ScreenClosed: _closed,
}
