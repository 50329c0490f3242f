"""The pages in another language: chosen by whoever reads them, at once, and with nothing in English left."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from tests.browser.circle import Circle
from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.walk.checks import ask, equip
from tools import words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def said(text: str, language: str = "de") -> str:
    with translation.override(language):
        told = gettext(text)
    assert told != text
    return told


def language_of(person: Person) -> str:
    return str(person.page.evaluate("document.documentElement.lang"))


def test_a_member_chooses_a_language_and_reads_it_at_once_and_from_then_on(circle: Circle) -> None:
    max_ = circle.people["max"]
    max_.goes_to("/me")
    max_.stays()
    max_.page.get_by_label("Language", exact=True).select_option(label="Deutsch")
    max_.page.get_by_label("Time zone").select_option(label="Auckland")
    max_.page.get_by_role("button", name="Save language and time").click()
    expect(max_.page.get_by_role("heading", name=said("Language and time"))).to_be_visible()
    max_.sees(said("Saved"))
    assert max_.has_stayed()
    assert language_of(max_) == "de"
    max_.goes_to("/home")
    expect(max_.page.get_by_role("navigation").get_by_role("link", name=said("My turn"))).to_be_visible()
    assert language_of(max_) == "de"


def test_a_decision_is_shown_and_refused_in_german_beside_members_who_read_english(circle: Circle) -> None:
    status, _ = circle.ask("max", "PATCH", "me/", {"language": "de", "time_zone": "Europe/Berlin"})
    assert status == 200
    circle.story.play(until="ask_for_consent")
    circle.at("pia", "Can you live with this?")
    max_ = circle.people["max"]
    max_.goes_to(f"/d/{circle.story.id}")
    expect(max_.page.get_by_role("heading", name=said("Can you live with this?"))).to_be_visible()
    assert language_of(max_) == "de"
    status, refused = circle.ask("max", "POST", f"proposals/{circle.story.id}/ask-for-consent/", {})
    assert (status, refused["code"]) == (403, "only_the_author")
    assert refused["detail"] == said("Only the author can do this.")
    max_.goes_to(f"/d/{circle.story.id}/record")
    max_.sees(said("Times are those of {zone}.").format(zone="Europe/Berlin"), within=10_000)


@pytest.mark.parametrize("path", ["/", "/signin", "/signup", "/help", "/verify", "/try"])
def test_whoever_is_not_signed_in_finds_the_choice_below_each_page(enter: Enter, path: str) -> None:
    guest = enter("Gus Guest")
    guest.goes_to(path)
    guest.stays()
    choice = guest.page.get_by_label("Language")
    choice.focus()
    choice.select_option(label="Nederlands")
    expect(guest.page.get_by_label(said("Language", "nl"))).to_be_focused()
    assert guest.has_stayed()
    assert language_of(guest) == "nl"
    guest.page.reload()
    expect(guest.page.get_by_label(said("Language", "nl"))).to_have_value("nl")


def test_the_browsers_own_language_is_spoken_from_the_first_moment(enter: Enter) -> None:
    """What was shown first is noted by the page itself, before anything of it could be replaced."""
    guest = enter("Greta Gast", locale="de-AT")
    guest.context.add_init_script(
        """window.seen = [];
        new MutationObserver(() => window.seen.push(document.body?.innerText ?? "")).observe(
          document, { childList: true, subtree: true, characterData: true });"""
    )
    guest.goes_to("/signin")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text(said("Sign in"))
    assert language_of(guest) == "de"
    seen = guest.page.evaluate("window.seen")
    assert not [text for text in seen if re.search(r"\b(Sign in|Password|Loading)\b", text)]


def test_who_reads_english_fetches_no_catalogue(enter: Enter) -> None:
    guest = enter("Emma English")
    fetched: list[str] = []
    guest.page.on("request", lambda request: fetched.append(request.url))
    guest.goes_to("/signin")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert fetched
    assert not [url for url in fetched if "django" in url]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_nothing_sticks_out_of_a_telephone_in_any_language(circle: Circle, language: str) -> None:
    for name in circle.people:
        status, _ = circle.ask(name, "PATCH", "me/", {"language": language})
        assert status == 200
    amiss, at = [], ""
    for phase, step in circle.story.steps():
        step()
        if phase not in ("draft", at):
            amiss += sticking_out(circle, language, max=f"/d/{circle.story.id}", fay=f"/d/{circle.story.id}/live")
        at = phase
    team = f"/t/{circle.team}"
    for path in ("/home", "/me", "/help", team, f"{team}/agreements", f"/d/{circle.story.id}/record"):
        amiss += sticking_out(circle, language, max=path)
    for path in (f"{team}/settings", f"{team}/new", f"{team}/meetings/new"):
        amiss += sticking_out(circle, language, fay=path)
    assert amiss == []


def sticking_out(circle: Circle, language: str, **paths: str) -> list[str]:
    """What is amiss on these pages, as each of these people sees theirs on a telephone."""
    found = []
    for name, path in paths.items():
        page = circle.people[name].page
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(path)
        page.locator("main h1").wait_for()
        page.wait_for_load_state("networkidle")
        assert language_of(circle.people[name]) == language
        equip(page)
        found += [f"{name} {path}: {one}" for one in (*ask(page, "sideways()"), *ask(page, "directions()"))]
    return found
