"""A line that died without a word: the page finds out, says so, keeps what is being written, and is back by itself."""

import random
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.circle import Circle
from tests.browser.conftest import NAMES, Enter
from tests.faults.proxy import Elsewhere, Net, elsewhere, net
from tests.story.rondo import Rondo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WORDS = "Who keeps the flags?"
SILENCE, PATIENCE = 35_000, 20_000  # milliseconds: the page's own, for its socket and for an answer
LOST = 6_000  # milliseconds until a page that knows it says that it is not connected
BACK = 15_000


@pytest.fixture
def there() -> Iterator[Elsewhere]:
    with elsewhere() as there:
        yield there


@pytest.fixture
def lines(there: Elsewhere, rondo: Rondo) -> Iterator[Net]:
    with net(there, rondo.ports[0], random.Random(0)) as lines:
        yield lines


@pytest.fixture
def circle(lines: Net, enter: Enter) -> Circle:
    """Max alone comes over the net."""
    return Circle({name: enter(name, url=lines.url if name == "max" else "") for name in NAMES})


def test_a_page_whose_line_died_says_so_records_once_what_was_pressed_meanwhile_and_comes_back_with_the_rest(
    circle: Circle, lines: Net, there: Elsewhere
) -> None:
    circle.story.play(until="open")
    person = circle.people["max"]
    person.page.clock.install()
    page = circle.at("max")
    person.stays()
    expect(page.page.get_by_text(re.compile("^Live"))).to_be_visible()
    page.write("Your question", WORDS)
    nothing_but_the_socket(lines)
    there.do(lines.lose())
    circle.ask("fay", "POST", f"rounds/{circle.story.round}/questions/", {"text": "And in winter?"})
    page.page.clock.fast_forward(SILENCE)
    expect(page.page.get_by_text("Not connected.")).to_be_visible(timeout=LOST)
    expect(page.field("Your question")).to_have_value(WORDS)
    page.press("Ask")
    page.page.clock.fast_forward(PATIENCE)
    page.shows("Not saved yet.", LOST)
    expect(page.field("Your question")).to_have_value(WORDS)
    there.do(lines.find())
    page.page.clock.fast_forward(PATIENCE)
    page.shows(WORDS, BACK)
    page.shows("And in winter?", BACK)
    expect(page.page.get_by_text("Not connected.")).to_be_hidden(timeout=BACK)
    expect(page.field("Your question")).to_have_value("")
    assert [one["text"] for one in circle.story.snapshot()["questions"].values()].count(WORDS) == 1
    assert person.has_stayed()


def nothing_but_the_socket(lines: Net) -> None:
    """The server closes what has not been used for a while: what is pressed then needs a line of its own."""
    limit = time.monotonic() + 60
    while len(lines.lines) > 1:
        assert time.monotonic() < limit, f"{len(lines.lines)} lines are open"
        time.sleep(0.05)
