"""A round held live: those in the room take turns, one who is elsewhere answers the same round, one only watches."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.circle import Circle
from tests.browser.pages import DecisionPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

REASON = "Payments has no fast suite."


def in_the_room(circle: Circle, who: str) -> DecisionPage:
    """One press from a link, and they are in."""
    circle.people[who].goes_to(f"/d/{circle.story.id}/live?join")
    page = DecisionPage(circle.people[who])
    expect(page.main.get_by_role("button", name="Leave the room")).to_be_visible(timeout=10_000)
    return page


def opened_by_the_facilitator(circle: Circle) -> DecisionPage:
    page = circle.at("fay", "What do you need to understand?")
    page.press("Open a room: meet on it live")
    page.main.get_by_role("link", name="Join the room").click()
    expect(page.main.get_by_role("button", name="Leave the room")).to_be_visible(timeout=10_000)
    return page


def test_a_meeting_goes_round_in_turns_and_nobody_elsewhere_is_left_out(circle: Circle) -> None:
    circle.story.propose()
    circle.story.open()
    facilitator = opened_by_the_facilitator(circle)
    author, elsewhere = in_the_room(circle, "pia"), circle.at("max", "What do you need to understand?")
    elsewhere.shows("A room is open.")

    facilitator.turns("Your turn: ask a question")
    author.turns("Fay Ferreira is speaking.")
    facilitator.is_clear()
    go_on = facilitator.main.get_by_role("button", name="On to reactions")
    expect(go_on).to_be_disabled()
    facilitator.shows("Waiting for Max Møller")
    elsewhere.is_clear()
    expect(go_on).to_be_enabled()
    go_on.click()

    facilitator.turns("Your turn: how does this land with you?")
    author.turns("Fay Ferreira is speaking.")
    out_of_turn = circle.ask("pia", "POST", f"rounds/{circle.story.round}/reactions/", {"text": "I first"})
    assert out_of_turn[0] == 409
    assert (out_of_turn[1]["code"], out_of_turn[1]["speaker"]) == ("not_your_turn", circle.ids["fay"])
    elsewhere.reacts("Fine from here.")
    facilitator.shows("Fine from here.")
    facilitator.shows("from elsewhere")
    facilitator.reacts("Relieved.")
    author.turns("Your turn: how does this land with you?")
    author.passes()
    facilitator.press("End the reactions")

    author.asks_for_consent()
    for page in (facilitator, author, elsewhere):
        page.task("Can you live with this?")
    elsewhere.objects(REASON, "Leave payments out.")
    facilitator.consents()
    expect(author.page.locator("body")).not_to_contain_text(REASON)
    author.consents()
    for page in (facilitator, author, elsewhere):
        page.shows(REASON)
    author.task("Answer with version 2")


def test_a_time_out_holds_the_round_and_loses_no_word(circle: Circle) -> None:
    circle.story.propose()
    circle.story.open()
    facilitator = opened_by_the_facilitator(circle)
    author = in_the_room(circle, "pia")
    facilitator.write("Your question", "Who keeps")
    facilitator.press("Time-out")
    facilitator.press("2 minutes")
    for page in (facilitator, author):
        page.turns("Time-out.")
    expect(facilitator.main.get_by_role("button", name="Ask", exact=True)).to_have_count(0)
    facilitator.press("Go on")
    facilitator.turns("Your turn")
    expect(facilitator.field("Your question")).to_have_value("Who keeps")


def test_who_watches_a_room_has_nothing_to_press_in_it(circle: Circle) -> None:
    circle.story.propose()
    circle.story.open()
    opened_by_the_facilitator(circle)
    circle.people["obi"].goes_to(f"/d/{circle.story.id}/live")
    watcher = DecisionPage(circle.people["obi"])
    expect(watcher.turn).to_contain_text(re.compile("Waiting for|speaking"), timeout=10_000)
    expect(watcher.main.get_by_role("button")).to_have_count(0)
