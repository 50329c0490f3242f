"""Shows what is in the outbox, and does with dead letters what the operator says."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, QuerySet

from conventions import clock
from conventions.clock import rfc3339
from conventions.transactions import writing
from notices.models import Mail, State
from notices.outbox import Way, way

WAYS = {
    Way.SENT: "Mail goes out by the server that EMAIL_URL names.",
    Way.PRINTED: "No EMAIL_URL is given: mail is printed by the server, and nobody gets it.",
    Way.OFF: "No EMAIL_URL is given: nobody is mailed.",
}
ALL = "all"


class Command(BaseCommand):
    help = "Says how many mails wait and were sent, and lists the dead letters; ends with 1 if there are any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        do = parser.add_mutually_exclusive_group()
        do.add_argument("--again", nargs="+", metavar="ID", help="send these dead letters again, or `all` of them")
        do.add_argument("--drop", nargs="+", metavar="ID", help="delete these dead letters, or `all` of them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"]:
            self.stdout.write(f"{again(chosen(options['again']))} to be sent again.")
        elif options["drop"]:
            self.stdout.write(f"{drop(chosen(options['drop']))} deleted.")
        else:
            self.show()

    def show(self) -> None:
        self.stdout.write(WAYS[way()])
        counted = dict(Mail.objects.values_list("state").annotate(Count("pk")).order_by())
        self.stdout.write(", ".join(f"{counted.get(state, 0)} {state}" for state in State.values))
        dead = Mail.objects.filter(state=State.DEAD).order_by("made_at")
        for mail in dead:
            self.stdout.write(f"{mail.pk}  {rfc3339(mail.made_at)}  {mail.event}  to {mail.address}")
            self.stdout.write(f"    after {mail.attempts} attempts: {mail.last_error}")
        if dead:
            raise CommandError("There are dead letters: mails --again ID, or mails --drop ID.", returncode=1)


def chosen(words: list[str]) -> QuerySet[Mail]:
    dead = Mail.objects.filter(state=State.DEAD)
    if words == [ALL]:
        return dead
    found = dead.filter(pk__in=words)
    unknown = set(words) - set(found.values_list("pk", flat=True))
    if unknown:
        raise CommandError(f"No dead letter has the id {', '.join(sorted(unknown))}.", returncode=2)
    return found


def again(mails: QuerySet[Mail]) -> int:
    with writing():
        return mails.update(state=State.WAITING, attempts=0, next_try=clock.now())


def drop(mails: QuerySet[Mail]) -> int:
    with writing():
        return mails.delete()[0]
