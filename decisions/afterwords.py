"""The closing check: after a decision has ended, whoever took part may say in a line how it was for them.

Seen by those who see the decision, and no part of it: it stands in no journal and in no record, nothing is counted, and
its giver can change it or take it back for good.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from conventions import clock, problems
from conventions.clock import rfc3339
from conventions.transactions import writing
from teams.models import Account

from . import access, models

Told = dict[str, Any]


def of(row: models.Proposal) -> list[Told]:
    """`[{by, name, text, at}]`, in the order in which they were said; none while the decision goes on."""
    if row.phase not in access.ENDED:
        return []
    found = models.Afterword.objects.filter(proposal=row).order_by("at", "pk").select_related("account")
    return [{"by": one.account_id, "name": one.account.name, "text": one.text, "at": rfc3339(one.at)} for one in found]


def say(account: Account, proposal: str, text: str) -> list[Told]:
    """Says it, or says it otherwise. 403 for who had no part in the decision, 409 while it goes on."""
    with writing():
        row = _ended(account, proposal)
        models.Afterword.objects.update_or_create(
            proposal=row, account=account, defaults={"text": text, "at": clock.now()}
        )
        return of(row)


def take_back(account: Account, proposal: str) -> None:
    """As if it had never been said; nothing happens where it was not."""
    with writing():
        models.Afterword.objects.filter(proposal=_ended(account, proposal), account=account).delete()


def own(account: Account) -> dict[str, str]:
    """What this person has said so far, by decision."""
    found = models.Afterword.objects.filter(account=account).order_by("at")
    return dict(found.values_list("proposal_id", "text"))


def forget(account: Account) -> None:
    models.Afterword.objects.filter(account=account).delete()


def _ended(account: Account, proposal: str) -> models.Proposal:
    row = access.locked_for(account, "proposal", proposal)
    part = models.Participant.objects.filter(proposal=row, account=account, left=False).exists()
    if not part and account.pk not in (row.author_id, row.facilitator_id):
        raise problems.forbidden("not_a_participant", _("Only who took part in this decision can say how it was."))
    if row.phase not in access.ENDED:
        raise problems.conflict("wrong_phase", _("This decision goes on. When it has ended you can say how it was."))
    return row
