"""What somebody types is theirs until it is recorded, whatever comes; and who was away catches up."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.circle import Circle
from tests.browser.pages import DecisionPage
from tests.story.rondo import Rondo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WORDS = "Payments has no fast suite, and"
LOST = 6_000  # milliseconds until a page says that it is not connected
BACK = 15_000  # milliseconds for a page that knows that the network is there again
BACK_BY_ITSELF = 45_000  # milliseconds for one that tries again more and more rarely


def test_what_is_being_typed_survives_pushes_and_a_reload(circle: Circle) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    box = page.field("Your question")
    box.press_sequentially(WORDS)
    circle.ask("fay", "POST", f"rounds/{circle.story.round}/questions/", {"text": "Who keeps the flags?"})
    page.shows("Who keeps the flags?")
    circle.story.answer_it()
    page.shows("I do.")
    expect(box).to_be_focused()
    expect(box).to_have_value(WORDS)
    box.press_sequentially(" no tests.")
    page.page.reload()
    expect(page.field("Your question")).to_have_value(WORDS + " no tests.")


def test_what_is_being_typed_survives_that_its_round_closes(circle: Circle) -> None:
    circle.story.play(until="ask_for_consent")
    page = circle.at("max")
    page.begins_to_object(WORDS)
    circle.story.respond("fay", "objection", text="It is too early.")
    page.shows("It is too early.")
    expect(page.field("What would go wrong if we did this?")).to_have_value(WORDS)
    circle.ask("pia", "POST", f"proposals/{circle.story.id}/return/", {"on": circle.story.round})
    page.turns("version 2")
    page.shows("Your text is kept")
    page.shows(WORDS)


def test_a_lost_connection_is_said_and_what_is_pressed_meanwhile_is_recorded_once_afterwards(circle: Circle) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    page.write("Your question", "Who keeps the flags?")
    page.person.offline()
    expect(page.page.get_by_text("Not connected.")).to_be_visible(timeout=LOST)
    page.press("Ask")
    page.shows("Not saved yet.", LOST)
    expect(page.field("Your question")).to_have_value("Who keeps the flags?")
    page.person.offline(False)
    page.shows("waiting for Pia Park", BACK)
    expect(page.field("Your question")).to_have_value("")
    expect(page.page.get_by_text("Not connected.")).to_be_hidden(timeout=BACK)
    assert len(circle.story.snapshot()["questions"]) == 1


def test_a_browser_that_was_away_shows_where_things_are_when_it_is_back(circle: Circle) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    page.person.stays()
    page.person.offline()
    expect(page.page.get_by_text("Not connected.")).to_be_visible(timeout=LOST)
    circle.story.clear()
    circle.story.react()
    circle.story.ask_for_consent()
    page.person.offline(False)
    page.task("Can you live with this?", BACK)
    assert page.person.has_stayed()


def test_a_server_that_was_killed_and_started_again_costs_nobody_a_word(circle: Circle, rondo: Rondo) -> None:
    circle.story.play(until="open")
    pages = {who: circle.at(who) for who in ("max", "pia")}
    for page in pages.values():
        page.person.stays()
    pages["max"].write("Your question", WORDS)
    rondo.kill(0)
    for page in pages.values():
        expect(page.page.get_by_text("Not connected.")).to_be_visible(timeout=LOST)
    rondo.start(0)
    pages["pia"].person.tries_now()
    expect(pages["max"].page.get_by_text(re.compile("^Live"))).to_be_visible(timeout=BACK_BY_ITSELF)
    pages["max"].press("Ask")
    for page in pages.values():
        page.shows(WORDS, BACK)
        assert page.person.has_stayed()


def test_two_pages_of_one_person_show_the_same(circle: Circle) -> None:
    circle.story.play(until="ask_for_consent")
    first = circle.at("max")
    second = DecisionPage(first.person, first.person.another_page())
    second.task("Can you live with this?", 10_000)
    first.consents()
    for page in (first, second):
        page.task("You can live with this")
