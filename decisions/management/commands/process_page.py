"""Writes docs/process.md from the rules, or says whether it still tells what they are."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from decisions.process.page import page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "process.md"


class Command(BaseCommand):
    help = "Writes docs/process.md from the table of the process; with --check, only says whether it is up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where the page is behind")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            self._check()
        else:
            PAGE.write_text(page(), encoding="utf-8")
            self.stdout.write(f"{PAGE.name} is written.")

    def _check(self) -> None:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
            raise CommandError(f"{PAGE.name} is behind the rules: python3 manage.py process_page")
        self.stdout.write(f"{PAGE.name} tells what the rules are.")
