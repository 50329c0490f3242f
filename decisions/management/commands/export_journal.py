"""Writes the journal of one proposal as a document that can be checked without Rondo."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from decisions import read


class Command(BaseCommand):
    help = "Prints the journal of the proposal ID as JSON; answers that are sealed stay sealed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("proposal", metavar="ID")

    def handle(self, *args: Any, proposal: str, **options: Any) -> None:
        document = read.exported(proposal)
        if not document["entries"]:
            raise CommandError(f"No proposal with a journal has the id {proposal}.")
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
