"""A screen for all: it follows a decision held live, reads nothing sealed, is legible, and ends with its link."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.circle import Circle
from tests.browser.conftest import Enter
from tests.browser.pages import DecisionPage, Sheet
from tests.browser.test_room import REASON, in_the_room

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LOOKED_AT_AGAIN = 10_000  # milliseconds; the server looks every five seconds whether a link still shows something
SIZES = [(1280, 720), (1920, 1080), (3840, 2160)]

# Of everything that is read: how large it is set, in parts of the height of the screen, and the smallest of it.
SMALLEST = """
() => {
  const walker = document.createTreeWalker(document.querySelector('.screen'), NodeFilter.SHOW_TEXT);
  const sizes = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const box = walker.currentNode.parentElement;
    if (text && box.checkVisibility()) sizes.push([parseFloat(getComputedStyle(box).fontSize) / innerHeight, text]);
  }
  return sizes.sort((a, b) => a[0] - b[0])[0];
}
"""
TURN = "parseFloat(getComputedStyle(document.querySelector('[data-turn]')).fontSize) / innerHeight"
STICKS_OUT = """
() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const high = document.documentElement.scrollHeight - innerHeight;
  return [wide, high];
}
"""
GROUND = "getComputedStyle(document.body).backgroundColor"
DRAWN = "(picture) => picture.complete && picture.naturalWidth > 0"


def met(circle: Circle, *present: str) -> Circle:
    """A room is open, and these are in it in this order."""
    circle.story.does("fay", "POST", f"proposals/{circle.story.id}/room/", {})
    for who in present:
        circle.story.does(who, "POST", f"proposals/{circle.story.id}/room/join/", {})
    return circle


def link_of(circle: Circle, who: str) -> Any:
    return circle.story.does(who, "POST", f"proposals/{circle.story.id}/screens/", {}, 201)


def shown(enter: Enter, url: str, **context: Any) -> DecisionPage:
    """What somebody sees who has the link and is nobody."""
    beamer = enter("a screen", **{"viewport": {"width": 1280, "height": 720}, **context})
    beamer.goes_to(url)
    screen = DecisionPage(beamer)
    screen.turns("", 10_000)
    return screen


def test_a_link_is_made_on_the_live_page_and_the_screen_follows_the_round(circle: Circle, enter: Enter) -> None:
    circle.story.propose()
    circle.story.open()
    met(circle, "pia")
    facilitator = in_the_room(circle, "fay")
    facilitator.main.get_by_text("Show this on a screen").click()
    facilitator.press("Make a link")
    link = facilitator.field("The link, shown this once")
    expect(link).to_be_visible()
    screen = shown(enter, link.input_value())
    screen.turns("Fay Ferreira is speaking.")
    screen.shows("Also awaited: Max Møller.")
    expect(screen.main.get_by_role("listitem").filter(has_text="Fay Ferreira")).to_contain_text("speaking")
    expect(screen.main.get_by_role("listitem").filter(has_text="Max Møller")).to_contain_text("elsewhere, not yet")
    picture = screen.main.get_by_role("img", name="QR code to join, make it larger")
    expect(picture).to_be_visible()
    screen.page.wait_for_function(DRAWN, arg=picture.element_handle())
    screen.shows(f"/d/{circle.story.id}/live")

    facilitator.asks("Who keeps the flags?")
    screen.shows("Who keeps the flags?")
    circle.story.answer_it()
    screen.shows("I do.")
    facilitator.is_clear()
    screen.turns("Waiting for Max Møller.")
    circle.story.does("max", "POST", f"rounds/{circle.story.round}/clear/", {})
    screen.turns("Everyone is heard.")
    facilitator.press("On to reactions")
    screen.turns("Fay Ferreira is speaking.")
    screen.shows("Next: Pia Park.")
    facilitator.reacts("Relieved.")
    screen.turns("Pia Park is speaking.")
    screen.shows("Relieved.")
    screen.press("Show the text")
    screen.shows("What we propose")
    screen.turns("Pia Park is speaking.")
    facilitator.press("Time-out")
    facilitator.press("2 minutes")
    screen.turns("Time-out.")


def test_in_a_sealed_round_a_screen_shows_who_answered_and_then_the_answers(circle: Circle, enter: Enter) -> None:
    circle.story.play(until="react")
    circle.story.ask_for_consent(sealed=True)
    screen = shown(enter, link_of(circle, "max")["url"])
    circle.story.respond("max", "objection", text=REASON, suggestion="Leave payments out.")
    own = circle.people["max"]
    own.goes_to(f"/d/{circle.story.id}/live?screen=1")
    mine = DecisionPage(own)
    for page in (screen, mine):
        expect(page.main.get_by_role("listitem").filter(has_text="Max Møller")).to_contain_text("answered")
        expect(page.main.get_by_role("listitem").filter(has_text="Pia Park")).to_contain_text("not yet")
        page.waits_for("Fay Ferreira", "Pia Park")
        expect(page.page.locator("body")).not_to_contain_text(REASON)
    circle.story.respond("fay")
    circle.story.respond("pia")
    for page in (screen, mine):
        page.shows("2 consents, 1 objection")
        page.shows(REASON)
        page.shows("Leave payments out.")


def test_a_screen_says_that_its_link_has_ended(circle: Circle, enter: Enter) -> None:
    circle.story.propose()
    circle.story.open()
    link = link_of(circle, "max")
    screen = shown(enter, link["url"])
    maker = in_the_room(met(circle), "max")
    maker.press("Close this link")
    expect(screen.heading("This link shows nothing any more")).to_be_visible(timeout=LOOKED_AT_AGAIN)
    expect(screen.page.locator("body")).not_to_contain_text("Trunk-based development")
    maker.hides("Close this link")
    assert screen.person.troubles == [f"404: GET {screen.person.url}/api/v1/screens/{link['token']}/"]
    screen.person.troubles.clear()


def test_a_screen_that_lost_its_connection_says_so_and_is_up_to_date_when_it_is_back(
    circle: Circle, enter: Enter
) -> None:
    circle.story.propose()
    circle.story.open()
    screen = shown(enter, link_of(circle, "fay")["url"])
    screen.person.offline()
    screen.shows("Not connected.", 10_000)
    circle.story.ask_a_question()
    screen.person.offline(False)
    screen.shows("Who keeps the flags?", 15_000)
    screen.hides("Not connected.")


def test_everything_on_a_screen_is_legible_at_four_metres_in_a_light_of_its_own(circle: Circle, enter: Enter) -> None:
    circle.story.propose()
    circle.story.open()
    met(circle, "max")
    screen = shown(enter, link_of(circle, "fay")["url"], color_scheme="dark")
    page = screen.page
    circle.story.does("fay", "POST", f"proposals/{circle.story.id}/room/timebox/", {"seconds": 60})
    circle.story.ask_a_question()
    screen.shows("Who keeps the flags?")
    assert_legible(page)
    circle.story.answer_it()
    circle.story.clear()
    circle.story.does("fay", "POST", f"proposals/{circle.story.id}/room/next/", {})
    screen.shows("How does this land with you?")
    assert_legible(page)
    screen.press("Show the text")
    assert_legible(page)
    screen.press("Back to the round")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(STICKS_OUT)[0] == 0

    dark = page.evaluate(GROUND)
    screen.press("Light")
    assert page.evaluate(GROUND) != dark
    screen.person.goes_to("/signin")
    expect(Sheet(screen.person).heading("Sign in")).to_be_visible()
    assert page.evaluate(GROUND) == dark


def assert_legible(page: Page) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        size, text = page.evaluate(SMALLEST)
        assert size >= 1 / 50, (text, width)
        assert page.evaluate(TURN) >= 1 / 30
        assert page.evaluate(STICKS_OUT) == [0, 0], width
