"""On a narrow telephone nothing sticks out sideways, in any phase and for any role."""

import pytest

from tests.browser.circle import Circle
from tests.browser.conftest import NAMES, Enter
from tests.browser.pages import DecisionPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NARROW = {"width": 360, "height": 740}
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


@pytest.fixture
def narrow_circle(enter: Enter) -> Circle:
    return Circle({name: enter(name, viewport=NARROW) for name in NAMES})


def test_nothing_sticks_out_of_a_narrow_page(narrow_circle: Circle) -> None:
    circle = narrow_circle
    circle.story.play(until="open")
    pages = {who: circle.at(who) for who in NAMES}
    circle.ask("max", "POST", f"rounds/{circle.story.round}/questions/", {"text": LONG})
    circle.story.answer_it()
    for page in pages.values():
        page.shows(LONG)
    sticking = narrowness("clarifying", pages)
    for phase, step in circle.story.steps()[4:]:
        step()
        pages["obi"].turns(OF_PHASE[phase])
        sticking += narrowness(step.__name__, pages)
    assert sticking == []


OF_PHASE = {
    "clarifying": "Waiting for",
    "reaction": "Waiting for",
    "tuning": "to ask for consent",
    "consent": "Waiting for",
    "revising": "version 2",
    "adopted": "It is in force",
}


def narrowness(step: str, pages: dict[str, DecisionPage]) -> list[tuple[str, str, int]]:
    wide = [(step, who, int(page.page.evaluate(STICKS_OUT))) for who, page in pages.items()]
    return [found for found in wide if found[2] > 0]
