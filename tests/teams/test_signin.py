"""Signing up, in and out, and who then stands behind a session."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from rest_framework.test import APIClient

from conventions import clock
from notices.delivery import deliver
from teams import signin, tokens
from teams.models import AccessToken, Account
from teams.sessions import SessionStore
from tests.conftest import PASSWORD

AUTH = "/_allauth/browser/v1/"


@pytest.fixture
def visitor(db: None) -> Browser:
    """A browser that has been given its CSRF token, as a page does."""
    browser = Browser(enforce_csrf_checks=True)
    browser.get("/")
    return browser


def send(browser: Browser, path: str, method: str = "post", **body: Any) -> Any:
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    return getattr(browser, method)(f"{AUTH}{path}", body, content_type="application/json", headers=headers)


def sign_up(browser: Browser, **other: Any) -> Any:
    return send(
        browser, "auth/signup", **{"email": "Nea@Example.org", "password": PASSWORD, "name": " Nea  Ntúli ", **other}
    )


def key_of(browser: Browser) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def test_signing_up_asks_an_address_a_password_and_a_name_and_signs_in(visitor: Browser) -> None:
    answer = sign_up(visitor)
    assert answer.status_code == 200, answer.content
    me = visitor.get("/api/v1/me/").json()
    assert (me["name"], me["email"]) == ("Nea Ntúli", "nea@example.org")
    assert Account.objects.get().pk == me["id"]


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Nea\u202e"}, "name"),
        ({"name": None}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_what_is_amiss_when_signing_up_is_said_of_its_field(
    visitor: Browser, other: dict[str, Any], field: str
) -> None:
    answer = sign_up(visitor, **other)
    assert answer.status_code == 400
    assert [error["param"] for error in answer.json()["errors"]] == [field]
    assert not Account.objects.exists()


def test_one_address_has_one_account_however_it_is_written(visitor: Browser, pia: Account) -> None:
    sign_up(visitor, email="PIA@example.org")
    assert Account.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Account(email="PIA@EXAMPLE.ORG", name="Another").save()


def test_signing_in_gives_a_new_session(visitor: Browser, pia: Account) -> None:
    answer = send(visitor, "auth/login", email="Pia@Example.org", password=PASSWORD)
    assert answer.status_code == 200
    first = key_of(visitor)
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    send(visitor, "auth/session", "delete")
    send(visitor, "auth/login", email=pia.email, password=PASSWORD)
    assert key_of(visitor) != first


def test_a_wrong_password_and_an_unknown_address_look_the_same(visitor: Browser, pia: Account) -> None:
    answers = [
        send(visitor, "auth/login", email=email, password="wrong-password-here")
        for email in (pia.email, "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content


def test_a_suspended_account_does_not_get_in(visitor: Browser, pia: Account) -> None:
    Account.objects.filter(pk=pia.pk).update(is_active=False)
    answer = send(visitor, "auth/login", email=pia.email, password=PASSWORD)
    assert answer.status_code != 200
    assert visitor.get("/api/v1/me/").status_code == 401


def test_signing_in_needs_the_csrf_token(visitor: Browser, pia: Account) -> None:
    answer = visitor.post(
        f"{AUTH}auth/login", {"email": pia.email, "password": PASSWORD}, content_type="application/json"
    )
    assert answer.status_code == 403


def test_what_others_try_with_a_name_does_not_lock_its_owner_out(pia: Account, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip"}
    stranger = Browser(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.7")
    stranger.get("/")
    for _ in range(12):
        last = send(stranger, "auth/login", email=pia.email, password="wrong-password-here")
    assert last.status_code in (400, 429)
    assert send(stranger, "auth/login", email=pia.email, password=PASSWORD).status_code != 200
    owner = Browser(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.8")
    owner.get("/")
    assert send(owner, "auth/login", email=pia.email, password=PASSWORD).status_code == 200


def test_a_code_by_mail_signs_in(visitor: Browser, pia: Account, mailoutbox: list[Any]) -> None:
    assert send(visitor, "auth/code/request", email=pia.email).status_code == 401
    assert deliver("me") == 1
    (mail,) = mailoutbox
    assert mail.to == [pia.email]
    code = next(line.strip() for line in mail.body.splitlines() if line.strip() and " " not in line.strip())
    assert send(visitor, "auth/code/confirm", code=code).status_code == 200
    assert visitor.get("/api/v1/me/").json()["id"] == pia.pk


def signed_in(account: Account) -> Browser:
    browser = Browser()
    assert browser.login(email=account.email, password=PASSWORD)
    return browser


def test_a_session_tells_its_account(pia: Account, eve: Account) -> None:
    first, second = key_of(signed_in(pia)), key_of(signed_in(eve))
    assert signin.account_of_session(first) == pia
    assert signin.accounts_of_sessions([first, second, "nonsense", ""]) == {first: pia, second: eve}


def test_many_sessions_cost_two_queries(pia: Account, eve: Account, django_assert_num_queries: Any) -> None:
    keys = [key_of(signed_in(one)) for one in (pia, eve, pia, eve)]
    with django_assert_num_queries(2):
        assert len(signin.accounts_of_sessions(keys)) == 4


def test_a_session_ends_by_signing_out_suspension_a_new_password_and_time(pia: Account) -> None:
    out = signed_in(pia)
    key = key_of(out)
    out.logout()
    assert signin.account_of_session(key) is None

    key = key_of(signed_in(pia))
    with clock.moved(timedelta(days=15)):
        assert signin.account_of_session(key) is None
    assert signin.account_of_session(key) == pia

    Account.objects.filter(pk=pia.pk).update(is_active=False)
    assert signin.account_of_session(key) is None
    Account.objects.filter(pk=pia.pk).update(is_active=True)

    pia.set_password("another-long-password")
    pia.save()
    assert signin.account_of_session(key) is None


def test_a_request_is_let_in_by_its_session_exactly_as_long_as_a_socket_would_be(pia: Account, eve: Account) -> None:
    browser = signed_in(pia)

    def let_in() -> bool:
        code = browser.get("/api/v1/me/").status_code
        assert (code == 200) == (signin.account_of_session(key_of(browser)) == pia)
        return bool(code == 200)

    assert let_in()
    session = browser.session
    session[HASH_SESSION_KEY] = eve.get_session_auth_hash()
    session.save()
    assert not let_in()

    browser = signed_in(pia)
    session = browser.session
    session[BACKEND_SESSION_KEY] = "somewhere.Else"
    session.save()
    assert browser.get("/api/v1/me/").status_code == 401

    browser = signed_in(pia)
    assert let_in()
    pia.set_password("another-long-password")
    pia.save()
    assert not let_in()


def test_whose_a_request_is_costs_two_questions_however_often_it_is_asked(
    pia: Account, django_assert_num_queries: Any
) -> None:
    browser = signed_in(pia)
    request = RequestFactory().get("/")
    request.session = SessionStore(key_of(browser))
    signin.Recognised(lambda _: HttpResponse()).process_request(request)
    with django_assert_num_queries(2):
        assert [request.user == pia, request.user.pk == pia.pk, request.user.is_authenticated] == [True] * 3


def test_a_suspended_account_is_out_at_once(pia: Account) -> None:
    browser = signed_in(pia)
    assert browser.get("/api/v1/me/").status_code == 200
    Account.objects.filter(pk=pia.pk).update(is_active=False)
    assert browser.get("/api/v1/me/").status_code == 401


def test_a_token_tells_its_account_and_who_made_it(pia: Account) -> None:
    _, mine = tokens.make_token(pia, "mine")
    _, theirs = tokens.make_token(pia, "theirs", made_by=AccessToken.MadeBy.OPERATOR)
    assert signin.account_of_token(mine) == (pia, "token:holder")
    assert signin.account_of_token(theirs) == (pia, "token:operator")
    for none in ("", "rondo_nonsense", "ü", "x" * 5000, mine[:-1], mine.upper()):
        assert signin.account_of_token(none) is None


def test_of_many_tokens_one_learns_at_once_which_are_good(pia: Account, eve: Account) -> None:
    good, _ = tokens.make_token(pia, "good")
    gone, _ = tokens.make_token(pia, "gone")
    ended, _ = tokens.make_token(pia, "ended")
    lasting, _ = tokens.make_token(pia, "lasting")
    suspended, _ = tokens.make_token(eve, "suspended")
    digests = [good.digest, gone.digest, ended.digest, lasting.digest, suspended.digest]
    AccessToken.objects.filter(pk=ended.pk).update(expiry=clock.now())
    AccessToken.objects.filter(pk=lasting.pk).update(expiry=clock.now() + timedelta(minutes=1))
    tokens.revoke_token(pia, gone.pk)
    Account.objects.filter(pk=eve.pk).update(is_active=False)
    assert signin.holders_of_tokens(digests) == {good.digest: pia.pk, lasting.digest: pia.pk}
    assert signin.still_active([pia.pk, eve.pk, "nobody"]) == {pia.pk}


def test_a_name_in_any_script_is_kept(visitor: Browser) -> None:
    for number, name in enumerate(["日本 太郎", "שרה כהן", "Ọlá Ṣadé", "O'Brien-Łę 😀"]):
        browser = Browser(enforce_csrf_checks=True)
        browser.get("/")
        assert sign_up(browser, email=f"a{number}@example.org", name=name).status_code == 200
        assert browser.get("/api/v1/me/").json()["name"] == name


def test_the_interface_needs_nobody_to_be_guessed(anonymous: APIClient, db: None) -> None:
    for path in ("me/", "me/tokens/", "teams/", "teams/harbour/", "teams/harbour/invitations/"):
        assert anonymous.get(f"/api/v1/{path}").status_code == 401
