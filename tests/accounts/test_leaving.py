"""Taking one's data along, and deleting one's account: what was said stays, who said it is “Former member N”."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command

from conventions.models import KeptAnswer
from decisions import access, drafts, read, submit
from decisions.models import Proposal
from decisions.process.commands import AskQuestion
from decisions.process.state import Phase
from meetings import store as meetings
from teams import flows, tokens
from teams.models import AccessToken, Account, Membership, Role, Team
from tests.accounts.conftest import Door, Enter, sessions_of

pytestmark = pytest.mark.django_db


def opened(author: Account, team: Team, title: str = "Boats") -> Proposal:
    row = drafts.start(author, team, title=title, driver="Late boats.", body="In by nine.", review_on=None)
    drafts.open_(author, row.pk, via=None)
    row.refresh_from_db()
    return row


def picture(row: Proposal, viewer: Account) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read.snapshot(access.proposal_for(viewer, row.pk), viewer))
    return found


def deletes(door: Door) -> Any:
    door.confirms()
    return door.call("DELETE", "me/")


def test_it_is_asked_first_whether_it_is_they(enter: Enter, max_: Account) -> None:
    door = enter(max_)
    for method, path in (("DELETE", "me/"), ("GET", "me/data/")):
        answer = door.call(method, path)
        assert (answer.status_code, answer.json()["code"]) == (403, "confirm_who_you_are")
    max_.refresh_from_db()
    assert max_.is_active


def test_a_token_deletes_nobody_and_takes_nothing_along(script: Any, max_: Account) -> None:
    for method, path in (("delete", "me/"), ("get", "me/data/"), ("get", "me/leaving/")):
        assert getattr(script(max_), method)(f"/api/v1/{path}").json()["code"] == "session_only"


def test_what_they_said_stays_and_their_name_goes_everywhere(
    enter: Enter, team: Team, pia: Account, max_: Account, fay: Account, django_capture_on_commit_callbacks: Any
) -> None:
    row = opened(pia, team)
    submit.submit(max_, row.pk, AskQuestion, text="And when it storms?")
    name = max_.name
    assert name in picture(row, fay)["participants"][max_.pk]["name"]
    with django_capture_on_commit_callbacks(execute=True):
        assert deletes(enter(max_)).status_code == 204
    told = picture(row, fay)
    assert [one["text"] for one in told["questions"].values()] == ["And when it storms?"]
    assert told["participants"][max_.pk]["name"] == "Former member 1"
    story = b"".join(text for _, text in read.entries_after(row.pk, 0, 1000)).decode()
    assert name not in json.dumps(told, ensure_ascii=False) + story
    assert "Former member 1" in story
    call_command("verify_journal", row.pk)


def test_everything_that_lets_them_in_goes_and_the_row_stays(enter: Enter, team: Team, max_: Account) -> None:
    tokens.make_token(max_, "bot")
    enter(max_)
    assert deletes(enter(max_)).status_code == 204
    gone = Account.objects.get(pk=max_.pk)
    assert (gone.is_active, gone.former, gone.has_usable_password()) == (False, 1, False)
    assert "max" not in gone.email
    assert sessions_of(max_) == 0
    for kept in (AccessToken.objects, Membership.objects.filter(account=max_), KeptAnswer.objects):
        assert not kept.filter().exists()
    assert not EmailAddress.objects.filter(user=max_).exists()
    assert enter().signs_in(max_).status_code == 400


def test_who_comes_back_with_the_same_address_is_somebody_new(enter: Enter, max_: Account) -> None:
    deletes(enter(max_))
    answer = enter().ask("POST", "auth/signup", email=max_.email, password="another-long-password", name="Max")
    assert answer.status_code == 200
    assert answer.json()["data"]["user"]["id"] != max_.pk


def test_each_former_member_has_a_number_of_their_own(enter: Enter, max_: Account, eve: Account) -> None:
    for account in (eve, max_):
        deletes(enter(account))
    found = Account.objects.exclude(former=None).order_by("former").values_list("pk", "name")
    assert list(found) == [(eve.pk, "Former member 1"), (max_.pk, "Former member 2")]


def test_it_counts_as_leaving_where_they_are_awaited(enter: Enter, team: Team, pia: Account, max_: Account) -> None:
    row = opened(pia, team)
    assert picture(row, pia)["participants"][max_.pk]["awaited"]
    deletes(enter(max_))
    told = picture(row, pia)["participants"][max_.pk]
    assert (told["awaited"], told["left"]) == (False, True)


def test_it_counts_as_leaving_also_where_they_were_removed_and_kept_their_voice(
    enter: Enter, team: Team, pia: Account, fay: Account, max_: Account
) -> None:
    row = opened(pia, team)
    flows.remove(fay, team, max_.pk)
    assert picture(row, pia)["participants"][max_.pk]["awaited"]
    deletes(enter(max_))
    assert picture(row, pia)["participants"][max_.pk]["left"]


def test_their_drafts_go_and_nobody_elses(enter: Enter, team: Team, pia: Account, max_: Account) -> None:
    for author in (pia, max_):
        drafts.start(author, team, title="Boats", driver="Late.", body="By nine.", review_on=None)
    deletes(enter(max_))
    assert list(Proposal.objects.filter(phase=Phase.DRAFT).values_list("author", flat=True)) == [pia.pk]


def test_a_last_steward_hands_over_first(enter: Enter, team: Team, fay: Account, pia: Account) -> None:
    door = enter(fay)
    assert door.call("GET", "me/leaving/").json() == {"teams": [{"slug": team.slug, "name": team.name}]}
    refused = deletes(door)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_steward")
    assert team.name in refused.json()["detail"]
    assert Account.objects.get(pk=fay.pk).is_active
    flows.change_role(fay, team, pia.pk, Role.STEWARD)
    assert deletes(door).status_code == 204


def test_who_is_alone_in_a_team_may_go(enter: Enter, eve: Account) -> None:
    flows.found_team(eve, "Lighthouse")
    assert deletes(enter(eve)).status_code == 204
    assert Team.objects.filter(name="Lighthouse").exists()


def test_the_only_administrator_hands_over_first(enter: Enter, fay: Account, eve: Account) -> None:
    Account.objects.filter(pk=eve.pk).update(is_site_admin=True)
    assert deletes(enter(eve)).json()["code"] == "last_administrator"
    call_command("administrator", fay.email)
    assert deletes(enter(eve)).status_code == 204


def test_a_new_name_is_seen_at_once(
    enter: Enter, team: Team, pia: Account, max_: Account, django_capture_on_commit_callbacks: Any
) -> None:
    row = opened(pia, team)
    picture(row, pia)
    with django_capture_on_commit_callbacks(execute=True):
        enter(max_).call("PATCH", "me/", name="Max Moller")
    assert picture(row, pia)["participants"][max_.pk]["name"] == "Max Moller"


def test_what_is_kept_of_somebody_is_told_to_them_without_any_secret(
    enter: Enter, team: Team, pia: Account, max_: Account
) -> None:
    row = opened(pia, team)
    submit.submit(max_, row.pk, AskQuestion, text="And when it storms?")
    submit.submit(pia, opened(max_, team, "Nets").pk, AskQuestion, text="Whose nets?")
    token, raw = tokens.make_token(max_, "bot")
    door = enter(max_)
    door.confirms()
    answer = door.call("GET", "me/data/")
    assert "attachment" in answer["Content-Disposition"]
    told = answer.json()
    assert (told["account"]["email"], told["teams"][0]["name"]) == (max_.email, team.name)
    assert [one["name"] for one in told["tokens"]] == ["bot"]
    assert len(told["sessions"]) == 1
    assert {one["title"]: one["author"] for one in told["decisions"]} == {"Boats": False, "Nets": True}
    assert "And when it storms?" in answer.text
    assert "Whose nets?" not in answer.text, "what others said is theirs"
    assert raw not in answer.text
    assert token.digest not in answer.text
    assert "password" not in answer.text


def test_in_meetings_too_their_name_goes_and_what_they_did_is_told_to_them(
    enter: Enter, team: Team, pia: Account, max_: Account, fay: Account
) -> None:
    row = opened(pia, team)
    planner, leaver = enter(fay), enter(max_)
    plan = {"title": "Monday", "starts_at": "2026-11-30T09:00:00Z"}
    agenda = [{"proposal": row.pk, "wanted": "decide", "minutes": 10}]
    answer = planner.call("POST", f"teams/{team.slug}/meetings/", **plan, agenda=agenda)
    assert answer.status_code == 201, answer.text
    meeting = answer.json()["meeting"]
    name = max_.name
    assert planner.call("GET", f"meetings/{meeting}/").json()["people"][max_.pk]["name"] == name
    leaver.call("POST", f"meetings/{meeting}/open/")
    planner.confirms()
    told = planner.call("GET", "me/data/").json()["meetings"]
    assert [one["title"] for one in told] == ["Monday"]
    assert told[0]["entries"][0]["by"] == fay.pk
    deletes(leaver)
    story = b"".join(text for _, text in meetings.entries_after(meeting, 0, 100)).decode()
    assert name not in story
    assert "Former member 1" in story
