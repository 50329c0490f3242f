"""Personal access tokens: shown once, kept as a hash, each with an end and a way to end it sooner."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conventions import clock, problems
from conventions.transactions import writing
from notices.outbox import queue
from teams import letters
from teams.models import AccessToken, Account

MOST = 20
DAYS = 90
MOST_DAYS = 366


def make_token(
    account: Account, name: str, *, made_by: AccessToken.MadeBy = AccessToken.MadeBy.HOLDER, days: int = DAYS
) -> tuple[AccessToken, str]:
    with writing():
        if made_by == AccessToken.MadeBy.HOLDER:
            _room_for_one_more(account)
        token, raw = AccessToken.objects.create(account, expiry=timedelta(days=days), name=name, made_by=made_by)
        if made_by == AccessToken.MadeBy.OPERATOR:
            queue(f"token:{token.pk}", [letters.operators_token(token)])
        return token, raw


def _room_for_one_more(account: Account) -> None:
    # Locked, so that two requests at once cannot both find room for the last one.
    Account.objects.select_for_update().get(pk=account.pk)
    if tokens_of(account).count() >= MOST:
        raise problems.conflict(
            "too_many_tokens", _("That would be more than {most} tokens. Remove one first.").format(most=MOST)
        )


def tokens_of(account: Account) -> QuerySet[AccessToken]:
    good: QuerySet[AccessToken] = AccessToken.objects.filter(user=account).exclude(expiry__lte=clock.now())
    return good


def revoke_token(account: Account, token_id: str) -> None:
    with writing():
        gone, _rows = AccessToken.objects.filter(user=account, pk=token_id).delete()
    if not gone:
        raise problems.not_found()
