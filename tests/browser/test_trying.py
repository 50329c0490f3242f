"""From the first page to a first agreement without an account, in at most twelve presses, and on to a team."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.pages import DecisionPage, Gate, Sheet

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PRESSES = 12
PLAYED = 10_000  # milliseconds for what the server plays
COUNT = "window.presses = 0; addEventListener('click', (event) => event.isTrusted && window.presses++, true)"
AGREED = "This is an agreement"


def test_a_visitor_comes_to_an_agreement_in_twelve_presses_and_takes_the_text_to_a_team(enter: Enter) -> None:
    visitor = enter("Vera Visitor")
    visitor.goes_to("/")
    visitor.page.evaluate(COUNT)
    visitor.stays()
    page = DecisionPage(visitor)

    page.main.get_by_role("link", name="Try it").click()
    page.shows("They are played by this server", PLAYED)
    page.press("Show it to the circle")
    page.shows("What counts as quiet", PLAYED)
    page.press("Answer")
    page.task("How does this land with you?", PLAYED)
    page.passes()
    page.turns("Your turn: ask for consent", PLAYED)
    page.asks_for_consent()
    page.task("Can you live with this?", PLAYED)
    page.consents()
    page.task("Answer with version 2", PLAYED)
    page.shows("I call my mother at 12.")
    page.press("Say what I heard")
    page.shows("Cleo feels heard. Offer version 2", PLAYED)
    page.press("Offer version 2", exact=False)
    page.task("How does this land with you?", PLAYED)
    page.passes()
    page.turns("Your turn: ask for consent", PLAYED)
    page.asks_for_consent()
    page.task("Can you live with this?", PLAYED)
    page.consents()
    page.task(AGREED, PLAYED)
    page.shows("From 13 to 15 the shared room is quiet")
    assert visitor.has_stayed()
    assert visitor.page.evaluate("window.presses") <= PRESSES

    page.press("Use this with your team")
    Gate(visitor).fills_in()
    team = Sheet(visitor)
    expect(team.heading("Found a team")).to_be_visible(timeout=PLAYED)
    team.shows("Your text «Quiet hours in the shared room» waits under New proposal.")
    team.write("Name of the team", "Our own")
    team.press("Found the team")
    team.main.get_by_role("link", name="New proposal").click()
    expect(team.field("Title")).to_have_value("Quiet hours in the shared room", timeout=PLAYED)
    expect(team.field("What do you propose?")).to_have_value(re.compile("^From 13 to 15"))
    visitor.goes_to("/home")
    team.shows("Nothing waits for you.", PLAYED)
