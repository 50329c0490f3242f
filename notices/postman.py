"""The postman: a thread in each server process that empties the outbox, at once after a commit and by looking."""

from __future__ import annotations

import asyncio
import logging
import threading
import time

from django.db import close_old_connections, connections

from conventions import idempotency
from conventions.ids import new_id
from notices import delivery
from notices.outbox import bell

EVERY = 1.0  # seconds: what other processes left, what is due again, and what a dead one had begun
CLEARED_EVERY = 3600.0  # seconds between two looks for mails and kept answers that have lain for long enough
PATIENCE = 3.0  # seconds for the mail that is just being sent when the server stops

log = logging.getLogger("rondo.mail")


class Postman(threading.Thread):
    """Started with the server and stopped with it."""

    def __init__(self) -> None:
        super().__init__(name="postman", daemon=True)
        self.worker = new_id()
        self._ended = threading.Event()
        self._clears_at = 0.0

    async def stop(self) -> None:
        """A mail server that does not answer holds nobody up: the lease runs out, and another process goes on."""
        self._ended.set()
        bell.set()
        await asyncio.to_thread(self.join, PATIENCE)

    def run(self) -> None:
        try:
            while not self._ended.is_set():
                self._look()
                bell.wait(EVERY)
                bell.clear()
        finally:
            connections.close_all()

    def _look(self) -> None:
        try:
            close_old_connections()
            delivery.deliver(self.worker, going_on=lambda: not self._ended.is_set())
            if time.monotonic() >= self._clears_at:
                self._clears_at = time.monotonic() + CLEARED_EVERY
                delivery.clear_old()
                idempotency.clear_old()
        except Exception:
            # The database is not there, or something that nobody foresaw. What was to be sent still is: the next look
            # finds it, and a postman that ended would be missed by nobody.
            log.exception("the postman could not look into the outbox")
