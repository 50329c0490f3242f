"""Changes of who somebody is here: their name, their address; and whether it is really they who ask."""

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conventions import problems
from conventions.transactions import writing
from teams.changes import tell_of
from teams.models import Account


def rename(account: Account, name: str) -> None:
    with writing():
        account.name = name
        account.save(update_fields=["name"])
        tell_of(account, "renamed")


def speak(account: Account, wanted: dict[str, str | None]) -> None:
    """`language` and `time_zone`, each where it is given; None leaves it to the browser."""
    for name, value in wanted.items():
        setattr(account, name, value or "")
    if wanted:
        account.save(update_fields=list(wanted))


def needs_confirming(request: HttpRequest) -> None:
    """Before what cannot be undone: the password, a passkey or a code, within the last minutes."""
    if is_reauthentication_required(request, app="allauth.account"):
        raise problems.forbidden("confirm_who_you_are", _("Confirm first that it is you."))


def asks_for_confirmation() -> bool:
    """Is a new address confirmed by a code that is sent to it?"""
    return str(settings.ACCOUNT_EMAIL_VERIFICATION) == "mandatory"


def change_address(account: Account, address: str) -> None:
    """Where no mail confirms an address. Where it does, the account service sends the code and makes the change."""
    if asks_for_confirmation():
        raise problems.conflict("needs_a_code", _("A new address is confirmed by a code that is sent to it."))
    address = address.lower()
    with writing():
        others = Account.objects.exclude(pk=account.pk)
        if others.filter(email__iexact=address).exists():
            raise problems.invalid({"email": [_("Another account has this e-mail address.")]})
        account.email = address
        account.save(update_fields=["email"])
        EmailAddress.objects.filter(user=account).delete()
        EmailAddress.objects.create(user=account, email=address, primary=True)
