"""What the administrator of the site may do with accounts: let out, let in again, send a way back; nothing in teams."""

from allauth.account.forms import ResetPasswordForm
from allauth.usersessions.models import UserSession
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conventions import clock, problems
from conventions.ids import new_id
from conventions.transactions import writing
from notices.outbox import queue
from teams import letters
from teams.changes import tell_of
from teams.models import Account, Team


def only_administrator(account: Account) -> None:
    """For everybody else there is no such place."""
    if not account.is_site_admin:
        raise problems.not_found()


def accounts(words: str = "") -> "QuerySet[Account]":
    """Those whose address holds these words; who has deleted their account is not among them, nor who only tries Rondo
    out."""
    found = Account.objects.filter(former=None, guest=False)
    return found.filter(email__icontains=words.strip()) if words.strip() else found


def counts() -> dict[str, int]:
    told = Account.objects.filter(guest=False).aggregate(
        accounts=Count("pk", filter=Q(former=None)),
        suspended=Count("pk", filter=Q(former=None, is_active=False)),
        deleted=Count("pk", filter=~Q(former=None)),
    )
    return {**told, "teams": Team.objects.filter(played=False).count()}


def suspend(by: Account, account_id: str) -> Account:
    with writing():
        account = _account(account_id)
        if account.pk == by.pk:
            raise problems.conflict("yourself", _("You cannot suspend yourself. Another administrator can."))
        for session in UserSession.objects.filter(user=account):
            session.end()  # for good: lifting the suspension opens no page again by itself
        return _let(account, is_active=False)


def lift(account_id: str) -> Account:
    with writing():
        return _let(_account(account_id), is_active=True)


def _let(account: Account, *, is_active: bool) -> Account:
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    tell_of(account, "let_in_or_out")
    return account


def send_recovery(request: HttpRequest, by: Account, account_id: str) -> Account:
    """The mail that everybody can ask for who forgot their password. Nobody but its reader learns the link.

    Another one says who sent it, and for three days others see it: a way in that somebody else opens is opened in
    the sight of all.
    """
    account = _account(account_id)
    if not account.is_active:
        raise problems.conflict("suspended", _("This account is suspended: a link would not let anybody in."))
    form = ResetPasswordForm(data={"email": account.email})
    if not form.is_valid():
        raise problems.conflict("no_address", _("No mail can be sent to this account."))
    with writing():
        account.recovered_at = clock.now()
        account.save(update_fields=["recovered_at"])
        form.save(request)
        queue(f"recovery:{new_id()}", [letters.way_in_given_back(account, by)])
    return account


def _account(account_id: str) -> Account:
    account = accounts().filter(pk=account_id).first()
    if account is None:
        raise problems.not_found()
    return account
