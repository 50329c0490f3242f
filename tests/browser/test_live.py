"""Being in the room: coming in by one press, coming back, hearing whose turn it is, and a telephone's small screen."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.circle import Circle
from tests.browser.conftest import NAMES, Enter
from tests.browser.pages import DecisionPage
from tests.browser.people import SOON, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PHONE = {"width": 360, "height": 640}
NOTE = "A note for yourself"
LISTEN = """
window.heard = [];
document.addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
  const words = document.getElementById('live')?.textContent;
  if (words && words !== window.heard.at(-1)?.words) window.heard.push({ words, at: Date.now() });
}).observe(document, { subtree: true, childList: true, characterData: true }));
"""


def opened(circle: Circle) -> None:
    """A proposal in its first round, and a room on it that nobody is in yet."""
    circle.story.propose()
    circle.story.open()
    act(circle, "fay", "")


def act(circle: Circle, who: str, name: str, **content: object) -> None:
    circle.story.does(who, "POST", f"proposals/{circle.story.id}/room/{name}", content)


def come_in(circle: Circle, *people: str) -> None:
    for who in people:
        act(circle, who, "join/")


def live(circle: Circle, who: str) -> DecisionPage:
    """Their page of the room, when it is there."""
    circle.people[who].goes_to(f"/d/{circle.story.id}/live")
    page = DecisionPage(circle.people[who])
    page.turns("", 10_000)
    return page


def leave_button(person: Person) -> None:
    expect(person.page.get_by_role("button", name="Leave the room")).to_be_visible(timeout=10_000)


def in_reactions(circle: Circle, *people: str) -> None:
    """A round of reactions by turns, these people in the room, the first of them to speak."""
    opened(circle)
    for who in ("fay", "max"):
        circle.story.does(who, "POST", f"rounds/{circle.story.round}/clear/", {})
    come_in(circle, *people)


def reacts(circle: Circle, who: str, text: str) -> None:
    circle.story.does(who, "POST", f"rounds/{circle.story.round}/reactions/", {"text": text})


def test_a_room_that_opens_is_on_my_turn_and_on_the_teams_page_at_once_and_one_press_away(circle: Circle) -> None:
    circle.story.propose()
    circle.story.open()
    circle.story.does("fay", "POST", f"rounds/{circle.story.round}/clear/", {})
    at_home, at_the_team = circle.people["max"], circle.people["fay"]
    at_home.goes_to("/home")
    at_home.sees("Waiting for you", 10_000)
    at_the_team.goes_to(f"/t/{circle.team}")
    at_the_team.sees("Trunk-based development", 10_000)
    for person in (at_home, at_the_team):
        person.stays()
    act(circle, "fay", "")
    for person in (at_home, at_the_team):
        person.sees("A room is open now.", 2 * SOON)
        person.page.get_by_role("link", name="To the room").click()
        leave_button(person)
        assert person.has_stayed()


def test_who_comes_back_is_where_the_others_are_within_a_second_with_what_they_were_writing(circle: Circle) -> None:
    in_reactions(circle, "fay", "max", "pia")
    page, person = live(circle, "max"), circle.people["max"]
    page.turns("Fay Ferreira is speaking.")
    page.write(NOTE, "Ask about August.")
    person.offline()
    reacts(circle, "fay", "Relieved.")
    person.offline(False)
    page.turns("Your turn: how does this land with you?", 2 * SOON)
    page.shows("Relieved.")
    page.press("Put my note here")
    expect(page.field("Your reaction")).to_have_value("Ask about August.")
    expect(page.field(NOTE)).to_have_value("")
    page.page.reload()
    page.turns("Your turn", 10_000)
    expect(page.field("Your reaction")).to_have_value("Ask about August.")
    expect(page.page).to_have_title(re.compile("^Your turn: "))


def test_a_whole_round_is_heard_in_one_polite_voice(circle: Circle) -> None:
    in_reactions(circle, "fay", "max", "pia")
    listener = circle.people["pia"]
    listener.context.add_init_script(LISTEN)
    listener.page.clock.install()
    page = live(circle, "pia")

    def told(*words: str) -> None:
        expect(page.page.locator("#live")).to_contain_text(re.compile(".*".join(map(re.escape, words))))

    def quiet() -> None:
        """The voice has been silent for long enough to speak at once."""
        page.page.clock.fast_forward(5_000)

    reacts(circle, "fay", "Relieved.")
    told("Fay Ferreira reacted.", "Max Møller is speaking. Next: you.")
    act(circle, "fay", "pause/", minutes=5)
    page.turns("Time-out.")
    act(circle, "fay", "resume/")
    page.turns("Max Møller is speaking.")
    told("Fay Ferreira reacted.")
    quiet()
    told("called a time-out.", "ended the time-out.", "Max Møller is speaking.")
    quiet()
    page.field(NOTE).press_sequentially("Wait")
    reacts(circle, "max", "Fine.")
    page.turns("Your turn: how does this land with you?")
    told("ended the time-out.")
    expect(page.field(NOTE)).to_be_focused()
    quiet()
    told("Max Møller reacted.", "Your turn: how does this land with you?")
    expect(page.field(NOTE)).to_be_focused()
    quiet()
    page.reacts("I can work with this.")
    page.shows("You are heard in this round")
    heard = page.page.evaluate("window.heard")
    assert [one["words"] for one in heard if "Pia" in one["words"]] == []
    assert all(later["at"] - earlier["at"] >= 5_000 for earlier, later in pairwise(heard))


def test_the_answers_come_all_at_once_and_take_the_focus_from_nobody_who_is_writing(circle: Circle) -> None:
    in_reactions(circle, "fay", "max", "pia")
    for who in ("fay", "max", "pia"):
        circle.story.does(who, "POST", f"rounds/{circle.story.round}/pass/", {})
    act(circle, "fay", "next/")
    circle.story.does("pia", "POST", f"proposals/{circle.story.id}/ask-for-consent/", {})
    last, writing = live(circle, "pia"), live(circle, "fay")
    circle.story.respond("max", "objection", text="Payments has no fast suite.")
    circle.story.respond("fay")
    writing.write(NOTE, "Listen to Max")
    last.consents()
    for page in (last, writing):
        page.shows("The answers: 2 consents and one objection.")
        page.shows("Payments has no fast suite.")
    expect(last.heading("Answers")).to_be_focused()
    expect(writing.field(NOTE)).to_be_focused()
    expect(writing.page.locator("#live")).to_contain_text("2 consents and one objection.", timeout=6_000)


def test_after_a_round_by_turns_the_circle_hears_of_its_voices_and_of_nobodys_time(circle: Circle) -> None:
    in_reactions(circle, "fay", "pia", "max")
    page = live(circle, "max")
    while speaker := circle.story.snapshot()["room"]["speaker"]:
        who = next(name for name, id in circle.ids.items() if id == speaker)
        circle.story.does(who, "POST", f"rounds/{circle.story.round}/pass/", {})
    act(circle, "fay", "next/")
    page.shows("Heard in the room: Fay Ferreira, Max Møller and Pia Park.")
    page.shows(re.compile(r"(Turns took from|Each turn took) \d:\d\d"))
    circle.people["obi"].goes_to(f"/d/{circle.story.id}/record")
    circle.people["obi"].sees("Heard in the room: Fay Ferreira, Max Møller and Pia Park.", 10_000)


@pytest.fixture
def on_telephones(enter: Enter) -> Circle:
    return Circle({name: enter(name, viewport=PHONE) for name in NAMES})


def top_of(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return float(box["y"])


def test_on_a_telephone_the_bar_is_one_row_and_covers_no_box_that_has_the_focus(on_telephones: Circle) -> None:
    circle = on_telephones
    in_reactions(circle, "fay", "max", "pia")
    page = live(circle, "fay")
    page.turns("Your turn: how does this land with you?")
    bar = page.page.get_by_role("region", name="The facilitator's bar")
    assert top_of(page.page, ".bar") > PHONE["height"] * 0.75
    for label in ("Your reaction", NOTE):
        page.field(label).focus()
        box = page.field(label).bounding_box()
        assert box is not None
        assert box["y"] + min(box["height"], 80) <= top_of(page.page, ".bar")
    bar.get_by_role("button", name="More", exact=True).click()
    assert top_of(page.page, ".bar") > PHONE["height"] * 0.35
    bar.get_by_role("button", name="Time-out …").click()
    bar.get_by_role("button", name="5 minutes").click()
    page.turns("Time-out.")
    expect(bar.get_by_role("button", name="More", exact=True)).to_be_focused()
    assert page.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    bar.get_by_role("button", name="More", exact=True).click()
    bar.get_by_role("button", name="Take the meeting elsewhere …").click()
    expect(bar).to_contain_text("The round goes on, each in their own time")
    bar.get_by_role("button", name="Close the room").click()
    page.shows("No room is open")
