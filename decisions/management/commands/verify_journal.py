"""Checks the journals: the chain, the texts beside it, what is told of it, and that it leads to what the tables say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from decisions import checks, store


class Command(BaseCommand):
    help = "Checks the journal of every proposal, or of those named; ends with 1 where something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("proposals", nargs="*", metavar="ID", help="proposals to check; all where none is named")

    def handle(self, *args: Any, proposals: list[str], **options: Any) -> None:
        found = store.journals(proposals)
        unknown = sorted(set(proposals) - set(found))
        if unknown:
            raise CommandError(f"No proposal with a journal has the id {', '.join(unknown)}.", returncode=2)
        faulty = sum(self._is_faulty(proposal) for proposal in found)
        if not proposals:
            checks.note(len(found), faulty)
        if faulty:
            raise CommandError(f"{faulty} of {_counted(len(found))} with faults.")
        self.stdout.write(f"{_counted(len(found))} checked: all sound.")

    def _is_faulty(self, proposal: str) -> bool:
        faults = store.verified(proposal)
        for fault in faults:
            self.stdout.write(f"{proposal}: {fault}")
        return bool(faults)


def _counted(number: int) -> str:
    return f"{number} journal{'' if number == 1 else 's'}"
