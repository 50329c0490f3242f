"""Decisions of the demo team that have ended: agreed at once, agreed at the third attempt, withdrawn."""

from __future__ import annotations

from datetime import timedelta

from teams.models import Team

from .people import People
from .telling import Telling


def cameras(team: Team, people: People) -> None:
    """Agreed with the first text."""
    tell = Telling(
        team,
        people,
        "ada",
        timedelta(days=26),
        title="Cameras are optional",
        driver="Two of us work from one room with small children, and felt watched in every call.",
        body="Nobody has to switch a camera on in our calls, and nobody has to say why.\n\n"
        "When we meet a guest for the first time, we say so beforehand.",
    )
    tell.open()
    tell.asks("max", "Does this go for the retrospective too?", "Yes. For every call of ours.")
    tell.clear(*tell.everybody_but("ada"))
    tell.reacts("jun", "A relief. I speak more when I do not look at myself.")
    tell.reacts("max", "I will miss faces in the retrospective, and I can live without them.")
    tell.passes("fay", "pia", "sam", "ada")
    tell.later(hours=3)
    tell.asks_for_consent()
    tell.consents("ada", "jun", "pia", "fay", "sam")
    tell.has_a_concern("max", "New people may take longer to feel at home. Let us ask them at the review.")


def sprint_door(team: Team, people: People) -> None:
    """Went back to its author twice; the third text was agreed."""
    tell = Telling(
        team,
        people,
        "jun",
        timedelta(days=17),
        title="What may enter a running sprint",
        driver="In the last four sprints eleven things came in after planning. We finished less than half "
        "of what we had planned, and nobody could say why.",
        body="Nothing enters a running sprint. What comes up waits for the next planning.",
    )
    _first_text(tell)
    _second_text(tell)
    _third_text(tell)


def _first_text(tell: Telling) -> None:
    tell.open()
    tell.asks("sam", "What about a fault that stops boats from booking?", "As written, it would wait too.")
    tell.clear(*tell.everybody_but("jun"))
    tell.reacts("pia", "I long for a quiet sprint.")
    tell.reacts("sam", "It frightens me a little, when I think of the storm in May.")
    tell.passes("max", "ada", "fay", "jun")
    tell.later(hours=20)
    tell.asks_for_consent()
    tell.consents("pia", "max", "ada", "jun", "fay")
    tell.objects(
        "sam",
        "When booking is down, boats wait outside the harbour at night. This rule would leave them there.",
        "Leave a door open for faults that stop a harbour.",
    )
    tell.restates("sam", "A rule without an exception would make us leave a harbour without berths at night.")
    tell.confirms("sam")


def _second_text(tell: Telling) -> None:
    tell.later(days=1)
    tell.revises(
        "Nothing enters a running sprint, except a fault that stops a harbour from working.\n\n"
        "Whoever is on call decides what is such a fault.",
        "An exception for faults that stop a harbour.",
        sam="You are right. A fault that stops a harbour comes in at once.",
    )
    tell.clear(*tell.everybody_but("jun"))
    tell.reacts("max", "Better. I wonder how it feels to decide that alone at night.")
    tell.passes(*tell.everybody_but("max"))
    tell.later(hours=22)
    tell.asks_for_consent()
    tell.consents("sam", "pia", "fay", "jun", "ada")
    tell.objects(
        "max",
        "Whoever is on call would decide alone, half asleep, and be asked about it the next morning. "
        "I have been that person.",
        "Let two decide, or let it be decided afterwards without blame.",
    )


def _third_text(tell: Telling) -> None:
    tell.later(days=2)
    tell.restates("max", "Deciding alone at night is a weight that should not lie on one person.")
    tell.confirms("max")
    tell.revises(
        "Nothing enters a running sprint, except a fault that stops a harbour from working.\n\n"
        "- Whoever is on call takes it in when in doubt, without asking anybody.\n"
        "- The next stand-up looks at it together, and decides what leaves the sprint in exchange.\n"
        "- We count what came in, and look at the figure in each retrospective.",
        "When in doubt it comes in; we look at it together in the morning.",
        max="Nobody decides alone any more: in doubt it comes in, and the stand-up carries it.",
    )
    tell.clear(*tell.everybody_but("jun"))
    tell.reacts("max", "Thank you. This I can sleep with.")
    tell.reacts("sam", "Clear, and kind to who is on call.")
    tell.passes("pia", "ada", "fay", "jun")
    tell.later(hours=18)
    tell.asks_for_consent()
    tell.consents("max", "sam", "pia", "jun", "fay")
    tell.has_a_concern("ada", "“Stops a harbour” may grow over time. Let us look at the figure honestly.")


def earlier_stand_up(team: Team, people: People) -> None:
    """Withdrawn by its author after the reactions."""
    tell = Telling(
        team,
        people,
        "sam",
        timedelta(days=9),
        title="Stand-up at half past eight",
        driver="At ten the morning is already cut in two.",
        body="Our stand-up moves from 10:00 to 8:30.",
    )
    tell.open()
    tell.clear(*tell.everybody_but("sam"))
    tell.reacts("ada", "At half past eight I bring my daughter to school.")
    tell.reacts("jun", "I like the idea; I would be half awake.")
    tell.passes("fay", "max", "pia", "sam")
    tell.later(hours=5)
    tell.withdraws("Half of us cannot come then. I will look for another way to keep the morning whole.")
