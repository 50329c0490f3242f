"""Everything that a decision asks of somebody can be done by keyboard alone, and nothing holds the focus."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.circle import ALLAUTH, Circle
from tests.browser.conftest import Enter
from tests.browser.keys import Keys
from tests.browser.pages import DecisionPage
from tests.browser.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

REASON = "Payments has no fast suite."


def test_somebody_signs_in_by_keyboard(enter: Enter) -> None:
    person = enter("kim")
    email = f"{uuid.uuid4().hex}@example.org"
    person.context.request.get(f"{person.url}{ALLAUTH}/config")
    token = {cookie["name"]: cookie["value"] for cookie in person.context.cookies()}["csrftoken"]
    mine = {"email": email, "password": PASSWORD, "name": "Kim Kuiper"}
    headers = {"X-CSRFToken": token, "Origin": person.url}
    assert person.context.request.post(f"{person.url}{ALLAUTH}/auth/signup", data=mine, headers=headers).ok
    person.context.clear_cookies()

    person.goes_to("/signin")
    keys = Keys(person.page)
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    keys.types("E-mail", email)
    keys.types("Password", PASSWORD)
    keys.presses("Sign in")
    expect(person.page.get_by_role("heading", name="My turn")).to_be_visible()


def test_from_the_first_question_to_the_second_version_nobody_needs_a_mouse(circle: Circle) -> None:
    circle.story.propose()
    pages = {"pia": circle.at("pia")}
    keys = {who: Keys(circle.people[who].page) for who in ("pia", "fay", "max")}

    keys["pia"].presses("Open the questions round")
    pages["pia"].turns("Waiting for")
    circle.people["max"].goes_to("/home")
    keys["max"].presses("Trunk-based development")
    pages["max"] = DecisionPage(circle.people["max"])
    pages["max"].turns("Your turn", 10_000)
    pages["fay"] = circle.at("fay")

    keys["max"].types("Your question", "Who keeps the flags?")
    keys["max"].presses("Ask$")
    pages["pia"].turns("one question waits")
    keys["pia"].types("Your answer", "I do.")
    keys["pia"].presses("Answer$")
    pages["max"].shows("I do.")
    keys["max"].presses("I am clear$")
    pages["max"].task("You said that you are clear")
    keys["fay"].presses("I am clear$")

    pages["max"].turns("how does this land")
    keys["max"].types("Your reaction", "Curious.")
    keys["max"].presses("Record my reaction")
    pages["fay"].shows("Curious.")
    keys["fay"].presses("I have nothing to add")
    pages["pia"].shows("Curious.")
    circle.ask("pia", "POST", f"rounds/{circle.story.round}/pass/", {})

    pages["pia"].turns("ask for consent")
    keys["pia"].presses("Ask for consent to this text")
    pages["max"].task("Can you live with this?")
    keys["max"].presses(".*No, I have an objection", "Space")
    expect(pages["max"].field("What would go wrong if we did this?")).to_be_focused()
    pages["max"].page.keyboard.type(REASON)
    keys["max"].presses("Record my objection")
    pages["fay"].shows(REASON)
    keys["fay"].presses(".*Yes, I can live with this")
    pages["fay"].task("You can live with this")
    circle.story.respond("pia")

    pages["pia"].turns("answer the objection")
    keys["pia"].types("What I heard is", "Daily merges move risk to customers.")
    keys["pia"].presses("Say what I heard")
    pages["max"].turns("did Pia Park hear your objection?")
    keys["max"].presses(".*Yes, heard")
    pages["pia"].shows("Max Møller confirms")
    keys["pia"].types("How does the new version answer this", "Payments keeps its branch.")
    keys["pia"].types("What we propose", "We merge daily, payments aside.")
    keys["pia"].presses("Offer version 2")
    pages["max"].shows("We merge daily, payments aside.")

    keys["fay"].presses("Open a room")
    pages["max"].shows("A room is open.")
    keys["max"].presses("Join the room")
    leave = pages["max"].main.get_by_role("button", name="Leave the room")
    expect(leave).to_be_visible(timeout=10_000)
    keys["max"].presses("Leave the room")
    expect(leave).to_have_count(0)


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_nothing_holds_the_focus(circle: Circle, key: str) -> None:
    circle.story.play(until="return_now")
    page = circle.at("pia", "Answer with version 2")
    assert Keys(page.page).goes_round(key) > 10
    circle.ask("fay", "POST", f"proposals/{circle.story.id}/room/", {})
    circle.people["fay"].goes_to(f"/d/{circle.story.id}/live?join")
    live = DecisionPage(circle.people["fay"])
    expect(live.main.get_by_role("button", name="Leave the room")).to_be_visible(timeout=10_000)
    assert Keys(live.page).goes_round(key) > 5
