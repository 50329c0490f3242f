"""What a change of a membership or of an account is, and who is told of it while it happens."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from teams.models import Account, Role, Team


class Kind(StrEnum):
    JOINED = "joined"
    LEFT = "left"
    REMOVED = "removed"
    ROLE_CHANGED = "role_changed"


@dataclass(frozen=True)
class Change:
    """`before` is None for who joins, `role` for who goes."""

    kind: Kind
    before: Role | None
    role: Role | None


Listener = Callable[[Team, Account, Change, Account], None]


def tell(team: Team, account: Account, change: Change, by: Account) -> None:
    """In the transaction of the change itself: what a listener writes stands or falls with it."""
    for listener in _listeners(tuple(settings.MEMBERSHIP_LISTENERS)):
        listener(team, account, change, by)


def tell_of(account: Account, what: str) -> None:
    """`renamed`, `let_in_or_out` or `leaving`: something has happened to this account, in this transaction."""
    _asked(account, what)


def told_about(account: Account) -> dict[str, Any]:
    """What the rest of the house keeps of this person."""
    return {name: value for told in _asked(account, "told") for name, value in told.items()}


def _asked(account: Account, what: str) -> list[Any]:
    return [listener(account) for listener in _listeners(tuple(settings.ACCOUNT_LISTENERS[what]))]


@lru_cache(maxsize=8)
def _listeners(paths: tuple[str, ...]) -> list[Callable[..., Any]]:
    return [import_string(path) for path in paths]
