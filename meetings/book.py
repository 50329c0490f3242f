"""The entries of meetings, as the live side reads them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from teams.models import Account

from . import access, models, store


class Meetings:
    """The book of meetings: `meeting:4f…` on a socket."""

    def entries_after(self, id: str, after: int, limit: int) -> Sequence[tuple[int, bytes]]:
        return store.entries_after(id, after, limit)

    def current_seqs(self, ids: Collection[str]) -> Mapping[str, int]:
        return dict(models.Meeting.objects.filter(pk__in=list(ids)).values_list("pk", "seq"))

    def visible_to(self, account: Account, ids: Collection[str]) -> Iterable[str]:
        return access.visible_to(account).filter(pk__in=ids).values_list("pk", flat=True)

    def seen_by_members(self, accounts: Collection[str], ids: Collection[str]) -> Collection[tuple[str, str]]:
        return access.seen_by_members(accounts, ids)
