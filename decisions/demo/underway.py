"""Decisions of the demo team that are still open, one for each phase."""

from __future__ import annotations

from datetime import timedelta

from teams.models import Team

from .people import People
from .telling import Telling

DAILY = "From 11 January we merge to main at least once a day. Unfinished work hides behind a feature flag."


def quiet_hour(team: Team, people: People) -> None:
    """A draft: its author alone sees it."""
    Telling(
        team,
        people,
        "pia",
        timedelta(hours=5),
        title="A quiet hour before lunch",
        driver="Between eleven and twelve each of us is asked something about nine times.",
        body="From 11:00 to 12:00 we do not write to each other, except when a harbour stands still.",
    )


def on_call(team: Team, people: People) -> None:
    """In its clarifying round: one question is answered, one is not."""
    tell = Telling(
        team,
        people,
        "ada",
        timedelta(hours=20),
        title="Two of us on call, a week at a time",
        driver="Sam and Max have answered four of five calls at night since summer, and it shows.",
        body="Two people are on call from Monday to Monday: one answers, the other one can be woken.\n\n"
        "We go round in the order of the alphabet. Who was called at night starts at noon the next day.",
    )
    tell.open()
    tell.asks("jun", "May two people swap their weeks?", "Yes, by telling the stand-up.")
    tell.clear("fay", "jun")
    tell.asks("sam", "What if both are ill?")


def pairing(team: Team, people: People) -> None:
    """In its reaction round, half of them heard."""
    tell = Telling(
        team,
        people,
        "sam",
        timedelta(hours=44),
        title="Wednesday mornings in pairs",
        driver="Three parts of our code are known to one person each.",
        body="On Wednesdays from 9 to 12 we work in pairs, on something that one of the two does not know "
        "yet. The pairs are drawn on Tuesday.",
    )
    tell.open()
    tell.asks("max", "Drawn by lot, really?", "Yes. We can swap, if both wish to.")
    tell.clear(*tell.everybody_but("sam"))
    tell.reacts("jun", "I am curious about the tide tables, and a little shy about showing my own corner.")
    tell.reacts("ada", "Three hours is long for me. I would like to try it.")
    tell.passes("fay")


def unfinished_work(team: Team, people: People) -> None:
    """Everyone has reacted; its author may ask for consent, or revise first."""
    tell = Telling(
        team,
        people,
        "max",
        timedelta(days=3),
        title="Show unfinished work at the review",
        driver="The harbour masters see our work when it is too late to change it.",
        body="At each review we show at least one thing that is not finished, and ask one question about it.",
    )
    tell.open()
    tell.clear(*tell.everybody_but("max"))
    tell.reacts("pia", "I would have saved myself the whole berth map with this.")
    tell.reacts("ada", "I need to know beforehand when it is my turn to show something rough.")
    tell.reacts("sam", "Glad. Leave payments out of it for now.")
    tell.passes("jun", "fay", "max")


def trunk_based(team: Team, people: People) -> None:
    """In the consent round of its second text; half of them have answered."""
    tell = Telling(
        team,
        people,
        "pia",
        timedelta(days=4),
        title="Trunk-based development from January",
        driver="Long-lived branches cost us eleven merge days last quarter, and two releases slipped.",
        body=f"{DAILY}\n\nI keep a list of flags and remove each within two weeks of its release.",
    )
    tell.open()
    tell.asks("sam", "Who reviews, when we merge every day?", "As today: one other person, within two hours.")
    tell.clear(*tell.everybody_but("pia"))
    tell.reacts("jun", "I look forward to fewer surprises on Fridays.")
    tell.reacts("sam", "Uneasy about payments.")
    tell.passes("max", "ada", "fay", "pia")
    tell.asks_for_consent()
    tell.consents("fay", "pia", "jun", "max", "ada")
    tell.objects(
        "sam",
        "Payments has no fast suite. A daily merge there means we find a fault after the customer does.",
        "Leave payments on its release branch until its tests are fast.",
    )
    tell.restates("sam", "Until its tests are fast, merging payments daily moves the risk to customers.")
    tell.confirms("sam")
    tell.later(days=1)
    tell.revises(
        f"{DAILY}\n\n"
        "Changes to the payment module keep their release branch until its regression suite runs in under "
        "ten minutes.\n\n"
        "I keep a list of flags and remove each within two weeks of its release.\n\n"
        "### How we shall know\n\n"
        "Merge conflicts per week, lead time, and how we feel about release day.",
        "Payments keeps its release branch until its suite is fast.",
        sam="Payments keeps its release branch until its suite runs in under ten minutes.",
    )
    tell.clear(*tell.everybody_but("pia"))
    tell.passes(*tell.everybody_but("sam"))
    tell.reacts("sam", "I feel heard. Thank you.")
    tell.later(hours=14)
    tell.asks_for_consent()
    tell.consents("pia", "ada")
    tell.has_a_concern("fay", "Flags tend to stay. Let us look at the list in every retrospective.")


def winter_freeze(team: Team, people: People) -> None:
    """Back with its author: one objection is restated and waits for its objector, one is not restated."""
    tell = Telling(
        team,
        people,
        "fay",
        timedelta(days=2),
        title="No releases between 15 December and 7 January",
        driver="Last winter a release on 22 December kept two of us at work over the holidays.",
        body="From 15 December to 7 January we release nothing.",
    )
    tell.open()
    tell.clear(*tell.everybody_but("fay"))
    tell.reacts("pia", "Holidays that are holidays: yes.")
    tell.passes(*tell.everybody_but("pia"))
    tell.asks_for_consent()
    tell.consents("fay", "pia", "sam", "ada")
    tell.objects(
        "max",
        "A security hole that becomes known on 20 December would stay open for eighteen days.",
        "Leave security mends out of it.",
    )
    tell.objects("jun", "The ice charts change on 1 January by law. Harbours in the north would work with old ones.")
    tell.restates("max", "Silence over the holidays must not mean that we leave harbours open to an attack.")
