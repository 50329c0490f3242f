"""Makes an account an administrator of the site, or takes that from it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conventions.transactions import writing
from teams.models import Account


class Command(BaseCommand):
    help = "Makes the account of EMAIL an administrator of the site; with --no-longer it is one no more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--no-longer", action="store_true")

    def handle(self, *args: Any, email: str, no_longer: bool, **options: Any) -> None:
        with writing():
            account = Account.objects.filter(email__iexact=email.strip(), former=None).first()
            if account is None:
                raise CommandError(f"No account has {email}.")
            account.is_site_admin = not no_longer
            account.save(update_fields=["is_site_admin"])
        word = "is no longer" if no_longer else "is"
        self.stdout.write(f"{account.name} <{account.email}> {word} an administrator of this site.")
