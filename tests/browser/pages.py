"""The pages as people use them: what they read is how they are found."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import PASSWORD, SOON, Person


class Sheet:
    """Any page of Rondo."""

    def __init__(self, person: Person, page: Page | None = None) -> None:
        self.person = person
        self.page: Page = page or person.page
        self.main: Locator = self.page.get_by_role("main")

    def press(self, name: str | re.Pattern[str], *, exact: bool = True) -> None:
        self.main.get_by_role("button", name=name, exact=exact).click()

    def write(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def field(self, label: str) -> Locator:
        return self.main.get_by_label(label)

    def heading(self, text: str | re.Pattern[str]) -> Locator:
        return self.main.get_by_role("heading", name=text)

    def shows(self, text: str | re.Pattern[str], within: float = SOON) -> None:
        expect(self.main.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=within)

    def hides(self, text: str, within: float = SOON) -> None:
        expect(self.main.get_by_text(text).filter(visible=True)).to_have_count(0, timeout=within)


class Gate(Sheet):
    """Where people come in."""

    def signs_up(self, path: str = "/signup") -> None:
        self.person.goes_to(path)
        self.fills_in()

    def fills_in(self) -> None:
        self.write("Your name", self.person.name)
        self.write("E-mail", self.person.email)
        self.write("Password", PASSWORD)
        self.press("Create an account")

    def accepts(self, link: str, team: str) -> None:
        """Somebody new opens an invitation: an account first, then back to it."""
        self.person.goes_to(link)
        self.main.get_by_role("link", name="Create an account to join").click()
        self.fills_in()
        self.press(f"Join {team}")
        expect(self.heading(team)).to_be_visible()


class TeamPage(Sheet):
    def founds(self, name: str, aim: str) -> None:
        self.person.goes_to("/teams/new")
        self.write("Name of the team", name)
        self.write("What is it for?", aim)
        self.press("Found the team")
        expect(self.heading(name)).to_be_visible()

    def makes_link(self, role: str) -> str:
        """The link that is shown for the new invitation, for a `member` or an `observer`."""
        self.main.get_by_role("radio", name=role).check()
        before = self.field("Pass this link on")
        known = before.input_value() if before.count() else ""
        self.press("Make a link")
        expect(self.field("Pass this link on")).not_to_have_value(known)
        return self.field("Pass this link on").input_value()

    def proposes(self, title: str, driver: str, body: str, facilitator: str) -> DecisionPage:
        """A draft first, which only its author sees; then opened, with somebody to facilitate."""
        self.main.get_by_role("link", name="New proposal").click()
        self.write("Title", title)
        self.write("Why:", driver)
        self.write("What do you propose?", body)
        self.press("Save the draft")
        expect(self.heading("Ready to show?")).to_be_visible()
        self.field("Who facilitates?").select_option(label=facilitator)
        self.press("Open the questions round")
        page = DecisionPage(self.person)
        page.turns("Waiting for", 10_000)
        return page


class DecisionPage(Sheet):
    """A decision, whatever its phase. Each method is one act of the person."""

    @property
    def turn(self) -> Locator:
        return self.page.locator("[data-turn]")

    def turns(self, text: str | re.Pattern[str], within: float = SOON) -> None:
        """The one line that says what is asked now, and of whom."""
        expect(self.turn).to_contain_text(text, timeout=within)

    def waits_for(self, *names: str) -> None:
        for words in ("Waiting for", *names):
            self.turns(words)

    def task(self, text: str, within: float = SOON) -> None:
        expect(self.page.locator("#task")).to_contain_text(text, timeout=within)

    def seat(self, name: str) -> Locator:
        """Somebody's line in the circle."""
        return self.main.get_by_role("region", name="The circle").get_by_role("listitem").filter(has_text=name)

    def is_said_of(self, name: str, words: str, within: float = SOON) -> None:
        expect(self.seat(name)).to_contain_text(words, timeout=within)

    # Questions

    def asks(self, text: str) -> None:
        self.write("Your question", text)
        self.press("Ask")

    def answers(self, text: str) -> None:
        self.write("Your answer", text)
        self.press("Answer")

    def is_clear(self) -> None:
        self.press("I am clear")

    def has_nothing_to_add(self) -> None:
        self.press("I am clear, and have nothing to add")

    # Reactions

    def reacts(self, text: str) -> None:
        self.write("Your reaction", text)
        self.press("Record my reaction")

    def passes(self) -> None:
        self.press("I have nothing to add")

    # Consent

    def asks_for_consent(self) -> None:
        self.press("Ask for consent to this text")

    def consents(self) -> None:
        self.press("Yes, I can live with this", exact=False)

    def consents_with(self, concern: str) -> None:
        self.press("Yes, and I want to note a concern")
        self.write("A concern for the record", concern)
        self.press("Consent, with this concern")

    def begins_to_object(self, reason: str) -> None:
        self.press("No, I have an objection", exact=False)
        self.write("What would go wrong if we did this?", reason)

    def objects(self, reason: str, suggestion: str) -> None:
        self.begins_to_object(reason)
        self.write("What change would bring it within your range?", suggestion)
        self.press("Record my objection")

    def returns_it(self) -> None:
        self.press("Return it now")

    # Back with its author

    def restates(self, text: str) -> None:
        self.write("What I heard is …", text)
        self.press("Say what I heard")

    def confirms(self) -> None:
        self.press("Yes, heard", exact=False)

    def revises(self, body: str, answer: str, note: str) -> None:
        self.write("How does the new version answer this?", answer)
        self.write("What we propose", body)
        self.write("What changed, in a sentence", note)
        self.press(re.compile("Offer version"), exact=False)
