"""What the live side asks of the rest: the entries of journals, and who may look. Filled in by `database`.

A topic is `kind:id`, such as `proposal:4f…`; whatever has a journal of its own can be one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

FAR = 500  # entries that a socket is sent; who is further behind fetches the snapshot

Entry = tuple[int, bytes]  # number, JSON text


class Credential(NamedTuple):
    """What somebody showed at the door: a session's key, a token, or that of a link to a screen (the last two kept,
    once let in, as their hash). A tuple, as its hash is asked for all sockets every few seconds."""

    session: str | None = None
    token: str | None = None
    screen: str | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """Looks on by a link, named by its hash: it sees the one thing that the link shows, and is nobody."""

    digest: str


Viewer = str | Screen
"""Who looks: somebody, by the id of their account, or a screen."""


class Visitor(NamedTuple):
    """Somebody let in, and by what; looked at again every few seconds."""

    viewer: Viewer
    credential: Credential

    @property
    def account(self) -> str | None:
        """None for a screen, which is nobody: nothing waits for it, and it is not online."""
        return self.viewer if isinstance(self.viewer, str) else None


Look = tuple[Viewer, str]
"""Who looks at which topic."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A topic as a new subscriber finds it: where its journal is, and what came after `after`; in which epoch of the
    database."""

    seq: int
    entries: Sequence[Entry]
    too_far: bool = False
    epoch: str = ""

    def is_news_to(self, epoch: str | None) -> bool:
        """Whether a subscriber who knows the topic from this epoch (None: does not say) has to fetch it anew."""
        return self.too_far or epoch not in (None, self.epoch)


class Journal(Protocol):
    """The hub's source: the journal is the truth, a frame only a hint of it."""

    async def entries_after(self, topic: str, after: int, limit: int) -> Sequence[Entry]: ...

    async def current_seqs(self, topics: Collection[str]) -> Mapping[str, int]: ...

    async def epoch(self) -> str: ...


class Rights(Protocol):
    """The door: who it is, what they may see, and whether that still holds."""

    async def admit(self, credential: Credential) -> Visitor | None: ...

    async def open(self, viewer: Viewer, topic: str, after: int | None) -> Opening | None: ...

    async def waiting(self, account: str) -> bytes: ...

    async def gone(self, visitors: Collection[Visitor]) -> Collection[Visitor]: ...

    async def seen(self, accounts: Collection[str]) -> None: ...

    async def hidden(self, looks: Collection[Look]) -> Collection[Look]: ...


class Source(Journal, Rights, Protocol):
    """Both, as one thing."""
