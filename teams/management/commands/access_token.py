"""Prints an access token for an account; with --create it makes the account first."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from conventions.transactions import writing
from teams.models import AccessToken, Account
from teams.tokens import DAYS, make_token


class Command(BaseCommand):
    help = "Prints a personal access token for EMAIL. Entries made with it say that the operator made it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--create", metavar="FULL NAME", help="make the account if there is none yet")
        parser.add_argument("--days", type=int, default=DAYS, help=f"how long it works (default {DAYS})")

    def handle(self, *args: Any, **options: Any) -> None:
        with writing():
            account = self.account(options["email"], options["create"])
            token, raw = make_token(
                account, "Made on the command line", made_by=AccessToken.MadeBy.OPERATOR, days=options["days"]
            )
        until = f"{token.expiry:%Y-%m-%d}"
        self.stderr.write(f"A token for {account.name} <{account.email}>, made by the operator, until {until}.")
        self.stderr.write("It is shown once. Send it as: Authorization: Bearer TOKEN")
        self.stdout.write(raw)

    def account(self, email: str, name: str | None) -> Account:
        found = Account.objects.filter(email__iexact=email.strip()).first()
        if found is not None:
            return found
        if name is None:
            raise CommandError(f'No account has {email}. To make one: --create "Full Name"')
        try:
            return Account.objects.create_user(email, name=name)
        except ValidationError as fault:
            raise CommandError("; ".join(fault.messages)) from None
