"""The cast everybody knows: Fay facilitates, Pia proposes, Max is a member, Obi observes, Eve is outside."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from rest_framework.test import APIClient

from conventions import throttles
from conventions.owner import as_owner
from decisions import append_only, away
from teams import flows, tokens
from teams.invitations import accept_invitation, invite
from teams.models import Account, Role, Team

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a server that is compiled anew each time takes twice as long to start

PASSWORD = "over-the-harbour-wall"

Client = Callable[[Account], APIClient]


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "the walk over the pages: each in each state once, or as every role, wide and narrow, light and dark"
    parser.addoption("--walk", choices=("short", "full"), default="short", help=told)


@pytest.fixture(autouse=True, scope="session")
def the_journal_is_emptied_between_tests() -> Iterator[None]:
    """Tests that really commit end with emptied tables, which the journal's own rules would not have."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def empty_with_rules_down(case: TransactionTestCase) -> None:
        with as_owner():
            _rules(on=False)
            empty(case)
            _rules(on=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_with_rules_down)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[ExitStack]:
    """The owner makes the database of the tests, and takes it away."""
    with ExitStack() as stack:
        stack.enter_context(as_owner())
        yield stack


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_modify_db_settings: ExitStack) -> Iterator[None]:
    """What is tested works as the processes do: where they have an account of their own, as that."""
    django_db_modify_db_settings.close()
    yield
    django_db_modify_db_settings.enter_context(as_owner())


def _rules(*, on: bool) -> None:
    with connection.cursor() as cursor:
        for statement in append_only.statements(connection.vendor, on=on):
            cursor.execute(statement)


def pytest_collection_finish() -> None:
    """What was read until now stays until the end: Python need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(autouse=True)
def quick_and_unbounded(settings: LazySettings) -> Iterator[None]:
    """Passwords hashed the quick way and no allowance in the way; what is about these sets them itself."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RONDO_ALLOWANCES = {}
    settings.ACCOUNT_RATE_LIMITS = False
    _forget()
    yield
    _forget()


def _forget() -> None:
    for one in caches.all():
        one.clear()
    away._said.clear()
    throttles.tallies.clear()


def person(name: str) -> Account:
    return Account.objects.create_user(f"{name.split(maxsplit=1)[0].lower()}@example.org", PASSWORD, name=name)


@pytest.fixture
def fay(db: None) -> Account:
    """Facilitates; founded the team and is its steward."""
    return person("Fay Ferreira")


@pytest.fixture
def pia(db: None) -> Account:
    return person("Pia Park")


@pytest.fixture
def max_(db: None) -> Account:
    return person("Max Møller")


@pytest.fixture
def obi(db: None) -> Account:
    return person("Obi Okafor")


@pytest.fixture
def eve(db: None) -> Account:
    return person("Eve Esposito")


@pytest.fixture
def team(fay: Account, pia: Account, max_: Account, obi: Account) -> Team:
    """The Harbour: Fay, Pia and Max have a voice, Obi reads."""
    found = flows.found_team(fay, "Harbour", "Boats go out and come back.", {"facilitator": fay.pk})
    bring(found, fay, pia)
    bring(found, fay, max_)
    bring(found, fay, obi, Role.OBSERVER)
    return found


def bring(team: Team, steward: Account, newcomer: Account, role: Role = Role.MEMBER) -> None:
    """The way everybody comes in: an invitation, accepted."""
    _, token = invite(steward, team, role, newcomer.email)
    accept_invitation(newcomer, token)


@pytest.fixture
def browser() -> Client:
    """A signed-in browser, CSRF and all taken care of."""

    def signed_in(account: Account) -> APIClient:
        client = APIClient(raise_request_exception=False)
        client.force_login(account)
        return client

    return signed_in


@pytest.fixture
def script() -> Client:
    """A script with a token of its holder."""

    def with_token(account: Account) -> APIClient:
        _, raw = tokens.make_token(account, "a script")
        return APIClient(raise_request_exception=False, HTTP_AUTHORIZATION=f"Bearer {raw}")

    return with_token


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient(raise_request_exception=False)
