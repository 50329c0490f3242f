"""A meeting as people use it: its plan, the circle, the decisions one after another, and the minutes."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.pages import DecisionPage
from tests.browser.people import Person


class MeetingPage(DecisionPage):
    """A meeting, whatever its step; inside a decision it is the page of that decision's room too."""

    def __init__(self, person: Person, path: str) -> None:
        super().__init__(person)
        self.path = path

    def comes_in(self) -> None:
        """One press on the link, and they are in."""
        self.person.goes_to(f"{self.path}?join")
        expect(self.main.get_by_role("button", name="Leave the meeting")).to_be_visible(timeout=10_000)

    def speaks(self) -> None:
        self.press("I have spoken")

    def agrees(self) -> None:
        self.press("Yes, I can live with it", exact=False)

    def asks_to_change(self, text: str) -> None:
        self.press("I want it changed", exact=False)
        self.write("What would you change?", text)
        self.press("Ask for this change")

    def goes_to_decision(self, title: str) -> None:
        item = self.main.get_by_role("listitem").filter(has_text=title)
        item.get_by_role("button", name="Go to this").click()

    def is_at(self, title: str, within: float = 10_000) -> None:
        expect(self.heading(title).first).to_be_visible(timeout=within)


class PlanPage(DecisionPage):
    """The form in which a meeting is planned."""

    def plans(self, slug: str, title: str, *decisions: str) -> str:
        """Its path, once it is planned."""
        self.person.goes_to(f"/t/{slug}/meetings/new")
        self.write("Title", title)
        for decision in decisions:
            self.press(f"Add {decision}", exact=False)
        self.press("Plan the meeting")
        expect(self.heading(title)).to_be_visible()
        self.page.wait_for_url("**/m/*")
        return "/m/" + self.page.url.rsplit("/", 1)[1]
