"""Plans a meeting for the demo team, if it has none: tomorrow at ten, on what is open."""

from datetime import time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conventions import clock
from decisions.demo import people
from decisions.gathering import open_of
from meetings import models, planning
from teams.models import Account, Team

WANTED = (("decide", 20), ("explore", 15), ("understand", 10))


class Command(BaseCommand):
    help = "Plans a meeting for the demo team, unless it has one."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("The demo team is for looking around: not in production.")
        team = Team.objects.filter(name=people.TEAM).order_by("created_at").first()
        host = Account.objects.filter(email=people.address(people.FACILITATOR)).first()
        if team is None or host is None or models.Meeting.objects.filter(team=team).exists():
            return
        tomorrow = (clock.now() + timedelta(days=1)).date()
        planning.plan(
            host,
            team,
            title="Decisions of the week",
            starts_at=clock.at(tomorrow, time(10)),
            minutes=60,
            place="The big table, or the usual call",
            facilitator=None,
            agenda=[
                {"proposal": subject.proposal, "wanted": wanted, "minutes": minutes}
                for subject, (wanted, minutes) in zip(open_of(team), WANTED, strict=False)
            ],
            via=None,
        )
