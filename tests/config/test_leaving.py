"""A process that leaves: its sockets go a few at a time, and it waits for whoever still has something to send."""

from __future__ import annotations

import asyncio

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from config import leaving as module
from config.leaving import SLICES, SPREAD, Leaving

pytestmark = pytest.mark.asyncio
Naps = list[float]


class Line:
    """A connection of nginx's, which it closes itself."""


class Socket(WebSocketsSansIOProtocol):
    def __init__(self, naps: Naps) -> None:
        self.naps, self.let_go_after = naps, -1

    def shutdown(self) -> None:
        self.let_go_after = len(self.naps)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> Naps:
    """How long was waited, each time; it takes no time here."""
    waited: Naps = []
    truly = asyncio.sleep

    async def nap(seconds: float) -> None:
        waited.append(seconds)
        await truly(0)

    monkeypatch.setattr(asyncio, "sleep", nap)
    return waited


async def test_sockets_are_let_go_evenly_over_two_seconds(naps: Naps) -> None:
    sockets = [Socket(naps) for _ in range(1000)]
    await Leaving()._let_go(sockets, lambda: False)
    after = [one.let_go_after for one in sockets]
    assert {after.count(nap) for nap in range(SLICES)} == {1000 // SLICES}
    assert sum(naps) == pytest.approx(SPREAD)


async def test_few_sockets_are_not_waited_for_as_long_as_many(naps: Naps) -> None:
    await Leaving()._let_go([Socket(naps) for _ in range(3)], lambda: False)
    assert sum(naps) < SPREAD / 4


async def test_it_waits_until_nginx_has_closed_its_idle_connections(naps: Naps) -> None:
    lines: list[object] = [Line(), Line()]

    def connections() -> list[object]:
        if len(naps) == 5:
            lines.clear()
        return lines

    await Leaving().see_off(connections, lambda: False)
    assert len(naps) >= 5


async def test_it_does_not_wait_for_ever_for_who_does_not_go(monkeypatch: pytest.MonkeyPatch, naps: Naps) -> None:
    monkeypatch.setattr(module, "QUIET", 0.05)
    await asyncio.wait_for(Leaving().see_off(lambda: [Line()], lambda: False), 10)


async def test_whoever_presses_a_second_time_is_not_kept(naps: Naps) -> None:
    sockets = [Socket(naps) for _ in range(1000)]
    await Leaving().see_off(lambda: sockets, lambda: True)
    assert naps == []
