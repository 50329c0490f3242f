"""Checks the journals: the chain, the texts beside it, what is told of it, and that it leads to what the tables say;
and, given a checkpoint as it was mailed, that they still go on from where they stood then."""

import sys
from argparse import ArgumentParser
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conventions import epoch
from decisions import checkpoints, checks, store


class Command(BaseCommand):
    help = "Checks the journal of every proposal, or of those named; ends with 1 where something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("proposals", nargs="*", metavar="ID", help="proposals to check; all where none is named")
        parser.add_argument("--mail", metavar="FILE", help="a checkpoint by mail; - for what is piped in")

    def handle(self, *args: Any, proposals: list[str], mail: str | None = None, **options: Any) -> None:
        text = words_of(mail) if mail else ""
        found = store.journals(proposals)
        unknown = sorted(set(proposals) - set(found))
        if unknown:
            raise CommandError(f"No proposal with a journal has the id {', '.join(unknown)}.", returncode=2)
        faulty = sum(self._is_faulty(proposal) for proposal in found)
        if not proposals:
            checks.note(len(found), faulty)
        wrong = [f"{faulty} of {_counted(len(found))} with faults."] if faulty else []
        if not wrong:
            self.stdout.write(f"{_counted(len(found))} checked: all sound.")
        if mail:
            wrong += self._since(text)
        if wrong:
            raise CommandError(" ".join(wrong))

    def _is_faulty(self, proposal: str) -> bool:
        faults = store.verified(proposal)
        for fault in faults:
            self.stdout.write(f"{proposal}: {fault}")
        return bool(faults)

    def _since(self, text: str) -> list[str]:
        """Compares what a mail names with what is there now; returns the last words where that differs."""
        number, faults = checkpoints.compare(text)
        if not number:
            raise CommandError("There is no checkpoint in this text: its lines begin with rondo:", returncode=2)
        for fault in faults:
            self.stdout.write(fault)
        if not faults:
            self.stdout.write(f"{_counted(number)} of the mail: all go on from where they stood then.")
            return []
        if back := epoch.last_restored():
            self.stdout.write(f"This database was put back on {back['at']} to what it was on {back['ends_at']}.")
        return [f"{len(faults)} of {_counted(number)} of the mail rewritten, cut off or deleted since."]


def words_of(file: str) -> str:
    """What was copied from a mail, or the mail itself as it was saved."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as wrong:
        raise CommandError(f"{file} cannot be read: {wrong.strerror}.", returncode=2) from None
    parts = message_from_bytes(raw, policy=policy.default).walk()
    texts = [part.get_content() for part in parts if part.get_content_maintype() == "text"]
    return "\n".join([raw.decode(errors="replace"), *texts])


def _counted(number: int) -> str:
    return f"{number} journal{'' if number == 1 else 's'}"
