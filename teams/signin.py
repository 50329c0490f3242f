"""Who stands behind a session or a token, for HTTP and for the socket alike."""

from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.crypto import hash_token
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from conventions import clock
from conventions.prepared import Crowd, Prepared, PreparedRows
from teams.models import AccessToken, Account
from teams.sessions import SESSIONS

LONGEST_TOKEN = 200
KEPT = "_cached_user"  # where Django keeps the account of a request

TOKEN: Prepared[AccessToken] = Prepared(
    lambda digest: AccessToken.objects.filter(digest=digest, user__is_active=True).select_related("user")
)


def _active(accounts: Crowd) -> QuerySet[Account]:
    return Account.objects.filter(pk__in=accounts, is_active=True)


def _holders(digests: Crowd) -> QuerySet[AccessToken, Any]:
    good: QuerySet[AccessToken] = AccessToken.objects.filter(digest__in=digests, user__is_active=True)
    return good.values_list("digest", "user", "expiry")


def _active_ids(accounts: Crowd) -> QuerySet[Account, Any]:
    return _active(accounts).values_list("pk")


ACTIVE = Prepared(_active)
ACTIVE_IDS: PreparedRows[Account] = PreparedRows(_active_ids)
HOLDERS: PreparedRows[AccessToken] = PreparedRows(_holders)


def account_of_session(session_key: str) -> Account | None:
    return accounts_of_sessions([session_key]).get(session_key)


def accounts_of_sessions(session_keys: Iterable[str]) -> dict[str, Account]:
    """Those sessions that are good now; two queries, however many they are."""
    now = clock.now()
    found = [session for session in SESSIONS.all(list(session_keys)) if session.expire_date > now]
    contents = {session.session_key: session.get_decoded() for session in found}
    wanted = {str(content[SESSION_KEY]) for content in contents.values() if SESSION_KEY in content}
    accounts = {account.pk: account for account in ACTIVE.all(wanted)}
    good = {}
    for key, content in contents.items():
        account = accounts.get(str(content.get(SESSION_KEY)))
        if account and _same_password(account, content.get(HASH_SESSION_KEY, "")):
            good[key] = account
    return good


def _same_password(account: Account, kept: str) -> bool:
    # Changing the password ends every other session of the account.
    known = (account.get_session_auth_hash(), *account.get_session_auth_fallback_hash())
    return any(constant_time_compare(kept, one) for one in known)


class Recognised(AuthenticationMiddleware):
    """Whose session a request comes with, by a statement that is prepared, as for a socket. Whoever is not plainly its
    account is Django's to judge."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_account, request))  # type: ignore[assignment]  # it stands for one

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Both hold the request, which holds them: nobody would let go of any of it."""
        for name in ("user", "auser"):
            vars(request).pop(name, None)
        return response


def _account(request: HttpRequest) -> Account | AnonymousUser:
    session = request.session
    if SESSION_KEY in session and not hasattr(request, KEPT):
        account = ACTIVE.first([str(session[SESSION_KEY])])
        known_by = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        kept = session.get(HASH_SESSION_KEY, "")
        if account and known_by and constant_time_compare(kept, account.get_session_auth_hash()):
            setattr(request, KEPT, account)
    return get_user(request)


def account_of_token(raw: str) -> tuple[Account, str] | None:
    token = token_of(raw)
    return (token.user, token.via) if token else None


def token_of(raw: str) -> AccessToken | None:
    if not raw or len(raw) > LONGEST_TOKEN or not raw.isascii():
        return None
    token = TOKEN.first(hash_token(raw))
    if token is None or (token.expiry is not None and token.expiry <= clock.now()):
        return None
    return token


def holders_of_tokens(digests: Collection[str]) -> dict[str, str]:
    """By the hash of a token whose it is, of those that are good now."""
    now = clock.now()
    return {digest: who for digest, who, expiry in HOLDERS.all(digests) if expiry is None or expiry > now}


def still_active(accounts: Collection[str]) -> set[str]:
    """Of these accounts, those that are not suspended."""
    return {who for (who,) in ACTIVE_IDS.all(accounts)}


class Bearer(BaseAuthentication):
    """A personal access token in the Authorization header."""

    def authenticate(self, request: Request) -> tuple[Account, AccessToken] | None:
        scheme, _, raw = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token_of(raw.strip())
        if token is None:
            raise AuthenticationFailed
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Rondo"'


class BearerInTheDescription(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "teams.signin.Bearer"
    name = "accessToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal access token: rondo_…"}
