"""A meeting of two decisions in five browsers: four in it, one elsewhere who answers the same rounds meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.circle import Circle
from tests.browser.meeting_pages import MeetingPage, PlanPage
from tests.browser.pages import DecisionPage
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

FIVE = {
    "fay": "Fay Ferreira",
    "pia": "Pia Park",
    "max": "Max Møller",
    "jun": "Jun Tanaka",
    "noor": "نور الهاشمي",
}
REASON = "Payments has no fast suite."
BETTER = "We merge daily; payments keeps its branch."


@pytest.fixture
def circle(enter: Callable[..., Person]) -> Circle:
    return Circle({name: enter(full) for name, full in FIVE.items()})


def proposed(circle: Circle, title: str) -> str:
    path = f"teams/{circle.team}/proposals/"
    status, draft = circle.ask("pia", "POST", path, {"title": title, "driver": "It costs us days.", "body": "Daily."})
    assert status == 201, draft
    status, done = circle.ask("pia", "POST", f"proposals/{draft['id']}/open/", {})
    assert status == 200, done
    return str(draft["id"])


def test_five_people_hold_a_meeting_of_two_decisions(circle: Circle) -> None:
    first, second = proposed(circle, "Trunk-based development"), proposed(circle, "Pairing on Tuesdays")
    people = circle.people
    path = PlanPage(people["fay"]).plans(circle.team, "Monday", "Trunk-based development", "Pairing on Tuesdays")
    fay, pia, max_, jun = inside = [MeetingPage(people[name], path) for name in ("fay", "pia", "max", "jun")]
    elsewhere = DecisionPage(people["noor"])

    everybody_checks_in(people, *inside)
    everybody_agrees_to_the_agenda(*inside)

    people["noor"].goes_to(f"/d/{first}")
    they_go_to(circle, inside, first, "Trunk-based development")
    elsewhere.shows("A room is open.", 5_000)
    elsewhere.is_clear()
    the_turn_leaves(elsewhere)
    the_questions_go_round(circle, inside)
    elsewhere.reacts("Fine from here.")
    the_turn_leaves(elsewhere)
    the_reactions_go_round(circle, inside)
    consent_is_asked(pia, *inside, elsewhere)
    one_objects_and_nobody_knows_before_the_last_answer(inside, elsewhere)
    the_author_hears_it_and_revises(pia, max_)
    elsewhere.has_nothing_to_add()
    the_turn_leaves(elsewhere)
    the_second_rounds(circle, inside)
    consent_is_asked(pia, *inside, elsewhere)
    for page in (*inside, elsewhere):
        page.consents()
    for page in inside:
        page.shows(re.compile("Adopted|Agreement"), 5_000)

    fay.press("Leave this decision")
    they_go_to(circle, inside, second, "Pairing on Tuesdays")
    the_questions_go_round(circle, inside, go_on=False)
    fay.press("Leave this decision")

    everybody_checks_out(fay, pia, max_, jun)
    the_minutes_have_written_themselves(people["noor"], path)


def they_go_to(circle: Circle, inside: list[MeetingPage], decision: str, title: str) -> None:
    circle.story.id = decision
    inside[0].goes_to_decision(title)
    for page in inside:
        page.is_at(title)


def consent_is_asked(author: MeetingPage, *everybody: DecisionPage) -> None:
    author.asks_for_consent()
    for page in everybody:
        page.task("Can you live with this?", 5_000)


def one_objects_and_nobody_knows_before_the_last_answer(inside: list[MeetingPage], elsewhere: DecisionPage) -> None:
    """Sealed: all answers appear together, wherever they came from."""
    fay, pia, max_, jun = inside
    max_.objects(REASON, "Leave payments out.")
    for page in (fay, pia, jun):
        page.consents()
    for one in (fay, pia, jun, elsewhere):
        expect(one.page.locator("body")).not_to_contain_text(REASON)
    elsewhere.consents()
    for one in (*inside, elsewhere):
        one.shows(REASON, 5_000)


def the_author_hears_it_and_revises(pia: MeetingPage, max_: MeetingPage) -> None:
    pia.restates("Daily merges move risk to customers.")
    max_.shows("Daily merges move risk to customers.", 5_000)
    max_.confirms()
    pia.revises(BETTER, "Payments keeps its branch.", "Payments left out")


def everybody_checks_out(fay: MeetingPage, pia: MeetingPage, max_: MeetingPage, jun: MeetingPage) -> None:
    """The other way round than they came in."""
    fay.press("On to the check-out")
    for page in (jun, max_, pia, fay):
        page.turns("Your turn: how do you leave?", 5_000)
        page.speaks()
    fay.press("End the meeting")
    fay.turns("The meeting has ended.", 5_000)


def the_minutes_have_written_themselves(reader: Person, path: str) -> None:
    """What was decided word for word, and where the rest goes on; not who said what."""
    reader.goes_to(f"{path}/minutes")
    minutes = MeetingPage(reader, path)
    minutes.shows("Adopted: everyone can live with version 2.", 10_000)
    minutes.shows(BETTER)
    minutes.shows(re.compile(r"Questions go on, each in their own time"))
    for said in (REASON, "Fine from here."):
        expect(reader.page.locator("body")).not_to_contain_text(said)


def everybody_checks_in(people: dict[str, Person], *pages: MeetingPage) -> None:
    """The facilitator opens it; the others come by one press, from their home or by the link."""
    fay, pia, max_, jun = pages
    people["pia"].goes_to("/home")
    fay.press("Open the meeting")
    fay.turns("Your turn: how are you here today?", 5_000)
    pia.main.get_by_role("link", name="Join the meeting").click(timeout=10_000)
    pia.turns("Fay Ferreira is speaking.", 10_000)
    max_.comes_in()
    jun.comes_in()
    max_.turns("Next: Pia Park.", 5_000)
    fay.speaks()
    for page in (pia, max_, jun):
        page.turns("Your turn: how are you here today?", 5_000)
        page.speaks()
    fay.press("On to the agenda")


def everybody_agrees_to_the_agenda(*pages: MeetingPage) -> None:
    """Somebody asks for a change first: nothing goes on until the facilitator has answered it."""
    fay, pia, max_, jun = pages
    for page in (fay, pia, jun):
        page.turns("Can you live with this agenda?", 5_000)
        page.agrees()
    max_.asks_to_change("Pairing needs five minutes only.")
    fay.turns("Max Møller asks for a change.", 5_000)
    fay.shows("Pairing needs five minutes only.")
    fay.main.get_by_role("link", name="Change the agenda").click()
    fay.main.get_by_label("Minutes").last.fill("5")
    fay.press("Save the plan")
    for page in pages:
        page.turns("Can you live with this agenda?", 5_000)
        page.agrees()
    fay.turns("Go to the next decision.", 5_000)


def speaking(circle: Circle, inside: list[MeetingPage]) -> MeetingPage:
    """The page of whoever has the turn now, and says so; the others' pages say whose it is."""
    speaker = str(circle.story.snapshot()["room"]["speaker"])
    name = next(name for name, id in circle.ids.items() if id == speaker)
    page = next(one for one in inside if one.person is circle.people[name])
    page.turns("Your turn", 5_000)
    for other in inside:
        if other is not page:
            other.turns(f"{circle.people[name].name} is speaking.", 5_000)
    return page


