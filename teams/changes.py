"""What a change of a membership is, and who is told of it while it happens."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

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


@lru_cache(maxsize=8)
def _listeners(paths: tuple[str, ...]) -> list[Listener]:
    return [import_string(path) for path in paths]
