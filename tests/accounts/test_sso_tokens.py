"""Single sign-on, the provider's token: meant for us, from whom we asked, in time, and about one person."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken

from teams.models import Account
from tests.accounts import provider, test_sso
from tests.accounts.conftest import Door, Enter, pending
from tests.accounts.provider import Pages, Provider
from tests.accounts.test_factors import code_of, sets_up
from tests.accounts.test_sso import BACK, comes_back

pytestmark = pytest.mark.django_db

harbour = test_sso.harbour
NEA = {"sub": "7", "name": "Nea", "email": "nea@example.org", "email_verified": True}
Bend = Callable[[pytest.MonkeyPatch], None]


def for_another_client(bend: pytest.MonkeyPatch) -> None:
    bend.setattr(provider, "CLIENT", "another")


def from_another_issuer(bend: pytest.MonkeyPatch) -> None:
    configuration = Pages._configuration
    bend.setattr(Pages, "_configuration", lambda page: configuration(page) | {"issuer": "https://other.example"})


def out_of_date(bend: pytest.MonkeyPatch) -> None:
    bend.setattr("tests.accounts.provider.time.time", lambda now=time.time: now() - 3600)


def about_somebody_else(bend: pytest.MonkeyPatch) -> None:
    """Than the answer about the person, which names the same address."""
    tell = Pages._tell
    bend.setattr(Pages, "_tell", lambda page, told: tell(page, {**told, "sub": "8"} if "sub" in told else told))


BENT = [for_another_client, from_another_issuer, out_of_date, about_somebody_else]


@pytest.mark.parametrize("bent", BENT, ids=lambda bent: bent.__name__)
def test_a_token_that_is_not_for_us_or_not_of_this_person_lets_nobody_in(
    enter: Enter, harbour: Provider, bent: Bend
) -> None:
    harbour.is_at_the_browser(**NEA)
    with pytest.MonkeyPatch.context() as bend:
        bent(bend)
        assert "error=" in comes_back(door := enter())
    assert door.who() is None
    assert not Account.objects.exists()
    assert comes_back(door := enter()) == BACK
    assert door.who()


def sent_back(door: Door) -> dict[str, str]:
    """What the provider gives this browser to take home."""
    way = door.call("POST", "entrance/single-sign-on/", back=BACK).json()["url"]
    there = requests.get(way, allow_redirects=False, timeout=10).headers["Location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}


def taken_home(door: Door, told: dict[str, str]) -> Any:
    return door.get("/_allauth/oidc/sso/login/callback/", told)


def test_a_code_that_another_browser_was_given_lets_nobody_in(enter: Enter, harbour: Provider) -> None:
    """Each is asked for with a proof that only the browser's own session holds."""
    harbour.is_at_the_browser(**NEA)
    hers, other = sent_back(enter()), enter()
    own = sent_back(other)
    taken_home(other, {**own, "code": hers["code"]})
    assert other.who() is None
    own = sent_back(other)
    taken_home(other, own)
    assert other.who()


def test_the_same_name_and_address_with_another_number_is_another_person(enter: Enter, harbour: Provider) -> None:
    harbour.is_at_the_browser(**NEA)
    comes_back(first := enter())
    harbour.is_at_the_browser(**{**NEA, "sub": "8", "email_verified": False})
    comes_back(second := enter())
    assert first.who()
    assert second.who() is None
    assert SocialAccount.objects.get().uid == "7"


def test_the_providers_tokens_reach_no_browser_and_are_kept_nowhere(enter: Enter, harbour: Provider) -> None:
    harbour.is_at_the_browser(**NEA)
    told = sent_back(door := enter())
    answers = [taken_home(door, told), door.ask("GET", "auth/session"), door.ask("GET", "account/providers")]
    assert door.who()
    assert not any(told["code"].encode() in repr(answer.headers).encode() + answer.content for answer in answers)
    assert not SocialToken.objects.exists()


def test_with_an_app_single_sign_on_alone_lets_nobody_in(enter: Enter, harbour: Provider, pia: Account) -> None:
    harbour.is_at_the_browser(sub="7", name="Pia", email=pia.email, email_verified=True)
    first = enter(pia)
    first.ask("GET", "account/email")
    secret = sets_up(first)
    comes_back(door := enter())
    assert door.who() is None
    assert pending(door.ask("GET", "auth/session")) == ["mfa_authenticate"]
    assert door.ask("POST", "auth/2fa/authenticate", code=code_of(secret)).status_code == 200
    assert door.who() == pia.pk
