"""How much Rondo asks of hands: every press is counted, and so is every way into a field that is written in."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.circle import Circle
from tests.browser.conftest import Enter
from tests.browser.pages import DecisionPage, Gate, TeamPage
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# Kept over the loading of pages, for each browser.
COUNT = """
(() => {
  const count = () => (localStorage.presses = Number(localStorage.presses ?? 0) + 1);
  addEventListener("click", (event) => event.isTrusted && count(), true);
  addEventListener("focusin", (event) => event.target.matches("input:not([type=radio]), textarea") && count(), true);
})();
"""
FIRST_AGREEMENT = 45  # presses of three people in all, from signing up to an agreement
CONSENT, OBJECTION = 1, 3
TEAM, STARTER = "Harbour", "How we take notes"


def counted(person: Person) -> Person:
    person.email = f"{uuid.uuid4().hex[:12]}@example.org"  # others of this name come to the same server
    person.context.add_init_script(COUNT)
    return person


def presses(*people: Person) -> int:
    return sum(int(person.page.evaluate("localStorage.presses ?? 0")) for person in people)


def test_three_people_come_from_signing_up_to_their_first_agreement_in_forty_five_presses(enter: Enter) -> None:
    fay, pia, max_ = people = [counted(enter(name)) for name in ("fay", "pia", "max")]
    fay.goes_to("/")
    Gate(fay).main.get_by_role("link", name=re.compile("^(Create an|Make the first) account$")).click()
    Gate(fay).fills_in()
    team = TeamPage(fay)
    team.main.get_by_role("link", name="Found a team").click()
    team.write("Name of the team", TEAM)
    team.press("Found the team")
    expect(team.heading(TEAM)).to_be_visible()
    team.press("Make a link")
    link = team.field("Pass this link on").input_value()
    for newcomer in (pia, max_):
        Gate(newcomer).accepts(link, TEAM)

    team.main.get_by_role("link", name=STARTER).click()
    expect(team.field("Title")).to_have_value(STARTER)
    team.press("Open the questions round")
    author, others = DecisionPage(fay), [DecisionPage(pia), DecisionPage(max_)]
    author.turns("Waiting for", 10_000)
    for page in others:
        # The row of the decision, not the example of the same name that an empty team is offered.
        page.main.get_by_role("heading", name=STARTER).get_by_role("link").click(timeout=10_000)
        page.is_clear()
    for page in (*others, author):
        page.task("How does this land with you?", 10_000)
        page.passes()
    author.turns("Your turn: ask for consent")
    author.asks_for_consent()
    for page in (*others, author):
        page.task("Can you live with this?")
        page.consents()
    for page in (author, *others):
        page.task("This is an agreement")
    assert presses(*people) <= FIRST_AGREEMENT


def test_consent_takes_one_press_and_an_objection_three_and_its_text(circle: Circle) -> None:
    circle.story.play(until="ask_for_consent")
    for name in ("pia", "max"):
        counted(circle.people[name])
    member, objector = circle.at("pia", "Can you live with this?"), circle.at("max", "Can you live with this?")
    member.consents()
    member.task("You can live with this")
    assert presses(member.person) <= CONSENT
    objector.page.get_by_role("button", name="No, I have an objection").click()
    objector.page.keyboard.type("Payments has no fast suite.")  # the box has the focus already
    objector.press("Record my objection")
    objector.task("You object")
    assert presses(objector.person) <= OBJECTION
