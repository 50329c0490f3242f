"""What people are called, by account id. Looked up in one query, kept for a minute: so long may a new name take."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

KEPT_FOR = 60.0
MOST = 10_000
FORMER = re.compile(r"Former member (\d+)")
_kept: dict[str, tuple[float, str]] = {}


def names_of(people: Iterable[str | None]) -> dict[str, str]:
    """Account id → name, for those that there are."""
    wanted, now = {who for who in people if who}, time.monotonic()
    named = {who: kept[1] for who in wanted if (kept := _kept.get(who)) is not None and kept[0] >= now}
    if unknown := wanted - named.keys():
        found = dict(get_user_model().objects.filter(pk__in=unknown).values_list("pk", "name"))
        if len(_kept) > MOST:
            _kept.clear()
        _kept.update({who: (now + KEPT_FOR, name) for who, name in found.items()})
        named |= found
    return named


def called(name: str) -> str:
    """A name as its reader knows it: who deleted their account has none, and is a former member in every language."""
    former = FORMER.fullmatch(name)
    return _("Former member {number}").format(number=former[1]) if former else name


def forget(who: str) -> None:
    """This person is called something else from now on."""
    _kept.pop(who, None)
