"""Single sign-on with a provider of our own: who comes from there is let in by the address that it confirms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

from config import environment
from teams import site
from teams.models import Account
from tests.accounts.conftest import Door, Enter, pending
from tests.accounts.provider import CLIENT, SECRET, Provider, provider

pytestmark = pytest.mark.django_db

BACK = "/signin?sso=1&next=%2Fhome"


@pytest.fixture
def harbour(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with provider() as running:
        monkeypatch.setenv("RONDO_OIDC_URL", running.url)
        monkeypatch.setenv("RONDO_OIDC_CLIENT", CLIENT)
        monkeypatch.setenv("RONDO_OIDC_SECRET", SECRET)
        monkeypatch.setenv("RONDO_OIDC_NAME", "Harbour office")
        settings.SOCIALACCOUNT_PROVIDERS = environment.single_sign_on()
        yield running


def comes_back(door: Door) -> str:
    """To the provider and back, as a browser follows; where it ends."""
    way = door.call("POST", "entrance/single-sign-on/", back=BACK).json()["url"]
    there = requests.get(way, allow_redirects=False, timeout=10).headers["Location"]
    return str(door.get(there.removeprefix("http://testserver"))["Location"])


def test_off_unless_it_is_set_up(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    door = enter()
    assert door.call("GET", "entrance/").json()["single_sign_on"] is None
    assert door.call("POST", "entrance/single-sign-on/", back=BACK).status_code == 404
    monkeypatch.delenv("RONDO_OIDC_URL", raising=False)
    assert environment.single_sign_on() == {}
    monkeypatch.setenv("RONDO_OIDC_URL", "https://login.example")
    monkeypatch.delenv("RONDO_OIDC_CLIENT", raising=False)
    with pytest.raises(ImproperlyConfigured, match="RONDO_OIDC_CLIENT"):
        environment.single_sign_on()


def test_who_is_new_has_an_account_with_the_name_told_there(enter: Enter, harbour: Provider) -> None:
    door = enter()
    assert door.call("GET", "entrance/").json()["single_sign_on"] == "Harbour office"
    harbour.is_at_the_browser(sub="7", name=" Nea  Ntúli ", email="Nea@example.org", email_verified=True)
    assert comes_back(door) == BACK
    told = door.call("GET", "me/").json()
    assert (told["name"], told["email"], told["site_admin"]) == ("Nea Ntúli", "nea@example.org", True)


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"given_name": "Nea", "family_name": "Ntúli"}, "Nea Ntúli"),
        ({"preferred_username": "nea"}, "nea"),
        ({"name": "x" * 200}, "nea.n"),
        ({"name": "\u202eNea"}, "nea.n"),
        ({}, "nea.n"),
    ],
)
def test_a_name_that_cannot_be_one_here_is_replaced(
    enter: Enter, harbour: Provider, claims: dict[str, Any], name: str
) -> None:
    harbour.is_at_the_browser(sub="7", email="nea.n@example.org", email_verified=True, **claims)
    door = enter()
    comes_back(door)
    assert door.call("GET", "me/").json()["name"] == name


def test_who_comes_again_is_the_same_also_with_another_address(enter: Enter, harbour: Provider) -> None:
    harbour.is_at_the_browser(sub="7", name="Nea", email="nea@example.org", email_verified=True)
    comes_back(first := enter())
    harbour.is_at_the_browser(sub="7", name="Nea", email="nea@sea.example", email_verified=True)
    comes_back(second := enter())
    assert first.who() == second.who()
    assert Account.objects.count() == SocialAccount.objects.count() == 1


def test_a_confirmed_address_that_has_an_account_leads_into_it(enter: Enter, harbour: Provider, pia: Account) -> None:
    EmailAddress.objects.create(user=pia, email=pia.email, primary=True, verified=True)
    harbour.is_at_the_browser(sub="7", name="Pia", email=pia.email, email_verified=True)
    comes_back(door := enter())
    assert door.who() == pia.pk


def test_an_address_that_nobody_confirmed_leads_into_no_account(enter: Enter, harbour: Provider, pia: Account) -> None:
    harbour.is_at_the_browser(sub="7", name="Pia", email=pia.email, email_verified=False)
    comes_back(door := enter())
    assert door.who() is None
    assert pending(door.ask("GET", "auth/session")) == ["provider_signup"]


def test_who_presses_cancel_comes_back_to_the_page(enter: Enter, harbour: Provider) -> None:
    harbour.person = None
    back = comes_back(door := enter())
    assert back.startswith("/signin?")
    assert "error=" in back
    assert door.who() is None


def test_a_suspended_account_does_not_get_in_by_single_sign_on(enter: Enter, harbour: Provider, fay: Account) -> None:
    harbour.is_at_the_browser(sub="7", name="Nea", email="nea@example.org", email_verified=True)
    comes_back(first := enter())
    site.suspend(fay, str(first.who()))
    comes_back(again := enter())
    assert (first.who(), again.who()) == (None, None)


def test_an_answer_that_was_not_asked_for_lets_nobody_in(enter: Enter, harbour: Provider) -> None:
    comes_back(enter())
    code = next(iter(harbour.codes))
    door = enter()
    door.get(f"/_allauth/oidc/sso/login/callback/?code={code}&state=guessed")
    assert door.who() is None


def test_what_the_provider_has_signed_lets_nobody_in_by_itself(enter: Enter, harbour: Provider) -> None:
    """Whoever came by such a token of somebody else's would be them: only what this browser asked for counts."""
    signed = harbour.signed({"sub": "7", "name": "Nea", "email": "nea@example.org", "email_verified": True})
    token = {"client_id": CLIENT, "id_token": signed}
    door = enter()
    answer = door.ask("POST", "auth/provider/token", provider="sso", process="login", token=token)
    assert (answer.status_code, door.who()) == (404, None)


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "signin", ""])
def test_the_way_back_is_a_page_of_this_site(enter: Enter, harbour: Provider, back: str) -> None:
    assert enter().call("POST", "entrance/single-sign-on/", back=back).status_code == 400
