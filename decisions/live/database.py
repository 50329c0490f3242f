"""The source of the live side: a few threads that read what each person may see.

What has a journal stands in a book of its own kind: `proposal:4f…` is looked up in the book `proposal`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import Any, ParamSpec, Protocol, TypeVar

from django.db import close_old_connections, connections
from knox.crypto import hash_token

from conventions import epoch
from decisions import access, away, lists, read
from decisions.live import frames
from decisions.live.batch import CROWD, Batch
from decisions.live.journal import FAR, Credential, Entry, Look, Opening, Screen, Viewer, Visitor
from decisions.screens import digest_of
from teams import signin
from teams.models import Account

THREADS = 2  # they keep their connections

P = ParamSpec("P")
R = TypeVar("R")

Ask = tuple[Viewer, str, int | None]  # who, topic, after


class Book(Protocol):
    """The journals of one kind of thing, by id; asked in threads."""

    def entries_after(self, id: str, after: int, limit: int) -> Sequence[Entry]: ...

    def current_seqs(self, ids: Collection[str]) -> Mapping[str, int]: ...

    def visible_to(self, account: Account, ids: Collection[str]) -> Iterable[str]: ...

    def seen_by_members(self, accounts: Collection[str], ids: Collection[str]) -> Collection[tuple[str, str]]:
        """(account, id), of most of what they may see, in one query; the rest is asked one by one."""


class Proposals:
    """The book of proposals."""

    def entries_after(self, id: str, after: int, limit: int) -> Sequence[Entry]:
        return read.entries_after(id, after, limit)

    def current_seqs(self, ids: Collection[str]) -> Mapping[str, int]:
        return read.current_seqs(ids)

    def visible_to(self, account: Account, ids: Collection[str]) -> Iterable[str]:
        return access.visible_to(account).filter(pk__in=ids).values_list("pk", flat=True)

    def seen_by_members(self, accounts: Collection[str], ids: Collection[str]) -> Collection[tuple[str, str]]:
        return access.seen_by_members(accounts, ids)


Books = Mapping[str, Book]
PROPOSALS: Books = {"proposal": Proposals()}


def with_fresh_connection(work: Callable[P, R]) -> Callable[P, R]:
    """A connection that broke since the last question is replaced before this one."""

    def look_first(*args: P.args, **kwargs: P.kwargs) -> R:
        close_old_connections()
        return work(*args, **kwargs)

    return look_first


class Database:
    """Reads in threads; whatever is asked in one moment goes in one hop."""

    def __init__(self, books: Books = PROPOSALS) -> None:
        self._books = books
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self._admissions = Batch(self._threads, with_fresh_connection(admit_all))
        self._openings = Batch(self._threads, with_fresh_connection(partial(open_all, books)))
        self._waiting = Batch(self._threads, with_fresh_connection(waiting_of_all))

    async def admit(self, credential: Credential) -> Visitor | None:
        return await self._admissions.ask(credential)

    async def open(self, viewer: Viewer, topic: str, after: int | None) -> Opening | None:
        return await self._openings.ask((viewer, topic, after))

    async def waiting(self, account: str) -> bytes:
        return await self._waiting.ask(account)

    async def entries_after(self, topic: str, after: int, limit: int) -> Sequence[Entry]:
        return await self._in_thread(entries_after, self._books, topic, after, limit)

    async def current_seqs(self, topics: Collection[str]) -> Mapping[str, int]:
        return await self._in_thread(current_seqs, self._books, list(topics))

    async def epoch(self) -> str:
        return await self._in_thread(epoch.current)

    async def gone(self, visitors: Collection[Visitor]) -> Collection[Visitor]:
        return await self._in_thread(gone, list(visitors))

    async def seen(self, accounts: Collection[str]) -> None:
        await self._in_thread(away.seen, list(accounts))

    async def hidden(self, looks: Collection[Look]) -> Collection[Look]:
        return await self._in_thread(hidden, self._books, list(looks))

    async def close(self) -> None:
        """The threads end, and with each of them its connection: all meet, so that none leaves twice."""
        everybody = Barrier(THREADS)

        def leave() -> None:
            connections.close_all()
            everybody.wait(timeout=10)

        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, leave) for _ in range(THREADS)))
        self._threads.shutdown()

    async def _in_thread(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        call = with_fresh_connection(work)
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: call(*args, **kwargs))


def admit_all(credentials: Sequence[Credential]) -> dict[Credential, Visitor | None]:
    sessions = signin.accounts_of_sessions([shown.session for shown in credentials if shown.session])
    holders = signin.holders_of_tokens([hash_token(shown.token) for shown in credentials if usable(shown.token)])
    screens = access.shown([digest_of(shown.screen) for shown in credentials if shown.screen])
    return {shown: on_screen(shown, screens) or visitor(shown, sessions, holders) for shown in credentials}


def on_screen(shown: Credential, screens: Collection[str]) -> Visitor | None:
    digest = digest_of(shown.screen) if shown.screen else ""
    return Visitor(Screen(digest), Credential(screen=digest)) if digest in screens else None


def usable(token: str | None) -> bool:
    return token is not None and len(token) <= signin.LONGEST_TOKEN and token.isascii()


def visitor(shown: Credential, sessions: Mapping[str, Account], holders: Mapping[str, str]) -> Visitor | None:
    if shown.session:
        account = sessions.get(shown.session)
        return Visitor(account.pk, shown) if account else None
    if not shown.token or not usable(shown.token):
        return None
    digest = hash_token(shown.token)
    holder = holders.get(digest)
    return Visitor(holder, Credential(token=digest)) if holder else None


def gone(visitors: Sequence[Visitor]) -> list[Visitor]:
    """Whose session ended, whose token was taken back, whose account is suspended, whose link shows nothing more."""
    shown = [one.credential for one in visitors]
    sessions = signin.accounts_of_sessions([each.session for each in shown if each.session])
    holders = signin.holders_of_tokens([each.token for each in shown if each.token])
    screens = access.shown([each.screen for each in shown if each.screen])
    still: dict[Credential, Viewer] = {Credential(session=key): account.pk for key, account in sessions.items()}
    still |= {Credential(token=digest): holder for digest, holder in holders.items()}
    still |= {Credential(screen=digest): Screen(digest) for digest in screens}
    return [one for one in visitors if still.get(one.credential) != one.viewer]


def entries_after(books: Books, topic: str, after: int, limit: int) -> Sequence[Entry]:
    kind, _, id = topic.partition(":")
    return books[kind].entries_after(id, after, limit)


def current_seqs(books: Books, topics: Collection[str]) -> dict[str, int]:
    """One query for each kind."""
    return {
        f"{kind}:{id}": seq
        for kind, ids in by_kind(books, topics).items()
        for id, seq in books[kind].current_seqs(ids).items()
    }


def by_kind(books: Books, topics: Iterable[str]) -> dict[str, set[str]]:
    """Kind → ids, of the kinds that there are books of."""
    wanted: dict[str, set[str]] = {}
    for kind, _, id in (topic.partition(":") for topic in topics):
        if kind in books:
            wanted.setdefault(kind, set()).add(id)
    return wanted


def open_all(books: Books, asked: Sequence[Ask]) -> dict[Ask, Opening | None]:
    seen = visible(books, {(viewer, topic) for viewer, topic, _ in asked})
    seqs = current_seqs(books, sorted({topic for _, topic in seen}))
    now = epoch.current()
    openings: dict[tuple[str, int | None], Opening] = {}
    found: dict[Ask, Opening | None] = {}
    for viewer, topic, after in asked:
        if (viewer, topic) not in seen:
            found[viewer, topic, after] = None
            continue
        if (topic, after) not in openings:
            openings[topic, after] = replace(opening(books, topic, after, seqs.get(topic, 0)), epoch=now)
        found[viewer, topic, after] = openings[topic, after]
    return found


def opening(books: Books, topic: str, after: int | None, seq: int) -> Opening:
    """Too far: more than we send, or ahead of the journal, which then is another one than the reader knew."""
    if after is None or after == seq:
        return Opening(seq, ())
    if after > seq or seq - after > FAR:
        return Opening(seq, (), too_far=True)
    entries = entries_after(books, topic, after, FAR)
    return Opening(entries[-1][0], entries) if entries else Opening(seq, (), too_far=True)


def hidden(books: Books, looks: Sequence[Look]) -> list[Look]:
    seen = visible(books, looks)
    return [look for look in looks if look not in seen]


def visible(books: Books, looks: Collection[Look]) -> set[Look]:
    """A crowd of members costs one query for each kind, whoever else looks one of their own; a screen sees what its
    link shows."""
    people = {viewer for viewer, _ in looks if isinstance(viewer, str)}
    active = signin.still_active(people)
    screens = access.shown({viewer.digest for viewer, _ in looks if isinstance(viewer, Screen)})
    seen: set[Look] = {(Screen(digest), f"proposal:{one.proposal_id}") for digest, one in screens.items()}
    wanted = {(viewer, topic) for viewer, topic in looks if isinstance(viewer, str) and viewer in active}
    members = _seen_by_members(books, wanted)
    return seen.intersection(looks) | (members & wanted) | _seen_otherwise(books, wanted - members)


def _seen_by_members(books: Books, looks: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    people = sorted({who for who, _ in looks})
    return {
        (who, f"{kind}:{id}")
        for kind, ids in by_kind(books, [topic for _, topic in looks]).items()
        for start in range(0, len(people), CROWD)
        for who, id in books[kind].seen_by_members(people[start : start + CROWD], ids)
    }


def _seen_otherwise(books: Books, looks: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """One query for each person and kind, however much they look at."""
    wanted: dict[str, set[str]] = {}
    for who, topic in looks:
        wanted.setdefault(who, set()).add(topic)
    return {
        (who, f"{kind}:{id}")
        for who, topics in wanted.items()
        for kind, ids in by_kind(books, topics).items()
        for id in books[kind].visible_to(Account(pk=who), ids)
    }


def waiting_of_all(account_ids: Sequence[str]) -> dict[str, bytes]:
    told = lists.waiting_of(signin.still_active(account_ids))
    return {who: _waiting(*told.get(who, ([], {}))) for who in account_ids}


def _waiting(proposals: Sequence[Mapping[str, Any]], rooms: Mapping[str, int]) -> bytes:
    return frames.message("waiting", proposals=proposals, rooms=rooms)
