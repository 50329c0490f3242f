"""The meetings of the demo team, if it has none: one a week ago that came to an agreement, one tomorrow at ten."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conventions import clock
from conventions.transactions import writing
from decisions.demo import people
from decisions.demo.people import People
from decisions.demo.telling import Telling
from decisions.gathering import open_of
from meetings import models, planning, store, submit
from meetings.process import commands as c
from meetings.process.state import Meeting, speaker
from teams.models import Account, Team

TITLE = "Decisions of the week"
PLACE = "The big table, or the usual call"
WANTED = (("decide", 20), ("explore", 15), ("understand", 10))
THERE = ("fay", "pia", "max", "jun", "ada")


class Command(BaseCommand):
    help = "Holds one meeting of the demo team and plans another, unless it has some."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("The demo team is for looking around: not in production.")
        team = Team.objects.filter(name=people.TEAM).order_by("created_at").first()
        found = {name: Account.objects.filter(email=people.address(name)).first() for name in people.NAMES}
        if team is None or models.Meeting.objects.filter(team=team).exists():
            return
        cast = {name: account for name, account in found.items() if account is not None}
        if len(cast) == len(found):
            with writing():
                held_a_week_ago(team, cast)
        if people.FACILITATOR in cast:
            planned_for_tomorrow(team, cast[people.FACILITATOR])


def planned_for_tomorrow(team: Team, host: Account) -> None:
    tomorrow = (clock.now() + timedelta(days=1)).date()
    agenda = [
        {"proposal": subject.proposal, "wanted": wanted, "minutes": minutes}
        for subject, (wanted, minutes) in zip(open_of(team), WANTED, strict=False)
    ]
    begins = clock.at(tomorrow, time(10))
    planned(host, team, title=TITLE, starts_at=begins, minutes=60, agenda=agenda)


def planned(host: Account, team: Team, **plan: Any) -> Any:
    return planning.plan(host, team, place=PLACE, facilitator=None, via=None, **plan)


def held_a_week_ago(team: Team, cast: People) -> None:
    """One decision, read and answered beforehand; the consent is given in the meeting, and one is away."""
    tell = Telling(
        team,
        cast,
        "max",
        timedelta(days=8),
        title="Who is new pairs with everybody once",
        driver="Whoever comes to us knows after a month the person they sat next to, and nobody else.",
        body="In their first six weeks, everybody who is new spends half a day in a pair with each of us.\n\n"
        "We shall know that it works when they can say of each of us what we know best.",
    )
    tell.open()
    tell.asks("ada", "Also with those who work in the afternoon only?", "Yes, then it is an afternoon.")
    tell.clear(*tell.everybody_but("max"))
    tell.reacts("jun", "I wish somebody had done this with me.")
    tell.passes("fay", "pia", "ada", "sam", "max")
    tell.later(hours=20)
    sitting = Sitting(team, cast, tell)
    sitting.gather()
    sitting.decide()
    sitting.part()


class Sitting:
    """The meeting of a week ago, told in the order in which it happened."""

    def __init__(self, team: Team, cast: People, tell: Telling) -> None:
        self._cast, self._tell = cast, tell
        tell.step = timedelta(minutes=1)
        with clock.frozen(tell.next()):
            agenda = [{"proposal": tell.proposal, "wanted": "decide", "minutes": 20}]
            begins = clock.now() + timedelta(minutes=10)
            done = planned(
                cast["fay"], team, title="Decisions of the week", starts_at=begins, minutes=30, agenda=agenda
            )
        self._meeting = done.meeting
        tell.later(minutes=9)

    def gather(self) -> None:
        self._does("fay", c.Open)
        for name in THERE[1:]:
            self._does(name, c.Join)
        self._go_round()
        self._does("fay", c.Next)
        for name in THERE:
            self._does(name, c.Agree)

    def decide(self) -> None:
        self._does("fay", c.Begin, item=self._item())
        self._tell.asks_for_consent()
        self._tell.consents("pia", "jun", "fay", "sam", "max")
        self._tell.has_a_concern("ada", "Six weeks are short in summer. Let us look at it in September.")
        self._does("fay", c.EndItem)

    def part(self) -> None:
        self._does("fay", c.Next)
        self._go_round()
        self._does("fay", c.Next)

    def _go_round(self) -> None:
        names = {account.pk: name for name, account in self._cast.items()}
        while (speaking := speaker(self._state())) is not None:
            self._does(names[speaking], c.Speak)

    def _item(self) -> str:
        (item,) = self._state().agenda
        return item.id

    def _state(self) -> Meeting:
        return store.load(models.Meeting.objects.get(pk=self._meeting))

    def _does(self, who: str, command: type[c.Command], **content: Any) -> None:
        with clock.frozen(self._tell.next()):
            submit.submit(self._cast[who], self._meeting, command, **content)
