"""A browser at the account service's own interface, as our pages use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client

from notices.delivery import deliver
from teams.models import Account
from tests.conftest import PASSWORD

AUTH = "/_allauth/browser/v1/"
JSON = "application/json"


class Door(Client):
    """Signs in and out; `ask` speaks to the account service, `call` to the interface."""

    def __init__(self, **headers: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **headers)
        self.get("/")

    def ask(self, method: str, path: str, **body: Any) -> Any:
        return self._send(method, AUTH + path, body)

    def call(self, method: str, path: str, **body: Any) -> Any:
        return self._send(method, f"/api/v1/{path}", body)

    def _send(self, method: str, path: str, body: dict[str, Any]) -> Any:
        headers = {"X-CSRFToken": self.cookies["csrftoken"].value}
        if method == "GET":
            return self.get(path, body, headers=headers)
        return getattr(self, method.lower())(path, body, content_type=JSON, headers=headers)

    def signs_in(self, account: Account, password: str = PASSWORD) -> Any:
        return self.ask("POST", "auth/login", email=account.email, password=password)

    def confirms(self, password: str = PASSWORD) -> None:
        assert self.ask("POST", "auth/reauthenticate", password=password).status_code == 200

    def who(self) -> str | None:
        """As whom this browser is signed in."""
        answer = self.call("GET", "me/")
        return str(answer.json()["id"]) if answer.status_code == 200 else None


Enter = Callable[..., Door]


@pytest.fixture
def enter(db: None) -> Enter:
    """Somebody at a browser of their own; with an account, signed in."""

    def enters(account: Account | None = None, **headers: Any) -> Door:
        door = Door(**headers)
        if account is not None:
            assert door.signs_in(account).status_code == 200
            assert door.who() == account.pk
        return door

    return enters


@pytest.fixture
def mail_is_set_up(settings: LazySettings) -> None:
    settings.RONDO_MAIL = "sent"
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


class Post(list[Any]):
    """What has come so far: the postman is sent whenever somebody looks."""

    def __init__(self, box: list[Any]) -> None:
        self._box = box

    def _come(self) -> list[Any]:
        while deliver("the test"):
            pass
        return self._box

    def __iter__(self) -> Iterator[Any]:
        return iter(self._come())

    def __len__(self) -> int:
        return len(self._come())

    def __getitem__(self, which: Any) -> Any:
        return self._come()[which]


@pytest.fixture
def mailoutbox(mailoutbox: list[Any]) -> Post:
    return Post(mailoutbox)


def code_in(mail: Any) -> str:
    """The only word that stands on a line by itself."""
    return next(line.strip() for line in str(mail.body).splitlines() if re.fullmatch(r"\s*[A-Z0-9-]{6,12}\s*", line))


def key_in(mail: Any, path: str) -> str:
    found = re.search(rf"https?://\S+/{path}/(\S+)", str(mail.body))
    assert found, mail.body
    return found.group(1)


def pending(answer: Any) -> list[str]:
    """What the account service waits for before it lets somebody in."""
    return [flow["id"] for flow in answer.json()["data"]["flows"] if flow.get("is_pending")]


def sessions_of(account: Account) -> int:
    return sum(one.get_decoded().get("_auth_user_id") == account.pk for one in Session.objects.all())
