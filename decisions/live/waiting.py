"""What waits for whom: read again when it may have changed, told when it has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from time import monotonic

from decisions.live.hub import OF_ONE, Hub
from decisions.live.journal import Rights

log = logging.getLogger("rondo.live")

GATHER = 0.05  # seconds in which changes are gathered into one reading, which costs for many hardly more than for one
EASE = 19  # times that a reading took: where there is much to do, a twentieth of the time goes into it
LONGEST = 0.5  # seconds that somebody waits for it


def gathering(took: float) -> float:
    """How many seconds to gather for after a reading that took so many."""
    return min(LONGEST, max(GATHER, EASE * took))


class Waiting:
    """The `me` topic of everybody connected here."""

    def __init__(self, rights: Rights, hub: Hub) -> None:
        self._rights = rights
        self._hub = hub
        self._told: dict[str, bytes] = {}
        self._stale: set[str] = set()
        self.telling: asyncio.Task[None] | None = None
        """What reads and tells, while there is something to tell."""
        self._took = 0.0

    def listeners(self) -> set[str]:
        return {name.removeprefix(OF_ONE) for name in self._hub.topics if name.startswith(OF_ONE)}

    def changed(self, accounts: Collection[str]) -> None:
        """Only those who listen here are read again."""
        concerned = {account for account in accounts if OF_ONE + account in self._hub.topics}
        if not concerned:
            return
        self._stale |= concerned
        if self.telling is None or self.telling.done():
            self.telling = asyncio.get_running_loop().create_task(self._tell_soon())

    async def first(self, account: str) -> bytes:
        """For somebody who has just begun to listen; their other sockets hear it too if it is news."""
        text = await self._rights.waiting(account)
        if self._told.get(account, text) != text:
            self._hub.tell(OF_ONE + account, text)
        self._told[account] = text
        return text

    async def sweep(self) -> None:
        """Everybody, in case a word was lost."""
        listeners = self.listeners()
        self._told = {account: text for account, text in self._told.items() if account in listeners}
        self.changed(listeners)

    async def _tell_soon(self) -> None:
        while self._stale:
            await asyncio.sleep(gathering(self._took))
            (stale, self._stale), began = (self._stale, set()), monotonic()
            await asyncio.gather(*(self._tell(account) for account in stale))
            self._took = monotonic() - began

    async def _tell(self, account: str) -> None:
        try:
            text = await self._rights.waiting(account)
        except Exception:  # the sweep comes round again
            log.exception("Could not read what waits for somebody.")
            return
        if self._told.get(account) != text:
            self._told[account] = text
            self._hub.tell(OF_ONE + account, text)
