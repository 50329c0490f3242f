"""Three people and somebody who reads along, each at a browser of their own: from sign-up to agreement."""

import re
from collections.abc import Iterable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.pages import DecisionPage, Gate, TeamPage
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TITLE = "Trunk-based development"
BODY = "From Monday we merge to main at least once a day."
BETTER = BODY + "\n\nPayments keeps its release branch until its suite is fast."
QUESTION, ANSWER = "Who keeps the flags?", "I do, until the summer."
REASON, WISH = "Payments has no fast suite.", "Leave payments out."
HEARD, CHANGE = "Daily merges move risk to customers.", "Payments keeps its branch."


def test_a_team_goes_from_proposal_to_agreement_and_every_page_shows_every_step_as_it_happens(enter: Enter) -> None:
    fay, pia, max_, obi = (enter(name) for name in ("fay", "pia", "max", "obi"))
    author = come_together(fay, pia, max_, obi)
    others = [see_it_coming(person) for person in (max_, fay)] + [read_along(obi, pia.page.url)]
    objector, member, observer = others
    everybody = [author, *others]
    for one in everybody:
        one.person.stays()

    first_rounds(author, objector, member, observer)
    objection(author, objector, member, observer)
    second_revision(author, objector, member, observer)

    for one in everybody:
        one.shows("This is an agreement" if one is not observer else "Adopted")
        one.turns("It is in force.")
        one.shows("Watch the flags.")
        assert one.person.has_stayed(), one.person.name


def come_together(fay: Person, pia: Person, max_: Person, obi: Person) -> DecisionPage:
    Gate(fay).signs_up()
    team = TeamPage(fay)
    fay.sees("Found a team", 10_000)
    team.founds("Harbour", "Boats go out and come back.")
    link = team.makes_link("a member")
    for newcomer in (pia, max_):
        Gate(newcomer).accepts(link, "Harbour")
    Gate(obi).accepts(team.makes_link("an observer"), "Harbour")
    for person in (fay, max_):
        person.goes_to("/home")
        person.sees("Nothing waits for you.", 10_000)
    return TeamPage(pia).proposes(TITLE, "Merges cost us eleven days.", BODY, fay.name)


def see_it_coming(person: Person) -> DecisionPage:
    """On the list of what waits for them, which they are looking at."""
    link = person.page.get_by_role("main").get_by_role("link", name=TITLE)
    expect(link).to_be_visible(timeout=1_000)
    link.click()
    page = DecisionPage(person)
    page.shows(BODY, 10_000)
    return page


def read_along(person: Person, address: str) -> DecisionPage:
    person.goes_to(address)
    page = DecisionPage(person)
    page.shows("You are reading along", 10_000)
    return page


def all_show(pages: Iterable[DecisionPage], text: str | re.Pattern[str]) -> None:
    for page in pages:
        page.shows(text)


def first_rounds(author: DecisionPage, objector: DecisionPage, member: DecisionPage, observer: DecisionPage) -> None:
    everybody = (author, objector, member, observer)
    objector.asks(QUESTION)
    all_show(everybody, QUESTION)
    author.turns("Your turn: one question waits for your answer.")
    author.answers(ANSWER)
    all_show(everybody, ANSWER)

    objector.is_clear()
    objector.task("You said that you are clear")
    for page in (author, member, observer):
        page.is_said_of("Max", "heard")
        page.turns("Fay Ferreira") if page is not member else page.turns("Your turn")
    member.is_clear()

    for page in (author, objector, member):
        page.task("How does this land with you?")
    observer.waits_for("Fay Ferreira", "Max Møller", "Pia Park")
    member.reacts("Relieved.")
    all_show(everybody, "Relieved.")
    objector.passes()
    all_show((author, member, observer), "nothing to add")
    author.reacts("Curious how it goes.")

    author.turns("Your turn: ask for consent to this text, or offer another version.")
    for page in (objector, member, observer):
        page.turns("Waiting for Pia Park: to ask for consent, or offer another version.")


def objection(author: DecisionPage, objector: DecisionPage, member: DecisionPage, observer: DecisionPage) -> None:
    everybody = (author, objector, member, observer)
    author.asks_for_consent()
    for page in (author, objector, member):
        page.task("Can you live with this?")
    objector.objects(REASON, WISH)
    all_show(everybody, REASON)
    all_show(everybody, WISH)
    member.returns_it()
    author.task("Answer with version 2")
    author.turns("Your turn: answer the objection with a new version.")
    for page in (objector, member, observer):
        page.turns("Waiting for Pia Park: version 2.")

    author.restates(HEARD)
    all_show(everybody, HEARD)
    objector.turns("Your turn: did Pia Park hear your objection?")
    objector.confirms()
    all_show((author, member, observer), "Max Møller confirms")
    objector.shows("you confirmed")


def second_revision(author: DecisionPage, objector: DecisionPage, member: DecisionPage, observer: DecisionPage) -> None:
    everybody = (author, objector, member, observer)
    author.revises(BETTER, CHANGE, "Payments left out")
    all_show(everybody, "Version 2 of 2")
    all_show(everybody, "Payments keeps its release branch until its suite is fast.")
    all_show(everybody, "Payments left out")
    objector.has_nothing_to_add()
    author.is_said_of("Max", "heard")
    member.has_nothing_to_add()
    author.task("How does this land with you?")
    for page in (objector, member, observer):
        page.turns("Waiting for Pia Park.")
    author.passes()
    for page in (objector, member, observer):
        page.turns("Waiting for Pia Park: to ask for consent, or offer another version.")

    author.asks_for_consent()
    objector.shows("How version 2 answers it")
    objector.shows(CHANGE)
    author.consents()
    for page in (objector, member, observer):
        page.is_said_of("Pia", "consent")
    member.consents_with("Watch the flags.")
    objector.shows("your answer completes the round")
    objector.consents()
