"""Says that the database was put back to an earlier state, by `restore` or by any other means."""

from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand

from conventions import epoch
from decisions import read


class Command(BaseCommand):
    help = "Begins a new epoch: open pages fetch everything anew, and what a receipt does not find is explained."

    def handle(self, *args: Any, **options: Any) -> None:
        last = read.last_entry_at()
        cache.clear()
        name = epoch.begin(last)
        until = f"{last:%Y-%m-%d %H:%M:%S} UTC" if last else "never"
        self.stdout.write(f"Epoch {name}. The last entry that came back was made: {until}.")
