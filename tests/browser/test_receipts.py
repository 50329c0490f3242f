"""Receipts in real browsers: kept beside the answer, asked of the service, and looked for in a journal on one's own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.circle import Circle
from tests.browser.conftest import Enter
from tests.browser.pages import Sheet
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SHORT = re.compile(r"Recorded \d\d:\d\d · receipt [0-9a-f]{4}-[0-9a-f]{4}")


class VerifyPage(Sheet):
    def comes(self) -> VerifyPage:
        self.person.goes_to("/verify")
        expect(self.heading("Check a record")).to_be_visible(timeout=10_000)
        return self

    def pastes(self, receipt: str) -> None:
        self.write("Your receipt", receipt)
        self.press("Check the receipt")

    def chooses(self, file: Path) -> None:
        self.field("Choose a file").set_input_files(file)


def last_receipt(person: Person) -> str:
    """As it is copied. Our own pages may not read what was; a page without their guards may."""
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.page.get_by_role("region", name="Your receipts").get_by_role("button").first.click()
    other = person.context.new_page()
    other.route("**/*", lambda route: route.fulfill(content_type="text/html", body="<p>Anything.</p>"))
    other.goto(person.url)
    copied = str(other.evaluate("navigator.clipboard.readText()"))
    other.close()
    return copied


def test_an_answer_leaves_a_receipt_that_outlives_the_round_and_the_page(circle: Circle, tmp_path: Path) -> None:
    circle.story.play(until="ask_for_consent")
    circle.story.respond("pia")
    circle.story.respond("fay")
    objector = circle.at("max")
    objector.objects("Payments has no fast suite.", "Leave payments out.")
    objector.turns("Waiting for Pia Park: version 2.", 10_000)
    objector.shows(SHORT)
    objector.page.reload()
    objector.shows(SHORT, 10_000)
    receipt = last_receipt(objector.person)
    assert receipt.startswith(f"rondo:{circle.story.id}:")

    page = VerifyPage(objector.person).comes()
    page.pastes(receipt)
    page.shows("It stands in the record, as it was.")
    page.shows(re.compile("objection raised, by Max Møller"))

    journal = json.dumps(circle.story.does("max", "GET", f"proposals/{circle.story.id}/export/"))
    (tmp_path / "journal.json").write_text(journal)
    page.chooses(tmp_path / "journal.json")
    page.shows(re.compile("Your receipt stands in this journal, word for word: entry"))
    page.shows("Payments has no fast suite.")
    page.shows(re.compile("journal.json is sound"))

    (tmp_path / "changed.json").write_text(journal.replace("no fast suite", "a fast suite"))
    page.chooses(tmp_path / "changed.json")
    page.shows(re.compile("changed.json is broken: one thing is wrong."))
    page.shows(re.compile("the text at reason is not the one that was recorded"))

    (tmp_path / "words.json").write_text("[]")
    page.chooses(tmp_path / "words.json")
    page.shows("words.json cannot be checked.")


def test_signed_out_a_journal_can_be_checked_and_a_receipt_tells_nothing(
    circle: Circle, enter: Enter, tmp_path: Path
) -> None:
    circle.story.play(until="open")
    (tmp_path / "journal.json").write_text(
        json.dumps(circle.story.does("fay", "GET", f"proposals/{circle.story.id}/export/"))
    )
    (receipt,) = {one["receipt"] for one in own(circle, "pia")}
    stranger = enter("stranger")
    page = VerifyPage(stranger).comes()
    page.chooses(tmp_path / "journal.json")
    page.shows(re.compile("journal.json is sound"))
    page.pastes(receipt)
    page.shows("Your receipt stands in this journal, word for word: entry 1.")
    page.shows("This receipt is not known here, or not for you.")
    page.pastes(receipt[:-4] + "0000")
    page.shows("Your receipt does not stand in this journal.")
    page.shows("This receipt is not known here, or not for you.")
    stranger.troubles = [one for one in stranger.troubles if "/receipts/" not in one]


def own(circle: Circle, who: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = circle.story.does(who, "GET", f"proposals/{circle.story.id}/receipts/")["results"]
    return found


def test_the_record_page_gives_the_journal_along_in_both_forms_and_leads_to_the_check(circle: Circle) -> None:
    circle.story.play()
    reader = circle.people["obi"]
    reader.goes_to(f"/d/{circle.story.id}/record")
    page = Sheet(reader)
    page.shows("How to check this record", 10_000)
    for name, ending in (("Journal as JSON", "json"), ("Table as CSV", "csv")):
        with reader.page.expect_download() as got:
            page.main.get_by_role("link", name=name).click()
        assert got.value.suggested_filename == f"rondo-decision-{circle.story.id}.{ending}"
    page.main.get_by_role("link", name="Check the record").click()
    expect(page.heading("Check a record")).to_be_visible(timeout=10_000)
