"""How passwords are kept. The other tests use a quick hash, so these ask for the one of the settings."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import make_password

import config.settings
from teams.models import Account

PASSWORD = "harbour lights at nine"


@pytest.fixture(autouse=True)
def as_it_runs(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = config.settings.PASSWORD_HASHERS


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own(pia: Account, fay: Account) -> None:
    for one in (pia, fay):
        one.set_password(PASSWORD)
    assert pia.password.startswith("argon2$argon2id$")
    assert pia.password != fay.password
    assert pia.check_password(PASSWORD)
    assert not pia.check_password(PASSWORD.upper())


def test_a_password_kept_in_an_older_way_is_kept_in_the_new_one_from_the_next_sign_in_on(pia: Account) -> None:
    pia.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    pia.save(update_fields=["password"])
    assert pia.check_password(PASSWORD)
    pia.refresh_from_db()
    assert pia.password.startswith("argon2$argon2id$")
