"""What people are called, by account id. Looked up in one query, kept for a minute: so long may a new name take."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

KEPT_FOR = 60.0
FORMER = re.compile(r"Former member (\d+)")
_kept: dict[str, tuple[float, str]] = {}


def names_of(people: Iterable[str | None]) -> dict[str, str]:
    """Account id → name, for those that there are."""
    wanted, now = {who for who in people if who}, time.monotonic()
    unknown = [who for who in wanted if who not in _kept or _kept[who][0] < now]
    if unknown:
        found = get_user_model().objects.filter(pk__in=unknown).values_list("pk", "name")
        _kept.update({who: (now + KEPT_FOR, name) for who, name in found})
    return {who: _kept[who][1] for who in wanted if who in _kept}


def called(name: str) -> str:
    """A name as its reader knows it: who deleted their account has none, and is a former member in every language."""
    former = FORMER.fullmatch(name)
    return _("Former member {number}").format(number=former[1]) if former else name


def forget(who: str) -> None:
    """This person is called something else from now on."""
    _kept.pop(who, None)
