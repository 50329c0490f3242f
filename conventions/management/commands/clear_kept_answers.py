"""Clears the kept answers that are older than promised."""

from typing import Any

from django.core.management.base import BaseCommand

from conventions import idempotency


class Command(BaseCommand):
    help = "Clears the answers kept for repeated requests that are older than 48 hours."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = idempotency.clear_old()
        self.stdout.write(f"{gone} kept answers cleared.")
