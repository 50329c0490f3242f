"""Copies the whole database to one file, while it is used."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conventions import backups, clock


class Command(BaseCommand):
    help = "Writes the database to a new file while it is used. In a folder the file is named after the time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("to", type=Path, help="a new file, or a folder")

    def handle(self, *args: Any, to: Path, **options: Any) -> None:
        file = to / f"rondo-{clock.now():%Y%m%d-%H%M%S}.backup" if to.is_dir() else to
        try:
            backups.back_up(file)
        except (backups.BackupError, OSError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{file}: {file.stat().st_size / 1024:,.0f} KiB")
