"""A way in that an administrator gives back is seen for three days: by its owner, their teams, and in the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from rest_framework.test import APIClient

from conventions import clock
from decisions import drafts, entries
from teams import tokens
from teams.models import AccessToken, Account, Team
from tests.accounts.conftest import Door, Enter, code_in, key_in
from tests.conftest import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_is_set_up")]

GIVEN = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
THEN = "2026-11-21T14:02:00.000Z"
STILL, NO_MORE = timedelta(hours=71, minutes=59), timedelta(hours=72, minutes=1)

After = Callable[[timedelta], None]


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> After:
    """So long after the way in was given back."""

    def is_now(passed: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: GIVEN + passed)

    return is_now


@pytest.fixture
def site(enter: Enter, eve: Account, after: After) -> Door:
    """Eve at a browser: she looks after the site, and is in no team."""
    Account.objects.filter(pk=eve.pk).update(is_site_admin=True)
    confirmed(eve)
    after(timedelta())
    return enter(eve)


def confirmed(account: Account) -> None:
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)


def gives_back(site: Door, account: Account) -> None:
    assert site.call("POST", f"site/accounts/{account.pk}/recovery/").status_code == 200


def seen(reader: APIClient, account: Account) -> str | None:
    """What whoever reads the team's list of members sees of this one."""
    members = reader.get("/api/v1/teams/harbour/").json()["members"]
    marks = {one["id"]: one["way_in_given_back_at"] for one in members}
    assert [who for who, mark in marks.items() if mark and who != account.pk] == []
    mark: str | None = marks[account.pk]
    return mark


def test_everybody_in_the_team_sees_it_for_seventy_two_hours_and_no_longer(
    site: Door, team: Team, pia: Account, obi: Account, browser: Client, after: After
) -> None:
    reader = browser(obi)
    assert seen(reader, pia) is None
    gives_back(site, pia)
    assert seen(reader, pia) == THEN
    after(STILL)
    assert seen(reader, pia) == THEN
    after(NO_MORE)
    assert seen(reader, pia) is None


def test_each_act_of_theirs_in_this_time_says_so_in_the_record_for_good_and_no_other_does(
    site: Door, team: Team, fay: Account, pia: Account, max_: Account, browser: Client, after: After
) -> None:
    row = drafts.start(pia, team, title="Boats", driver="Late.", body="In by nine.", review_on=None)
    drafts.open_(pia, row.pk, via=None)
    reader = browser(pia)
    round_ = reader.get(f"/api/v1/proposals/{row.pk}/").json()["round"]["id"]
    gives_back(site, max_)
    for who, passed in ((max_, STILL), (fay, STILL), (max_, NO_MORE)):
        after(passed)
        assert browser(who).post(f"/api/v1/rounds/{round_}/questions/", {"text": "Who tells them?"}).status_code == 201
    said = [(entry.by, entry.via) for entry in entries.of(row.pk) if entry.event == "question_asked"]
    assert said == [(max_.pk, "recovered:2026-11-21"), (fay.pk, None), (max_.pk, None)]
    journal = reader.get(f"/api/v1/proposals/{row.pk}/journal/").json()["results"]
    assert [one["via"] for one in journal if one["event"] == "question_asked"] == [via for _, via in said]


def test_a_script_of_theirs_says_both_and_one_of_the_operators_what_it_always_does(
    site: Door, team: Team, pia: Account, after: After
) -> None:
    _, own = tokens.make_token(pia, "mine")
    _, theirs = tokens.make_token(pia, "theirs", made_by=AccessToken.MadeBy.OPERATOR)
    gives_back(site, pia)
    for passed, word in ((STILL, "recovered"), (NO_MORE, "holder")):
        after(passed)
        row = drafts.start(pia, team, title="Boats", driver="Late.", body="In by nine.", review_on=None)
        script = APIClient(HTTP_AUTHORIZATION=f"Bearer {own}")
        assert script.post(f"/api/v1/proposals/{row.pk}/open/", {}).status_code == 200
        assert {entry.via for entry in entries.of(row.pk)} == {f"token:{word}"}
        assert [token.via for token in AccessToken.objects.filter(name="theirs")] == ["token:operator"]
        refused = APIClient(HTTP_AUTHORIZATION=f"Bearer {theirs}").get("/api/v1/me/tokens/")
        assert refused.json()["code"] == "session_only"


def test_a_mark_takes_nothing_from_who_carries_it(site: Door, pia: Account, browser: Client, after: After) -> None:
    gives_back(site, pia)
    after(STILL)
    assert browser(pia).get("/api/v1/me/tokens/").status_code == 200


def test_a_second_link_begins_the_three_days_anew(
    site: Door, team: Team, pia: Account, obi: Account, browser: Client, after: After
) -> None:
    gives_back(site, pia)
    after(STILL)
    gives_back(site, pia)
    after(NO_MORE)
    assert seen(browser(obi), pia) is not None
    after(STILL + STILL)
    assert seen(browser(obi), pia) is not None
    after(STILL + NO_MORE)
    assert seen(browser(obi), pia) is None


def test_who_asked_for_a_link_themselves_carries_no_mark(
    site: Door, team: Team, pia: Account, obi: Account, browser: Client, enter: Enter
) -> None:
    enter().ask("POST", "auth/password/request", email=pia.email)
    assert seen(browser(obi), pia) is None


def test_the_address_that_the_account_had_is_told_who_sent_the_link_and_what_others_see(
    site: Door, team: Team, pia: Account, mailoutbox: list[Any]
) -> None:
    gives_back(site, pia)
    link, told = mailoutbox[-2:]
    assert key_in(link, "password")
    assert told.to == [pia.email]
    assert told.subject == "Your way in was given back on 21 November 2026"
    assert "Eve Esposito, who looks after this Rondo, has sent a link to this address" in told.body
    assert "Until Tuesday, 24 November 2026, 14:02 UTC your teams see" in told.body


def test_whoever_comes_in_by_it_and_takes_another_address_keeps_the_mark_and_the_one_before_is_told(
    site: Door, team: Team, pia: Account, obi: Account, enter: Enter, browser: Client, mailoutbox: list[Any]
) -> None:
    confirmed(pia)
    gives_back(site, pia)
    visitor, chosen = enter(), "another-long-password"
    visitor.ask("POST", "auth/password/reset", key=key_in(mailoutbox[-2], "password"), password=chosen)
    assert visitor.signs_in(pia, chosen).status_code == 200
    visitor.confirms(chosen)
    assert visitor.ask("POST", "account/email", email="pia@sea.example").status_code == 200
    assert visitor.ask("POST", "auth/email/verify", key=code_in(mailoutbox[-1])).status_code == 200
    assert visitor.call("GET", "me/").json()["email"] == "pia@sea.example"
    assert mailoutbox[-1].to == [pia.email]
    assert seen(browser(obi), pia) == THEN


def test_who_has_deleted_their_account_leaves_no_mark_behind(
    site: Door, team: Team, max_: Account, enter: Enter
) -> None:
    confirmed(max_)
    gives_back(site, max_)
    leaver = enter(max_)
    leaver.confirms()
    assert leaver.call("DELETE", "me/").status_code == 204
    max_.refresh_from_db()
    assert max_.recovered_at is None
