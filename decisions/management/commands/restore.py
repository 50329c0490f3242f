"""Puts the database back to a backup, says so to whoever knew more, and checks what came back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from conventions import backups


class Command(BaseCommand):
    help = "Puts the database back to a backup. What was recorded after it is gone; browsers and receipts are told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` wrote")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, file: Path, yes: bool, **options: Any) -> None:
        if not yes and input(f"All that was recorded after {file.name} is lost. Go on? [y/N] ").strip().lower() != "y":
            raise CommandError("Nothing was changed.")
        try:
            backups.restore(file)
        except (backups.BackupError, OSError) as fault:
            raise CommandError(str(fault)) from fault
        call_command("migrate", verbosity=0, interactive=False)
        call_command("restored", stdout=self.stdout)
        call_command("verify_journal", stdout=self.stdout)
