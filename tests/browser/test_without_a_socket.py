"""Behind a proxy that lets no socket through a page asks: what others do is on it within ten seconds, and once."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.circle import Circle
from tests.browser.conftest import NAMES, Enter
from tests.browser.meeting_pages import MeetingPage
from tests.browser.pages import DecisionPage, Sheet
from tests.browser.people import SOON, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WITHIN = 10_000  # milliseconds: what is promised to who has no socket
# A socket at another address is refused by the server as a proxy would refuse it: with a 403, before it is one.
PROXY = """
window.WebSocket = class extends WebSocket {
  constructor(url) { super(window.through ? url : String(url).replace('/ws/v1/', '/ws/none/')); }
};
"""
ASKS = "This page asks for what is new every few seconds."
WORDS = "Who keeps the flags?"


def behind(person: Person) -> Person:
    """From now on: its next page is the first that has no socket."""
    person.context.add_init_script(PROXY)
    return person


@pytest.fixture
def circle(enter: Enter) -> Circle:
    """Max alone is behind the proxy."""
    people = {name: enter(name) for name in NAMES}
    behind(people["max"])
    return Circle(people)


def asks_a_question(circle: Circle, text: str = WORDS) -> None:
    circle.ask("fay", "POST", f"rounds/{circle.story.round}/questions/", {"text": text})


def once(page: Sheet, text: str, within: float = WITHIN) -> None:
    page.shows(text, within)
    expect(page.main.get_by_text(text, exact=True)).to_have_count(1)


def test_what_somebody_else_says_is_there_within_ten_seconds_and_the_page_says_how(circle: Circle) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    page.person.stays()
    page.field("Your question").press_sequentially("And in winter")
    asks_a_question(circle)
    once(page, WORDS)
    expect(page.page.get_by_text(ASKS)).to_be_visible(timeout=WITHIN)
    expect(page.page.get_by_text("Not connected.")).to_have_count(0)
    expect(page.field("Your question")).to_have_value("And in winter")
    asks_a_question(circle, "And who hoists them?")
    once(page, "And who hoists them?")
    once(page, WORDS)
    assert page.person.has_stayed()


def test_who_acts_sees_at_once_what_they_did_and_what_came_before_it(circle: Circle) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    expect(page.page.get_by_text(ASKS)).to_be_visible(timeout=WITHIN)
    asks_a_question(circle)
    page.asks("And in winter?")
    for words in ("And in winter?", WORDS):
        once(page, words, 2 * SOON)


def test_it_stops_asking_when_the_socket_opens_and_has_what_comes_then_at_once(circle: Circle) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    page.page.clock.install()
    expect(page.page.get_by_text(ASKS)).to_be_visible(timeout=WITHIN)
    page.page.evaluate("window.through = true")
    page.person.tries_now()
    expect(page.page.get_by_text(re.compile("^Live"))).to_be_visible()
    expect(page.page.get_by_text(ASKS)).to_have_count(0)
    asked = questions(page.page)
    page.page.clock.fast_forward(30_000)
    asks_a_question(circle)
    once(page, WORDS, 2 * SOON)
    assert asked == []


def questions(page: Page) -> list[str]:
    """The addresses from which a page asks for what is new, from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/api/v1/live/" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


def test_what_begins_to_wait_for_somebody_is_on_my_turn_within_ten_seconds(circle: Circle) -> None:
    circle.story.propose()
    max_ = circle.people["max"]
    max_.goes_to("/home")
    max_.sees("Nothing waits for you", WITHIN)
    circle.story.open()
    max_.sees("Trunk-based development", WITHIN)


def test_a_meeting_goes_on_within_ten_seconds(circle: Circle) -> None:
    circle.story.play(until="open")
    plan = {"title": "Monday", "starts_at": "2026-11-30T09:00:00Z", "agenda": [{"proposal": circle.story.id}]}
    meeting = circle.story.does("fay", "POST", f"teams/{circle.team}/meetings/", plan, 201)["meeting"]
    page = MeetingPage(circle.people["max"], f"/m/{meeting}")
    page.person.goes_to(page.path)
    page.shows("Monday", WITHIN)
    circle.story.does("fay", "POST", f"meetings/{meeting}/call-off/", {})
    page.turns("The meeting was called off.", WITHIN)


def test_a_screen_shows_what_is_said_within_ten_seconds(circle: Circle, enter: Enter) -> None:
    circle.story.play(until="open")
    link = circle.story.does("fay", "POST", f"proposals/{circle.story.id}/screens/", {}, 201)
    hall = behind(enter("hall"))
    hall.goes_to(link["url"].removeprefix(circle.people["fay"].url))
    screen = DecisionPage(hall)
    screen.shows("Trunk-based development", WITHIN)
    asks_a_question(circle)
    screen.shows(WORDS, WITHIN)
    expect(hall.page.get_by_text("Not connected.")).to_have_count(0)
