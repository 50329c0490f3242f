"""A screen's socket: one decision, nothing of its holder's own, and no longer than its link shows something."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any

import pytest

from conventions import clock
from conventions.ids import new_id
from decisions import access, drafts, store, submit
from decisions.live.database import Database
from decisions.live.journal import Credential, Screen, Visitor
from decisions.live.switchboard import RIGHTS
from decisions.process import commands as c
from decisions.process.state import Answer
from decisions.screens import digest_of, token_of
from teams import flows
from teams.models import Account, Team
from tests.live.served import Live, Socket, live
from tests.live.test_database import asked, proposal_of

P = "proposal:p1"


# ── at the socket ────────────────────────────────────────────────────────────────────────────────────────────


async def a_screen(it: Live, **how: Any) -> Socket:
    it.book.screens["link"] = "p1"
    return await it.open(query="?screen=link", **{"headers": {"Origin": it.origin}, **how})


@pytest.mark.asyncio
async def test_a_screen_follows_its_decision() -> None:
    async with live() as it:
        it.book.write("p1")
        screen = await a_screen(it)
        assert await screen.subscribe(P, 0) == {"type": "subscribed", "topic": P, "seq": 1, "epoch": "first"}
        it.write("p1")
        assert await screen.hear_seqs(2) == [1, 2]


@pytest.mark.asyncio
async def test_a_screen_sees_nothing_else_and_has_nothing_of_its_own() -> None:
    async with live() as it:
        it.book.write("p1")
        it.book.write("p2")
        screen = await a_screen(it)
        for topic in ("proposal:p2", "me", "proposal:p3"):
            assert (await screen.subscribe(topic))["code"] == "not_found"
        assert not it.switchboard.hub.topics
        assert (await screen.subscribe(P))["type"] == "subscribed"


@pytest.mark.asyncio
async def test_who_holds_a_link_is_a_screen_even_where_they_are_signed_in() -> None:
    async with live() as it:
        it.book.write("p2")
        screen = await a_screen(it, headers={"Origin": it.origin, "Cookie": "sessionid=max-session"})
        assert (await screen.subscribe("me"))["code"] == "not_found"
        assert (await screen.subscribe("proposal:p2"))["code"] == "not_found"


@pytest.mark.asyncio
@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Origin": "http://evil.example"}])
async def test_a_screen_on_somebody_elses_page_is_refused(headers: dict[str, str]) -> None:
    async with live() as it:
        assert await (await a_screen(it, headers=headers)).closed() == 4403


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["?screen=wrong", "?screen=", "?screen=%00", "?screen=" + "x" * 3000])
async def test_a_wrong_link_is_not_let_in(query: str) -> None:
    async with live() as it:
        it.book.screens["link"] = "p1"
        assert await (await it.open(query=query, headers={"Origin": it.origin})).closed() == 4401


@pytest.mark.asyncio
async def test_a_screen_is_neither_online_nor_seen() -> None:
    async with live() as it:
        it.book.write("p1")
        screen, person = await a_screen(it), await it.open("max-token")
        await screen.subscribe(P)
        await it.switchboard.note_seen()
        assert it.switchboard.presence.online(P) == []
        await person.subscribe(P)
        assert it.switchboard.presence.online(P) == ["max"]
        await it.switchboard.note_seen()
        assert it.book.noted == {"max"}
        await screen.close()
        assert it.switchboard.presence.online(P) == ["max"]


@pytest.mark.asyncio
async def test_the_next_check_closes_the_screen_of_a_link_that_shows_nothing_more() -> None:
    assert RIGHTS <= 5
    async with live() as it:
        it.book.write("p1")
        screen = await a_screen(it)
        await screen.subscribe(P)
        await it.switchboard.check_visitors()
        assert len(it.switchboard.guests) == 1
        it.book.screens.clear()
        await it.switchboard.check_visitors()
        assert await screen.closed() == 4401


@pytest.mark.asyncio
async def test_a_change_of_somebodys_rights_looks_at_the_screens_at_once() -> None:
    async with live() as it:
        it.book.write("p1")
        screen = await a_screen(it)
        await screen.subscribe(P)
        it.book.screens.clear()
        it.switchboard.carry({"kind": "rights", "accounts": ["fay"]})
        assert await screen.closed() == 4401


# ── at the database ──────────────────────────────────────────────────────────────────────────────────────────


def linked(maker: Account, proposal: str) -> str:
    """The token of a new link."""
    token = token_of(screen := new_id())
    submit.submit(maker, proposal, c.OpenScreen, screen=screen, digest=digest_of(token))
    return token


def admitted(*tokens: str) -> Sequence[Visitor | None]:
    async def admit(source: Database) -> Sequence[Visitor | None]:
        return await asyncio.gather(*(source.admit(Credential(screen=token)) for token in tokens))

    return asked(admit)


def everything_of(visitor: Visitor, *proposals: str) -> list[bytes | None]:
    """What a visitor is told of each of these from the beginning."""

    async def read(source: Database) -> list[bytes | None]:
        opened = await all_of(source.open(visitor.viewer, f"proposal:{one}", 0) for one in proposals)
        return [b"".join(text for _, text in one.entries) if one else None for one in opened]

    return asked(read)


async def all_of(questions: Any) -> list[Any]:
    waiting: list[Coroutine[Any, Any, Any]] = list(questions)
    return await asyncio.gather(*waiting)


def hidden(visitor: Visitor, *proposals: str) -> list[bool]:
    looks = [(visitor.viewer, f"proposal:{one}") for one in proposals]
    gone = asked(lambda source: source.hidden(looks))
    return [look in gone for look in looks]


def gone(visitor: Visitor) -> bool:
    return bool(asked(lambda source: source.gone([visitor])))


@pytest.mark.django_db(transaction=True)
def test_a_link_lets_in_a_screen_that_sees_this_decision_alone(team: Team, pia: Account, max_: Account) -> None:
    shown, other = proposal_of(pia, team), proposal_of(max_, team)
    token = linked(max_, shown)
    visitor, stranger = admitted(token, "wrong")
    assert stranger is None
    assert visitor is not None
    assert visitor.viewer == Screen(digest_of(token))
    assert visitor.account is None
    assert token not in repr(visitor)
    told, nothing = everything_of(visitor, shown, other)
    assert told is not None
    assert nothing is None
    assert hidden(visitor, shown, other) == [False, True]
    assert not gone(visitor)


@pytest.mark.django_db(transaction=True)
def test_a_link_that_was_closed_or_has_lapsed_lets_nobody_in_and_nobody_stay(
    team: Team, pia: Account, max_: Account
) -> None:
    proposal = proposal_of(pia, team)
    token = linked(max_, proposal)
    (visitor,) = admitted(token)
    assert visitor is not None
    with clock.moved(timedelta(hours=24)):
        assert admitted(token) == [None]
        assert gone(visitor)
        assert hidden(visitor, proposal) == [True]
        assert everything_of(visitor, proposal) == [None]
    assert not gone(visitor)
    (screen,) = store.load(access.proposal_for(max_, proposal)).screens
    submit.submit(max_, proposal, c.CloseScreen, screen=screen)
    assert admitted(token) == [None]
    assert gone(visitor)
    assert everything_of(visitor, proposal) == [None]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["leaves", "is suspended", "is removed, and the decision ends"])
def test_a_screen_goes_with_the_right_of_who_made_its_link(
    team: Team, fay: Account, pia: Account, max_: Account, how: str
) -> None:
    proposal = proposal_of(pia, team)
    token = linked(max_, proposal)
    (visitor,) = admitted(token)
    assert visitor is not None
    if how == "leaves":
        flows.leave(max_, team)
    elif how == "is suspended":
        Account.objects.filter(pk=max_.pk).update(is_active=False)
    else:
        flows.remove(fay, team, max_.pk)
        assert not gone(visitor)
        submit.submit(pia, proposal, c.Withdraw)
    assert gone(visitor)
    assert admitted(token) == [None]
    assert everything_of(visitor, proposal) == [None]


@pytest.mark.django_db(transaction=True)
def test_a_screen_is_told_no_sealed_answer_before_all_are(
    team: Team, fay: Account, pia: Account, max_: Account
) -> None:
    row = drafts.start(pia, team, title="Boats", driver="Late boats.", body="In by nine.", review_on=None)
    drafts.open_(pia, row.pk, via=None)
    for who in (fay, max_):
        submit.submit(who, row.pk, c.Clear)
    for who in (fay, max_, pia):
        submit.submit(who, row.pk, c.Pass)
    submit.submit(pia, row.pk, c.AskForConsent, sealed=True)
    (visitor,) = admitted(linked(max_, row.pk))
    assert visitor is not None
    said = {"kind": Answer.OBJECTION, "text": "canary-reason", "suggestion": "canary-suggestion"}
    submit.submit(max_, row.pk, c.Respond, **said)
    (told,) = everything_of(visitor, row.pk)
    assert told is not None
    assert b'"responded"' in told
    assert b"canary" not in told
    for who in (fay, pia):
        submit.submit(who, row.pk, c.Respond, kind=Answer.CONSENT)
    assert b"canary-reason" in (everything_of(visitor, row.pk)[0] or b"")
