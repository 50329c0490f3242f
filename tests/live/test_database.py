"""The source as it is: who gets in, what they may see, and what they are told, read from the database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext

from decisions import drafts, submit
from decisions.live.database import PROPOSALS, Database, visible
from decisions.live.journal import FAR, Credential, Visitor
from decisions.process.commands import AskQuestion
from teams import flows, tokens
from teams.models import Account, Team

pytestmark = pytest.mark.django_db(transaction=True)
R = TypeVar("R")


def asked(question: Callable[[Database], Coroutine[Any, Any, R]]) -> R:
    async def ask() -> R:
        source = Database()
        try:
            return await question(source)
        finally:
            await source.close()

    return asyncio.run(ask())


def signed_in(account: Account) -> str:
    session = SessionStore()
    session[SESSION_KEY] = account.pk
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def proposal_of(author: Account, team: Team, *askers: Account) -> str:
    row = drafts.start(author, team, title="Boats", driver="Late boats.", body="In by nine.", review_on=None)
    drafts.open_(author, row.pk, via=None)
    for asker in askers:
        submit.submit(asker, row.pk, AskQuestion, text="And when it storms?")
    return str(row.pk)


def test_a_session_and_a_token_let_their_account_in(max_: Account) -> None:
    session, (_, raw) = signed_in(max_), tokens.make_token(max_, "bot")
    visitors = asked(lambda source: admit_all(source, Credential(session=session), Credential(token=raw)))
    assert [visitor.account for visitor in visitors if visitor] == [max_.pk, max_.pk]
    assert raw not in repr(visitors)


async def admit_all(source: Database, *credentials: Credential) -> list[Visitor | None]:
    return await asyncio.gather(*(source.admit(each) for each in credentials))


@pytest.mark.parametrize("token", ["", "rondo_wrong", "é", "x" * 5000])
def test_nothing_else_lets_anybody_in(max_: Account, token: str) -> None:
    strangers = Credential(token=token), Credential(session="wrong"), Credential()
    assert asked(lambda source: admit_all(source, *strangers)) == [None, None, None]


def test_a_suspended_account_is_not_let_in(max_: Account) -> None:
    session, (_, raw) = signed_in(max_), tokens.make_token(max_, "bot")
    Account.objects.filter(pk=max_.pk).update(is_active=False)
    assert asked(lambda source: admit_all(source, Credential(session=session), Credential(token=raw))) == [None, None]


def test_who_signed_out_changed_the_password_lost_the_token_or_was_suspended_is_gone(
    max_: Account, pia: Account, fay: Account, obi: Account, eve: Account
) -> None:
    sessions = [Credential(session=signed_in(one)) for one in (max_, pia, fay)]
    token, raw = tokens.make_token(obi, "bot")
    credentials = [*sessions, Credential(token=raw), Credential(session=signed_in(eve))]
    visitors = asked(lambda source: admit_all(source, *credentials))
    known = [visitor for visitor in visitors if visitor]
    assert asked(lambda source: source.gone(known)) == []
    SessionStore(sessions[0].session).delete()
    pia.set_password("another-long-password")
    pia.save(update_fields=["password"])
    Account.objects.filter(pk=fay.pk).update(is_active=False)
    tokens.revoke_token(obi, token.pk)
    assert asked(lambda source: source.gone(known)) == known[:4]


def test_a_subscriber_is_given_what_follows_from_the_journal(
    team: Team, max_: Account, pia: Account, fay: Account
) -> None:
    proposal = proposal_of(pia, team, max_, fay, max_)
    opening = asked(lambda source: source.open(max_.pk, f"proposal:{proposal}", 3))
    assert opening
    assert [seq for seq, _ in opening.entries] == list(range(4, opening.seq + 1))
    told = json.loads(opening.entries[0][1])
    assert told.keys() >= {"seq", "event", "at", "by", "data", "changes", "hash"}


def test_without_after_or_with_the_last_number_nothing_follows(team: Team, max_: Account) -> None:
    proposal = proposal_of(max_, team)
    now = asked(lambda source: source.open(max_.pk, f"proposal:{proposal}", None))
    assert now is not None
    assert not now.entries
    same = asked(lambda source: source.open(max_.pk, f"proposal:{proposal}", now.seq))
    assert same == now


def test_who_knows_more_than_the_journal_or_is_too_far_behind_starts_anew(
    team: Team, max_: Account, pia: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = proposal_of(pia, team, max_, max_, max_)
    ahead = asked(lambda source: source.open(max_.pk, f"proposal:{proposal}", FAR))
    monkeypatch.setattr("decisions.live.database.FAR", 2)
    behind = asked(lambda source: source.open(max_.pk, f"proposal:{proposal}", 0))
    assert [opening.too_far for opening in (ahead, behind) if opening] == [True, True]


def test_only_who_may_see_a_proposal_may_follow_it(team: Team, max_: Account, obi: Account, eve: Account) -> None:
    proposal = proposal_of(max_, team)
    draft = drafts.start(max_, team, title="Later", driver="x", body="y", review_on=None).pk
    topics = [f"proposal:{each}" for each in (proposal, draft, "nothing")]
    looks = [(one.pk, each) for one in (max_, obi, eve) for each in topics]

    async def open_all(source: Database) -> list[bool]:
        return [found is not None for found in await asyncio.gather(*(source.open(*look, None) for look in looks))]

    assert asked(open_all) == [True, True, False, True, False, False, False, False, False]
    hidden = asked(lambda source: source.hidden(looks))
    assert set(looks) - set(hidden) == {(max_.pk, topics[0]), (max_.pk, topics[1]), (obi.pk, topics[0])}


def test_a_crowd_of_members_costs_no_more_queries_than_two(
    team: Team, max_: Account, pia: Account, obi: Account, django_assert_num_queries: Any
) -> None:
    topic = f"proposal:{proposal_of(pia, team)}"
    crowd = {(one.pk, topic) for one in (max_, pia, obi)}
    with CaptureQueriesContext(connection) as two:
        visible(PROPOSALS, set(list(crowd)[:2]))
    with django_assert_num_queries(len(two)):
        assert visible(PROPOSALS, crowd) == crowd


def test_who_left_the_team_may_no_longer_follow(team: Team, max_: Account, pia: Account) -> None:
    proposal = proposal_of(pia, team)
    look = (max_.pk, f"proposal:{proposal}")
    assert asked(lambda source: source.hidden([look])) == []
    flows.leave(max_, team)
    assert asked(lambda source: source.hidden([look])) == [look]


@pytest.mark.parametrize("topic", ["team:{}", "{}", "proposal:", ":{}"])
def test_of_what_there_is_no_book_nothing_is_shown(team: Team, max_: Account, topic: str) -> None:
    look = (max_.pk, topic.format(proposal_of(max_, team)))
    assert asked(lambda source: source.open(*look, None)) is None
    assert asked(lambda source: source.hidden([look])) == [look]


def test_what_waits_for_somebody_is_told_as_the_list_tells_it(
    team: Team, max_: Account, pia: Account, eve: Account
) -> None:
    proposal = proposal_of(pia, team)
    told = json.loads(asked(lambda source: source.waiting(max_.pk)))
    assert told["type"] == "waiting"
    assert [(row["id"], row["waiting_for_me"]) for row in told["proposals"]] == [(proposal, True)]
    assert json.loads(asked(lambda source: source.waiting(eve.pk)))["proposals"] == []


def test_a_storm_of_subscribers_costs_a_handful_of_readings(
    team: Team, max_: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = proposal_of(max_, team)
    hops: list[int] = []

    async def storm(source: Database) -> None:
        read = source._openings._read

        def counted(crowd: Sequence[Any]) -> Mapping[Any, Any]:
            hops.append(len(crowd))
            return read(crowd)

        monkeypatch.setattr(source._openings, "_read", counted)
        await asyncio.gather(*(source.open(max_.pk, f"proposal:{proposal}", 0) for _ in range(1000)))

    asked(storm)
    assert len(hops) <= 10
