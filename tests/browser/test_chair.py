"""The facilitator's browser dies in the middle of a round: nobody is indispensable, and the round goes on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.circle import Circle
from tests.browser.conftest import Enter
from tests.browser.pages import DecisionPage
from tests.browser.people import Person
from tests.browser.test_room import in_the_room
from tests.story.moved_clock import Time

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TAKE = "Take the chair"
NOTICED = 10_000  # milliseconds until the others' pages say that somebody's connection is gone
TRIES = 5


def bar(page: DecisionPage) -> Locator:
    return page.page.get_by_role("region", name="The facilitator's bar")


def seat(page: DecisionPage, name: str) -> Locator:
    seats = page.main.get_by_role("list", name="The circle, in speaking order")
    return seats.get_by_role("listitem").filter(has_text=name)


def test_a_facilitator_whose_browser_dies_is_followed_by_another_after_two_minutes_and_the_round_goes_on(
    circle: Circle, enter: Enter, time: Time
) -> None:
    circle.story.play(until="open")
    circle.ask("fay", "POST", f"proposals/{circle.story.id}/room/", {})
    pages = {who: in_the_room(circle, who) for who in ("fay", "max", "pia")}
    pages["max"].turns("Fay Ferreira is speaking.")
    profile = circle.people["fay"].context.storage_state()
    circle.people["fay"].context.close()

    taking = pages["max"].main.get_by_role("button", name=TAKE)
    expect(taking).to_be_visible(timeout=NOTICED)
    assert try_to_take_the_chair(pages["max"]) == (409, "still_here")
    after_two_minutes(pages["max"], time)
    expect(bar(pages["max"])).to_be_visible()

    bar(pages["max"]).get_by_role("button", name="Give the turn", exact=True).click()
    bar(pages["max"]).get_by_role("button", name="Max Møller").click()
    pages["max"].turns("Your turn")
    pages["pia"].turns("Max Møller is speaking.")
    pages["max"].is_clear()
    returned = comes_back(circle, enter("fay", storage_state=profile))
    returned.shows("While you were away, Max Møller took the chair")
    expect(seat(returned, "Max Møller")).to_contain_text("facilitates")
    expect(bar(returned)).to_have_count(0)
    returned.turns("Your turn")
    returned.is_clear()
    pages["max"].page.get_by_role("button", name="On to reactions").click()
    for page in (pages["max"], pages["pia"], returned):
        page.turns(re.compile("Your turn: how does this land with you|is speaking"), 5_000)
    assert events(circle)[-1] == "round_opened"
    assert events(circle).count("facilitator_changed") == 1


def try_to_take_the_chair(page: DecisionPage) -> tuple[int, str]:
    with page.page.expect_response("**/chair/") as answered:
        page.press(TAKE)
    answer = answered.value.json()
    return answered.value.status, answer.get("code", "")


def after_two_minutes(page: DecisionPage, time: Time) -> None:
    """The server may have noted that she left only after the clock was moved; then it counts from there."""
    for _ in range(TRIES):
        time.forward(timedelta(minutes=2, seconds=11))
        if try_to_take_the_chair(page)[0] == 200:
            return
    raise AssertionError("the chair could not be taken")


def comes_back(circle: Circle, person: Person) -> DecisionPage:
    person.goes_to(f"/d/{circle.story.id}/live")
    page = DecisionPage(person)
    page.turns("", NOTICED)
    return page


def events(circle: Circle) -> list[str]:
    entries = circle.ask("max", "GET", f"proposals/{circle.story.id}/journal/")[1]["results"]
    return [entry["event"] for entry in entries]
