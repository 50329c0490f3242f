"""R19: a page that was opened before an update, in front of the server that came after it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import releases
from tests.browser.circle import Circle
from tests.browser.pages import DecisionPage
from tests.faults.run import Run, running
from tests.story.rondo import ROOT, Rondo, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WORDS = "Payments has no fast suite, and"
NEW = "There is a new version of Rondo."
BACK = 20_000  # milliseconds until a page is back at a server that was restarted


@pytest.fixture
def rondo() -> Iterator[Rondo]:
    """In the place of the usual one: it is updated."""
    with serving() as running:
        yield running
        assert running.complaints() == ""


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """All that is tried here is one run. A test that fails says itself what was amiss."""
    failed = request.session.testsfailed
    with running("R19-pages") as run:
        yield run
        for _ in range(request.session.testsfailed - failed):
            run.found("impossible", "an old page lost words, or a press, or did not say that it is old")


class Update:
    """The next release in the place of this one, at the same address."""

    def __init__(self, run: Run, rondo: Rondo, folder: Path) -> None:
        self._run, self._rondo = run, rondo
        self._pages = releases.another(ROOT / "frontend" / "dist", folder / "next")

    def comes(self, *pages: DecisionPage, kept: bool = False) -> None:
        """`kept`: the files of the pages before it are still given out."""
        self._rondo.end(0, 20)
        if not kept:
            shutil.rmtree(self._rondo.folder / "pages")
        self._rondo.env["RONDO_FRONTEND"] = str(self._pages)
        self._rondo.program = releases.PROGRAM
        self._rondo.start(0)
        self._run.fault("an update under an open page")
        for page in pages:
            page.person.tries_now()
            expect(page.page.get_by_text(NEW)).to_be_visible(timeout=BACK)


@pytest.fixture
def update(run: Run, rondo: Rondo, tmp_path: Path) -> Update:
    return Update(run, rondo, tmp_path)


def loads_it(page: DecisionPage) -> None:
    page.page.get_by_role("button", name="Load it").click()
    expect(page.page.get_by_text(NEW)).to_be_hidden(timeout=BACK)
    assert not page.person.has_stayed()


def test_an_open_page_says_that_there_is_a_new_version_and_what_is_typed_is_there_before_and_after_it_is_loaded(
    circle: Circle, update: Update
) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    page.person.stays()
    page.write("Your question", WORDS)
    update.comes(page, kept=True)
    expect(page.field("Your question")).to_have_value(WORDS)
    assert page.person.has_stayed()
    loads_it(page)
    expect(page.field("Your question")).to_have_value(WORDS)
    page.press("Ask")
    page.turns("Waiting for Pia Park", 10_000)
    assert [one["text"] for one in circle.story.snapshot()["questions"].values()] == [WORDS]


def test_an_old_page_takes_in_what_it_does_not_know_and_every_press_is_done_or_refused_in_words(
    circle: Circle, update: Update
) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    page.person.stays()
    update.comes(page, kept=True)
    page.asks(f"Who keeps the flags {releases.LATE}?")
    page.shows(releases.REFUSED, BACK)
    expect(page.field("Your question")).to_have_value(f"Who keeps the flags {releases.LATE}?")
    page.write("Your question", "")
    for who in ("fay", "max"):
        circle.story.does(who, "POST", f"rounds/{circle.story.round}/clear/", {})
    circle.story.does("fay", "POST", f"rounds/{circle.story.round}/reactions/", {"text": "Relieved."}, 201)
    page.shows("Relieved.", BACK)
    assert {entry["event"] for entry in circle.story.seen} >= {releases.KIND}
    page.reacts("Early, but I see why.")
    page.shows("Early, but I see why.", BACK)
    assert page.person.has_stayed()
    assert circle.story.snapshot()["weather"]["sky"] == "clear"


def test_a_part_that_is_gone_since_the_update_leads_to_the_new_version_and_not_to_a_dead_page(
    circle: Circle, update: Update
) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    page.person.stays()
    page.write("Your question", WORDS)
    update.comes(page)
    page.page.get_by_role("link", name="Help", exact=True).click()
    page.shows("This page could not be fetched.", BACK)
    loads_it(page)
    gone = [trouble for trouble in page.person.troubles if trouble.startswith("404: GET") and "/static/" in trouble]
    assert gone == page.person.troubles != []
    page.person.troubles.clear()
    expect(page.heading("How a decision is made")).to_be_visible()
    page.page.go_back()
    expect(page.field("Your question")).to_have_value(WORDS)


def test_a_part_that_is_asked_for_after_the_update_is_there_as_long_as_old_files_are_kept(
    circle: Circle, update: Update
) -> None:
    circle.story.play(until="open")
    page = circle.at("max")
    page.person.stays()
    update.comes(page, kept=True)
    page.page.get_by_role("link", name="Help", exact=True).click()
    expect(page.heading("How a decision is made")).to_be_visible()
    assert page.person.has_stayed()
