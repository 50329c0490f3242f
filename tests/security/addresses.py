"""Every address of the service, each accounted for: a row of the matrix, or a line here with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

API = "api/v1/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# Methods and address → why these calls have no row in the matrix. Each was looked at when it was added; a method that
# is not named here needs a row, or to be looked at too. `*`: a view that does not say which methods it takes.
ELSEWHERE: Mapping[str, str] = {
    "* livez": "for whoever watches the service; says one word, whatever is asked",
    "* readyz": "the same, and in a word why not; asks the database which migrations were made",
    "* metrics": "counts of the process, for whoever shows the operator's own token; 404 to all others (test_metrics)",
    "GET api/schema/": "the description of the interface; the same for everybody, made from code alone",
    "GET api/docs/": "a page that shows the description",
    "* ^api(?:/|$)": "no such address: a problem with 404",
    "* ^(?:_allauth|static|ws)(?:/|$)": "no such address: 404",
    "* ^_allauth/.*/phone(?:/|$)": "there are no telephone numbers: 404",
    "* ^_allauth/.*/provider/token(?:/|$)": "what the provider signed lets nobody in by itself: 404 (test_sso)",
    "* ^": "the one document of the pages; holds nothing of anybody",
    # Signing in and up, by the library whose own rules and tests these are; a token is nobody there (test_attacks).
    "GET _allauth/browser/v1/config": "which ways of signing in there are; the same for everybody",
    "GET DELETE _allauth/browser/v1/auth/session": "who is signed in here, and signing out: this browser's own session",
    "POST _allauth/browser/v1/auth/reauthenticate": "this browser's own session",
    "POST _allauth/browser/v1/auth/login": "open to everybody, within bounds for an address of the net",
    "POST _allauth/browser/v1/auth/signup": "open to everybody, within bounds for an address of the net",
    "POST _allauth/browser/v1/auth/code/request": "open to everybody; the same answer for an unknown address",
    "POST _allauth/browser/v1/auth/code/confirm": "needs the code that went out by mail",
    "POST _allauth/browser/v1/auth/code/resend": "needs a sign-in by code under way in this browser",
    "POST _allauth/browser/v1/auth/password/request": "open to everybody; the same answer for an unknown address",
    "GET POST _allauth/browser/v1/auth/password/reset": "needs the key that went out by mail",
    "GET POST _allauth/browser/v1/auth/email/verify": "needs the key that went out by mail",
    "POST _allauth/browser/v1/auth/email/verify/resend": "needs a confirmation under way in this browser",
    "POST _allauth/browser/v1/auth/phone/verify": "there are no telephone numbers: never reached",
    "POST _allauth/browser/v1/auth/phone/verify/resend": "there are no telephone numbers: never reached",
    "POST _allauth/browser/v1/account/password/change": "one's own password, in a session",
    "GET POST PUT PATCH DELETE _allauth/browser/v1/account/email": "one's own addresses, in a session",
    "GET _allauth/browser/v1/account/authenticators": "one's own second factors, in a session",
    "GET POST DELETE _allauth/browser/v1/account/authenticators/totp": "one's own, for who has confirmed it",
    "GET POST _allauth/browser/v1/account/authenticators/recovery-codes": "one's own, for who has confirmed it",
    "GET POST PUT DELETE _allauth/browser/v1/account/authenticators/webauthn": "one's own, for who has confirmed it",
    "GET DELETE _allauth/browser/v1/account/providers": "one's own single sign-on, in a session",
    "GET DELETE _allauth/browser/v1/auth/sessions": "where one is signed in oneself, and signing out there",
    "POST _allauth/browser/v1/auth/2fa/authenticate": "needs a sign-in under way here, and the second factor",
    "POST _allauth/browser/v1/auth/2fa/reauthenticate": "this browser's own session",
    "GET POST _allauth/browser/v1/auth/webauthn/authenticate": "needs a sign-in under way here, and the passkey",
    "GET POST _allauth/browser/v1/auth/webauthn/reauthenticate": "this browser's own session",
    "GET POST _allauth/browser/v1/auth/webauthn/login": "needs the passkey, within bounds for an address of the net",
    "POST _allauth/browser/v1/auth/provider/redirect": "leads to the provider of single sign-on, if there is one",
    "GET POST _allauth/browser/v1/auth/provider/signup": "needs a sign-up from the provider under way in this browser",
    "POST _allauth/browser/v1/auth/provider/token": "closed: never reached",
    "* _allauth/oidc/<str:provider_id>/login/callback/": "needs what the provider was asked in this browser",
    "POST api/v1/entrance/single-sign-on/": "the way to the provider, if there is one; open to everybody",
    "GET api/v1/screens/<str:id>/": "looked through by who holds the link: tests/api/test_screens.py",
    "GET api/v1/qr/": "a picture of an address of our own pages; the same for everybody",
    "GET api/v1/receipts/": "one and the same answer for all who may not see the decision: tests/api/test_receipts.py",
    "GET POST api/v1/try/": "a visit of one's own, for who is not signed in: tests/trying",
    "GET POST _allauth/browser/v1/account/phone": "there are no telephone numbers: never reached",
}

# What an address has to be asked with, else whoever asks is refused before anything is looked up.
ASKED_WITH: Mapping[str, str] = {
    "api/v1/screens/<str:id>/": "api/v1/screens/{link}/",
    "api/v1/receipts/": "api/v1/receipts/?receipt={receipt}",
    "api/v1/qr/": "api/v1/qr/?path=/d/{id}/live%3Fjoin",
}

OPERATORS = "a-token-of-the-operator"


def shown_at(address: str) -> dict[str, str]:
    """What else has to be shown there, in the head."""
    return {"Authorization": f"Bearer {OPERATORS}"} if address == "metrics" else {}


WHAT_TO_DO = (
    "has no row. Add one to tests/security/matrix.yaml that says for every role what they get in every phase; or, if "
    "it is the same for everybody or belongs to a library, a line with the reason to ELSEWHERE in "
    "tests/security/addresses.py."
)


def all_of(found: Iterable[Any] | None = None, before: str = "") -> list[tuple[str, Any]]:
    """(address, view) of every pattern that the service has."""
    told: list[tuple[str, Any]] = []
    for one in get_resolver().url_patterns if found is None else found:
        at = before + str(one.pattern)
        if isinstance(one, URLResolver):
            told += all_of(one.url_patterns, at)
        elif isinstance(one, URLPattern):
            told.append((at, one.callback))
    return told


def plain(address: str) -> str:
    """`teams/<slug:slug>/` and `teams/{slug}/` alike as `teams/{}/`."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "{}", address)


def methods_of(view: Any) -> list[str]:
    known = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return [method for method in METHODS if hasattr(known, method.lower())] or ["*"]


def exempt() -> Iterable[tuple[str, str]]:
    """(method, address) of every call that stands in ELSEWHERE."""
    for calls in ELSEWHERE:
        *methods, address = calls.split(" ")
        yield from ((method, address) for method in methods)


def unaccounted_for(patterns: Iterable[tuple[str, Any]], rows: Iterable[str]) -> list[str]:
    """Every call that is in neither list, as `METHOD address`."""
    known = {" ".join((call.split()[0], plain(call.split()[1]))) for call in rows}
    looked_at = set(exempt())
    calls = [(method, address) for address, view in patterns for method in methods_of(view)]
    missing = [(method, address) for method, address in calls if (method, address) not in looked_at]
    named = [f"{method} {as_in_rows(address)}" for method, address in missing]
    return [call for call in named if call not in known]


def as_in_rows(address: str) -> str:
    """A row is of the interface; what lies beside it reads like none."""
    return plain(address.removeprefix(API)) if address.startswith(API) else f"/{address}"
