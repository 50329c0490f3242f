"""What is asked by mail: a code to sign in, a confirmation of an address, a new password."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings

from teams.models import Account
from tests.accounts.conftest import Door, Enter, code_in, key_in, pending
from tests.conftest import PASSWORD

NEW = "another-long-password"
NEA = {"email": "nea@example.org", "password": PASSWORD, "name": "Nea Ntúli"}


def test_without_mail_an_account_is_made_and_signed_in_at_once(enter: Enter, mailoutbox: list[Any]) -> None:
    door = enter()
    assert door.ask("POST", "auth/signup", **NEA).status_code == 200
    assert door.who()
    assert not mailoutbox


@pytest.mark.usefixtures("mail_is_set_up")
def test_with_mail_an_account_is_let_in_by_the_code_that_was_sent(enter: Enter, mailoutbox: list[Any]) -> None:
    door = enter()
    answer = door.ask("POST", "auth/signup", **NEA)
    assert (answer.status_code, pending(answer)) == (401, ["verify_email"])
    assert door.who() is None
    assert door.ask("POST", "auth/email/verify", key="WRONGX").status_code == 400
    assert door.ask("POST", "auth/email/verify", key=code_in(mailoutbox[0])).status_code == 200
    assert door.who()
    assert EmailAddress.objects.get().verified


@pytest.mark.usefixtures("mail_is_set_up")
def test_an_account_from_before_confirms_when_it_signs_in_next(
    enter: Enter, pia: Account, mailoutbox: list[Any]
) -> None:
    door = enter()
    assert pending(door.signs_in(pia)) == ["verify_email"]
    door.ask("POST", "auth/email/verify", key=code_in(mailoutbox[0]))
    assert door.who() == pia.pk


@pytest.mark.usefixtures("mail_is_set_up")
def test_signing_up_with_an_address_that_has_an_account_looks_the_same_and_tells_its_owner(
    enter: Enter, pia: Account, mailoutbox: list[Any]
) -> None:
    known = enter().ask("POST", "auth/signup", **{**NEA, "email": pia.email})
    unknown = enter().ask("POST", "auth/signup", **NEA)
    assert known.json() == unknown.json()
    assert [mail.to for mail in mailoutbox] == [[pia.email], [NEA["email"]]]
    assert Account.objects.filter(email=pia.email).get() == pia


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once_and_ends_other_sessions(
    enter: Enter, pia: Account, mailoutbox: list[Any]
) -> None:
    elsewhere, door = enter(pia), enter()
    assert door.ask("POST", "auth/password/request", email=pia.email).status_code == 200
    key = key_in(mailoutbox[0], "password")
    assert door.ask("POST", "auth/password/reset", key=key, password="short").status_code == 400
    assert door.ask("POST", "auth/password/reset", key=key, password=NEW).status_code == 401
    assert door.ask("POST", "auth/password/reset", key=key, password="a-third-password").status_code == 400
    assert elsewhere.who() is None
    assert enter().signs_in(pia).status_code == 400
    assert enter().signs_in(pia, NEW).status_code == 200


@pytest.mark.parametrize("path", ["auth/password/request", "auth/code/request"])
def test_a_request_for_mail_looks_the_same_for_known_and_unknown_addresses(
    enter: Enter, pia: Account, mailoutbox: list[Any], path: str
) -> None:
    known, unknown = (enter().ask("POST", path, email=each) for each in (pia.email, "nobody@example.org"))
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert [mail.to for mail in mailoutbox] == [[pia.email], ["nobody@example.org"]]


def test_a_code_can_be_tried_three_times(enter: Enter, pia: Account, mailoutbox: list[Any]) -> None:
    door = enter()
    door.ask("POST", "auth/code/request", email=pia.email)
    for _ in range(3):
        door.ask("POST", "auth/code/confirm", code="WRONGX")
    assert door.ask("POST", "auth/code/confirm", code=code_in(mailoutbox[0])).status_code == 409
    assert door.who() is None


def test_a_password_is_changed_by_who_knows_it_and_other_sessions_end(enter: Enter, pia: Account) -> None:
    here, elsewhere = enter(pia), enter(pia)
    wrong = here.ask("POST", "account/password/change", current_password="not-this-one", new_password=NEW)
    assert (wrong.status_code, wrong.json()["errors"][0]["param"]) == (400, "current_password")
    assert here.ask("POST", "account/password/change", current_password=PASSWORD, new_password=NEW).status_code == 200
    assert (here.who(), elsewhere.who()) == (pia.pk, None)


@pytest.mark.usefixtures("mail_is_set_up")
def test_whose_password_was_changed_or_replaced_is_told(enter: Enter, pia: Account, mailoutbox: list[Any]) -> None:
    EmailAddress.objects.create(user=pia, email=pia.email, primary=True, verified=True)
    door = enter(pia)
    door.ask("POST", "account/password/change", current_password="not-this-one", new_password=NEW)
    assert not mailoutbox, "nothing was changed"
    door.ask("POST", "account/password/change", current_password=PASSWORD, new_password=NEW)
    assert [mail.to for mail in mailoutbox] == [[pia.email]]
    enter().ask("POST", "auth/password/request", email=pia.email)
    enter().ask("POST", "auth/password/reset", key=key_in(mailoutbox[1], "password"), password=PASSWORD)
    assert [mail.to for mail in mailoutbox] == [[pia.email]] * 3
    assert mailoutbox[0].subject.endswith("Your password was changed")
    assert mailoutbox[2].subject.endswith("Your password was replaced by a new one")


def test_without_mail_an_address_is_changed_by_who_confirms_who_they_are(
    enter: Enter, pia: Account, max_: Account
) -> None:
    door = enter(pia)
    refused = door.call("PATCH", "me/", email="pia@sea.example")
    assert (refused.status_code, refused.json()["code"]) == (403, "confirm_who_you_are")
    door.confirms()
    taken = door.call("PATCH", "me/", email="MAX@example.org")
    assert (taken.status_code, list(taken.json()["errors"])) == (400, ["email"])
    assert door.call("PATCH", "me/", email="Pia@Sea.example").json()["email"] == "pia@sea.example"
    pia.refresh_from_db()
    assert enter().signs_in(pia).status_code == 200


@pytest.mark.usefixtures("mail_is_set_up")
def test_with_mail_an_address_is_changed_by_the_code_that_was_sent_there(
    enter: Enter, pia: Account, mailoutbox: list[Any]
) -> None:
    EmailAddress.objects.create(user=pia, email=pia.email, primary=True, verified=True)
    door = enter(pia)
    assert door.ask("POST", "account/email", email="pia@sea.example").status_code == 401
    door.confirms()
    assert door.call("PATCH", "me/", email="pia@sea.example").json()["code"] == "needs_a_code"
    assert door.ask("POST", "account/email", email="pia@sea.example").status_code == 200
    assert door.call("GET", "me/").json()["email"] == pia.email
    assert mailoutbox[-1].to == ["pia@sea.example"]
    assert door.ask("POST", "auth/email/verify", key=code_in(mailoutbox[-1])).status_code == 200
    assert door.call("GET", "me/").json()["email"] == "pia@sea.example"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["pia@sea.example"]
    assert mailoutbox[-1].to == [pia.email], "the address before is told"


@pytest.mark.parametrize("path", ["auth/code/request", "auth/password/request"])
def test_requests_for_mail_are_counted_for_an_address_of_the_net_and_lock_nobody_else_out(
    enter: Enter, pia: Account, settings: LazySettings, mailoutbox: list[Any], path: str
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "10/m/ip", "reset_password": "10/m/ip"}
    stranger = enter(REMOTE_ADDR="192.0.2.7")
    answers = [stranger.ask("POST", path, email=pia.email).status_code for _ in range(12)]
    assert len(mailoutbox) == 10
    assert set(answers[10:]) <= {400, 429}
    owner = enter(REMOTE_ADDR="192.0.2.8")
    owner.ask("POST", path, email=pia.email)
    assert len(mailoutbox) == 11


def test_tries_of_a_password_are_counted_for_an_account_from_an_address_of_the_net(
    enter: Enter, pia: Account, max_: Account, settings: LazySettings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/h/key"}
    stranger = enter(REMOTE_ADDR="192.0.2.7")
    for _ in range(3):
        stranger.signs_in(pia, "not-this-password")
    assert stranger.signs_in(pia).status_code == 400
    assert stranger.who() is None
    assert Door(REMOTE_ADDR="192.0.2.7").signs_in(max_).status_code == 200
    assert Door(REMOTE_ADDR="192.0.2.8").signs_in(pia).status_code == 200


def test_what_the_limits_are_names_no_account_alone(settings: LazySettings) -> None:
    """The account service's own limits for one address would let others lock its owner out."""
    from config import settings as ours

    limits = ours.ACCOUNT_RATE_LIMITS
    assert {"login_failed", "request_login_code", "reset_password", "signup"} <= limits.keys()
    for action, limit in limits.items():
        assert "key" not in limit or action == "login_failed"
