"""What signing up asks besides an address and a password, the name one is known by; and how its mails go out."""

from typing import Any

from django import forms
from django.contrib.sites.shortcuts import get_current_site
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from conventions import language
from conventions.fields import Line
from conventions.ids import new_id
from conventions.language import speaking_to
from conventions.transactions import writing
from notices.outbox import queue
from teams.account_letters import as_rendered, composed
from teams.guard import Guarded
from teams.models import Account

NAME_LENGTH = 80
FIRST = 0x526F6E646F  # any number that no other lock has


class NameForm(forms.Form):
    name = forms.CharField(max_length=400)

    def clean_name(self) -> str:
        field = Line(NAME_LENGTH, label=_("Your name"))
        try:
            return str(field.run_validation(self.cleaned_data["name"]))
        except ValidationError as refused:
            raise forms.ValidationError([str(message) for message in list(refused.detail)]) from None

    def signup(self, request: HttpRequest, account: Account) -> None:
        """The name is on the account already; the sign-up calls this all the same."""


class Accounts(Guarded):
    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        user.name, user.language = form.cleaned_data["name"], language.current()
        with writing():
            user.is_site_admin = is_first()
            account: Account = super().save_user(request, user, form, commit)
        return account

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the outbox: whoever signs up or in does not wait for a mail server."""
        with speaking_to(Account.objects.filter(email__iexact=email).first()):
            letter = composed(template_prefix, email, context)
            if letter is None:
                site = get_current_site(self.request)
                mail = self.render_mail(template_prefix, email, {"email": email, "current_site": site, **context})
                letter = as_rendered(email, mail.subject, mail.body)
        with writing():
            queue(f"account:{new_id()}", [letter])

    def send_account_already_exists_mail(self, email: str) -> None:
        """To the owner, in place of an account. Its password is not kept, but made ready with the same work: how long
        signing up takes tells nobody who has an account."""
        Account().set_password(new_id())
        super().send_account_already_exists_mail(email)


def is_first() -> bool:
    """Is there no account at all yet? In the transaction that makes one: of several at once, one is the first."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST])
    return not Account.objects.filter(former=None, guest=False).exists()
