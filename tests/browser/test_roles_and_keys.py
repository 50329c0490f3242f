"""Whose buttons are there, and that nobody needs a mouse for them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.circle import Circle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FAR = 60  # presses of Tab in which every control of a page is reached
FOCUSED = "document.activeElement?.textContent?.trim().replace(/\\s+/g, ' ') ?? ''"


READS = {
    "clarifying": "The circle asks questions",
    "reaction": "Everyone says how the proposal lands with them",
    "tuning": "asks for consent to this text next",
    "consent": "Everyone says whether they can live with this.",
    "revising": "An objection sent the proposal back.",
    "adopted": "This is an agreement",
}


def test_an_observer_reads_everything_and_has_no_button_in_any_phase(circle: Circle) -> None:
    circle.story.play(until="open")
    page = circle.at("obi")
    seen = ["clarifying"]
    for phase, step in circle.story.steps()[2:]:
        step()
        page.shows(READS[phase])
        expect(page.main.get_by_role("button")).to_have_count(0)
        expect(page.main.get_by_role("textbox")).to_have_count(0)
        seen.append(phase)
    assert set(seen) == set(READS)


def test_consent_is_given_by_keyboard_alone_and_the_focus_is_not_lost(circle: Circle) -> None:
    circle.story.play(until="ask_for_consent")
    page = circle.at("max", "Can you live with this?")
    tab_to(page.page, "Yes, I can live with this")
    page.page.keyboard.press("Enter")
    page.task("You can live with this")
    expect(page.page.locator("#task")).to_be_focused()
    tab_to(page.page, "Change my answer")


def test_an_objection_is_raised_by_keyboard_alone(circle: Circle) -> None:
    circle.story.play(until="ask_for_consent")
    page = circle.at("max", "Can you live with this?")
    tab_to(page.page, "No, I have an objection")
    page.page.keyboard.press("Space")
    expect(page.field("What would go wrong if we did this?")).to_be_focused()
    page.page.keyboard.type("Payments has no fast suite.")
    tab_to(page.page, "Record my objection")
    page.page.keyboard.press("Enter")
    page.task("You object")
    assert circle.story.objection


def tab_to(page: Page, words: str) -> None:
    passed = []
    for _ in range(FAR):
        page.keyboard.press("Tab")
        passed.append(str(page.evaluate(FOCUSED)))
        if words in passed[-1] and len(passed[-1]) < 200:
            return
    raise AssertionError(f"{words!r} was not reached: {passed}")
