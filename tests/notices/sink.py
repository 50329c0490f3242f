"""A mail server of the test's own: it keeps what it takes, and is as awkward as the test wants."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)  # the library tells every line that is spoken

PATIENCE = 20.0
TAKEN = "250 taken"


@dataclass(frozen=True)
class Received:
    """What was taken, for whom; said to be taken or not."""

    address: str
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


class Sink:
    """`answers` are given to the next mails, one each; when none are left every mail is taken.

    An answer is what the server says, or `dies` (it takes the mail and is gone without a word), or `stalls`.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.received: list[Received] = []
        self.answers: list[str] = []
        self.unknown: set[str] = set()
        self.on_recipient: Callable[[], None] = lambda: None
        self.on_data: Callable[[], None] = lambda: None
        self.connections = 0
        self._news = threading.Condition()
        self._let_go: Callable[[], object] = lambda: None

    def of(self, address: str) -> list[Received]:
        return [one for one in self.received if one.address == address]

    def counts(self) -> Counter[str]:
        return Counter(one.address for one in self.received)

    def wait_for(self, number: int) -> None:
        with self._news:
            came = self._news.wait_for(lambda: len(self.received) >= number, PATIENCE)
        assert came, f"{len(self.received)} mails came, not {number}"

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.on_recipient()
        if address in self.unknown:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer == "stalls":
            await self._stall()
            answer = TAKEN
        if answer in (TAKEN, "dies"):
            self._keep(Received(envelope.rcpt_tos[0], envelope.content))
        if answer == "dies":
            server.transport.abort()
        self.on_data()
        return answer

    def _keep(self, received: Received) -> None:
        with self._news:
            self.received.append(received)
            self._news.notify_all()

    async def _stall(self) -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        self._let_go = lambda: loop.call_soon_threadsafe(over.set)
        await over.wait()

    def let_go(self) -> None:
        """From any thread: whoever is stalled now is answered."""
        self._let_go()


@contextmanager
def running() -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        sink.let_go()
        controller.stop()
