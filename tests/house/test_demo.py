"""The demo team shows every phase, and is made once."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from decisions import store
from decisions.demo import people
from decisions.models import Proposal
from decisions.process.state import Phase, Status
from teams.models import Account, Team

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Made once for this module, inside a transaction that is rolled back: it takes a second or two."""
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


def test_it_says_as_whom_to_sign_in(told: str) -> None:
    for name, full in people.NAMES.items():
        assert people.address(name) in told
        assert full in told
    assert people.PASSWORD in told


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
def test_everybody_can_sign_in_with_what_it_says(told: str) -> None:
    account = Account.objects.get(email=people.address("pia"))
    assert account.check_password(people.PASSWORD)


def test_it_has_a_decision_in_every_phase(told: str) -> None:
    assert set(Proposal.objects.values_list("phase", flat=True)) == set(Phase)


def test_one_agreement_went_back_to_its_author_twice(told: str) -> None:
    agreed = [store.load(row) for row in Proposal.objects.filter(phase=Phase.ADOPTED)]
    twice = [state for state in agreed if state.revision == 3]
    assert len(twice) == 1
    assert [each.status for each in twice[0].objections.values()] == [Status.RESOLVED, Status.RESOLVED]


def test_a_second_time_changes_nothing(told: str) -> None:
    before = Proposal.objects.count()
    call_command("demo", stdout=StringIO())
    assert Proposal.objects.count() == before
    assert Team.objects.count() == 1


@override_settings(LOCAL=False)
def test_it_is_refused_in_production() -> None:
    with pytest.raises(CommandError, match="not in production"):
        call_command("demo", stdout=StringIO())
