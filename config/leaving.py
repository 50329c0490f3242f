"""How a process leaves others in its place: it says so, lets its sockets go a few at a time, and waits until nobody has
anything to send to it any more.

Only behind a proxy, which knows another process: with nobody to go to, waiting would help nobody.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

SPREAD = 2.0  # seconds over which the sockets are let go, so that they do not all come to the others at once
SLICES = 40
# nginx keeps an idle connection for less (deploy/nginx.conf), and so is the one to close it: a command that it sends on
# a connection just being closed from here would be lost, and nginx may not send it twice.
QUIET = 5.0  # seconds
NAP = 0.05

Connections = Callable[[], Collection[Any]]


class Leaving:
    """`begun`: this process is on its way out. It still answers, and asks to be left after each answer."""

    def __init__(self) -> None:
        self.begun = False

    def begin(self) -> None:
        self.begun = True

    async def see_off(self, connections: Connections, hurried: Callable[[], bool]) -> None:
        """Until only those are left who did not go within QUIET seconds, or there is no time for that."""
        limit = time.monotonic() + QUIET
        await self._let_go([one for one in connections() if is_socket(one)], hurried)
        while connections() and time.monotonic() < limit and not hurried():
            await asyncio.sleep(NAP)

    async def _let_go(self, sockets: list[Any], hurried: Callable[[], bool]) -> None:
        for first in range(SLICES):
            for one in sockets[first::SLICES]:
                one.shutdown()
            if hurried() or len(sockets) <= first:
                return
            await asyncio.sleep(SPREAD / SLICES)


def is_socket(connection: Any) -> bool:
    return isinstance(connection, WebSocketsSansIOProtocol)


leaving = Leaving()
