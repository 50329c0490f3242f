"""Makes the demo team, if there is none yet, and says how to sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conventions.transactions import writing
from decisions.demo import agreed, people, underway
from teams.models import Account

STORIES = (
    agreed.cameras,
    agreed.sprint_door,
    agreed.earlier_stand_up,
    underway.trunk_based,
    underway.unfinished_work,
    underway.winter_freeze,
    underway.pairing,
    underway.on_call,
    underway.quiet_hour,
)  # oldest first, in the order of their numbers


class Command(BaseCommand):
    help = "Makes the demo team, with decisions in every phase, unless it is there; says how to sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("The demo accounts have a password that everybody knows: not in production.")
        if not Account.objects.filter(email=people.address(people.FACILITATOR)).exists():
            self.stdout.write("Making the demo team …")
            with writing():  # all of it or nothing
                team, members = people.gather()
                for tell in STORIES:
                    tell(team, members)
        self.see_to_an_administrator()
        self.say_how_to_sign_in()

    def see_to_an_administrator(self) -> None:
        """A demo team from before there was one gets it too."""
        if not Account.objects.filter(is_site_admin=True).exists():
            Account.objects.filter(email=people.address(people.ADMINISTRATOR)).update(is_site_admin=True)

    def say_how_to_sign_in(self) -> None:
        self.stdout.write(f"{people.TEAM}: sign in as one of them, in another browser as another.\n")
        for name, full in people.NAMES.items():
            note = "   facilitates, is steward, and looks after the site" if name == people.FACILITATOR else ""
            self.stdout.write(f"    {people.address(name):24} {full}{note}")
        self.stdout.write(f"    password for each: {people.PASSWORD}\n")
