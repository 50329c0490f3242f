"""What signing up asks besides an address and a password: the name by which others know one."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.http import HttpRequest
from rest_framework.exceptions import ValidationError

from conventions.fields import Line
from teams.models import Account

NAME_LENGTH = 80


class NameForm(forms.Form):
    name = forms.CharField(max_length=400)

    def clean_name(self) -> str:
        field = Line(NAME_LENGTH, label="Your name")
        try:
            return str(field.run_validation(self.cleaned_data["name"]))
        except ValidationError as refused:
            raise forms.ValidationError([str(message) for message in list(refused.detail)]) from None

    def signup(self, request: HttpRequest, account: Account) -> None:
        """The name is on the account already; the sign-up calls this all the same."""


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        user.name = form.cleaned_data["name"]
        account: Account = super().save_user(request, user, form, commit)
        return account