def the_turn_leaves(page: DecisionPage) -> None:
    """What they gave is recorded, and the turn has moved on from them."""
    expect(page.turn).not_to_contain_text("Your turn", timeout=5_000)


def out_of_turn(circle: Circle, path: str, body: dict[str, object]) -> None:
    """Whoever speaks next tries to be first, by HTTP: refused, told whose turn it is, and nothing has changed."""
    before = circle.story.snapshot()
    speaker = before["room"]["speaker"]
    hasty = next(id for id in before["room"]["order"] if id != speaker and before["participants"][id]["awaited"])
    name = next(name for name, id in circle.ids.items() if id == hasty)
    status, answer = circle.ask(name, "POST", path, body)
    assert (status, answer["code"], answer["speaker"]) == (409, "not_your_turn", speaker)
    assert circle.story.snapshot() == before


def the_questions_go_round(circle: Circle, inside: list[MeetingPage], *, go_on: bool = True) -> None:
    """Everybody but the author, in turn. The first asks, and has the turn until the answer is there."""
    out_of_turn(circle, f"rounds/{circle.story.round}/questions/", {"text": "Me first?"})
    pia = next(page for page in inside if page.person.name == "Pia Park")
    page = speaking(circle, inside)
    page.asks("Who keeps the flags?")
    pia.shows("Who keeps the flags?", 5_000)
    pia.answers("I do.")
    page.shows("I do.", 5_000)
    page.is_clear()
    the_turn_leaves(page)
    for _ in range(2):
        page = speaking(circle, inside)
        page.is_clear()
        the_turn_leaves(page)
    if go_on:
        inside[0].press("On to reactions")


def the_reactions_go_round(circle: Circle, inside: list[MeetingPage]) -> None:
    """Everybody once, the author last; what came from elsewhere is read in its place."""
    inside[0].turns(re.compile("speaking|Your turn"), 5_000)
    out_of_turn(circle, f"rounds/{circle.story.round}/pass/", {})
    for page in inside:
        page.shows("Fine from here.", 5_000)
        page.shows("from elsewhere")
    for n in range(4):
        page = speaking(circle, inside)
        if n == 1:
            page.reacts("Relieved.")
        else:
            page.passes()
        the_turn_leaves(page)
    inside[0].press("End the reactions")


def the_second_rounds(circle: Circle, inside: list[MeetingPage]) -> None:
    inside[0].turns(re.compile("speaking|Your turn"), 5_000)
    for _ in range(3):
        page = speaking(circle, inside)
        page.has_nothing_to_add()
        the_turn_leaves(page)
    inside[0].press("On to reactions")
    # Whoever said that they have nothing to add is heard already: the author alone is left.
    inside[1].turns("Your turn", 5_000)
    inside[1].passes()
    inside[0].press("End the reactions")
