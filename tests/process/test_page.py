"""docs/process.md says what the code does, and all of it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from decisions.process import commands as c
from decisions.process.events import EVENTS
from decisions.process.page import ARROWS, DOES, TELLS, page
from decisions.process.refusals import CONFLICTS, FAULTS, RIGHTS
from decisions.process.state import Phase
from decisions.process.table import LEADS_TO, TABLE

from .meetings import IN_A_ROOM
from .story import MAX, PIA, SEALED
from .walk import AWAY, Place, Setup, walk

PAGE = Path(__file__).resolve().parents[2] / "docs" / "process.md"
BY_THEMSELVES = {"round_closed", "round_opened", "returned", "adopted", "returned_from_absence"}


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "behind the rules: python3 manage.py process_page"


def test_the_page_tells_every_command_phase_refusal_and_entry() -> None:
    told = page()
    assert set(DOES) == set(TABLE)
    assert set(TELLS) == set(EVENTS.values())
    assert set(ARROWS) == {event for ways in LEADS_TO.values() for event in ways}
    names = [rule.name for rule in TABLE.values() if rule.offered]
    assert all(f"`{name}`" in told for name in (*names, *EVENTS, *RIGHTS, *CONFLICTS, *FAULTS))
    assert all(f" {phase}\n" in told for phase in Phase if phase is not Phase.DRAFT)


def test_every_arrow_of_the_diagram_is_one_of_the_table() -> None:
    arrows = sum(len(ways) for ways in LEADS_TO.values())
    assert page().count("▶") == arrows
    assert page().count(" --> ") == arrows + 3  # the way in, and out of the two ends


def test_a_command_makes_the_entries_that_the_page_tells_and_no_others() -> None:
    made: dict[type[c.Command], set[str]] = defaultdict(set)

    def note(place: Place) -> None:
        for given, step in place.steps:
            made[given[0]].update(event.name for event in step.events)

    walk(Setup("three", revising=False, restating=False, concerns=False), note)
    walk(Setup("three, sealed", policy=SEALED, revising=False, restating=False, questions=0), note)
    walk(Setup("two", circle=(PIA, MAX), people=(PIA, MAX), leaving=(MAX,)), note)
    walk(IN_A_ROOM, note)
    for command, (_words, events) in DOES.items():
        own = {event.name for event in events}
        # not walked here: test_screens, test_walk_absence
        if command not in (c.Open, c.OpenScreen, c.CloseScreen, c.Suspend, *AWAY):
            assert own <= made[command] <= own | BY_THEMSELVES, command
