"""Who stands behind a session or a token, for HTTP and for the socket alike."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare
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


def session_still_valid(session_key: str, account_id: str) -> bool:
    account = account_of_session(session_key)
    return account is not None and account.pk == account_id


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
