"""What is told once, such as a token, and told again only to whoever repeats the request that made it.

A kept answer (`conventions.idempotency`) lies in the database for two days, and in every backup. So it holds the secret
locked by the server's own, and each answer that goes out has it opened again. The library that does it is read when
it is first needed: of the six MiB that it takes most processes need nothing.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from conventions import problems
from conventions.answer import encode
from conventions.endpoint import Endpoint
from conventions.seldom import Seldom

if TYPE_CHECKING:
    from cryptography import fernet
else:
    fernet = Seldom("cryptography.fernet")


class TellsOnce(Endpoint):
    """An address whose POST makes a token, which it puts into its answer `locked`."""

    def completed(self, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 201 and isinstance(response, HttpResponse):
            told = json.loads(response.content)
            response.content = encode(self.opened({**told, "token": unlocked(told["token"])}))
        return response

    def opened(self, told: dict[str, Any]) -> dict[str, Any]:
        """The answer with its token; what is made of the token is added here."""
        return told


def locked(text: str) -> str:
    """The text, as only this server can read it."""
    return _lock().encrypt(text.encode()).decode()


def unlocked(text: str) -> str:
    """Raises Problem (409) where the server's secret has been changed since, without the old one being named."""
    try:
        return _lock().decrypt(text.encode()).decode()
    except fernet.InvalidToken:
        detail = _("This was told once, and cannot be told again. Remove it, and make a new one.")
        raise problems.conflict("told_once", detail) from None


def _lock() -> fernet.MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return fernet.MultiFernet([fernet.Fernet(_key(secret)) for secret in keys])


def _key(secret: str) -> bytes:
    mac = salted_hmac("conventions.told_once", "", secret=secret, algorithm="sha256")
    return urlsafe_b64encode(mac.digest())
