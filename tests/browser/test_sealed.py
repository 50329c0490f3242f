"""A sealed round: one's own words for oneself, for all others only that one has answered, until everybody has."""

import pytest
from playwright.sync_api import expect

from tests.browser.circle import Circle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

REASON = "Payments has no fast suite."


def test_a_sealed_answer_is_on_no_other_page_before_the_last_one_shows_them_all(circle: Circle) -> None:
    circle.story.play(until="react")
    circle.story.ask_for_consent(sealed=True)
    objector, author, observer = circle.at("max"), circle.at("pia"), circle.at("obi")
    objector.shows("Sealed: all answers are shown together when everyone has answered.")
    objector.objects(REASON, "Leave payments out.")
    objector.task("You object")
    objector.page.reload()
    objector.task("You object", 10_000)
    objector.shows(REASON)
    for page in (author, observer):
        page.is_said_of("Max", "answered")
        expect(page.page.locator("body")).not_to_contain_text(REASON)
    author.consents()
    circle.story.respond("fay")
    for page in (objector, author, observer):
        page.shows(REASON)
    observer.turns("Waiting for Pia Park: version 2.")
