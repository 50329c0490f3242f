"""What must hold on every page: for whoever looks, hears, types with a keyboard, or holds a telephone."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.walk.table import PAGES, Look, Visit
from tests.story.rondo import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
OWN = Path(__file__).with_name("look.js")
ANSWERS = "section:has(> #task) :is(.button:not(.small), .answers button)"
MOST_WORDS = 14
NO_TURN = ("loading", "server-away", "broken")
OVER = ("adopted", "withdrawn", "second-look", "meeting-over")  # nobody is waited for any more
CLOSED_DRAFT = "draft"


def equip(page: Page) -> None:
    """By the browser's own tools, so that the page's policy stays as it is."""
    page.evaluate(f"{AXE.read_text()}; undefined")
    page.evaluate(OWN.read_text())
    page.keyboard.press("Tab")  # from now on the browser takes it that somebody goes on by keyboard


def found_in(page: Page, visit: Visit, look: Look, names: set[str]) -> list[str]:
    """What is amiss in one look; `names` are the people who may be waited for."""
    told = ask(page, "violations(axe)") + ask(page, "sideways()") + ask(page, f"small({ANSWERS!r})")
    told += ask(page, "directions()") + ask(page, "unseen()")
    told += amiss_in_turn(ask(page, "turns()"), visit, names) + amiss_in_task(page) + amiss_in_title(page)
    return [f"{look.width} {look.theme}: {found}" for found in told]


def ask(page: Page, what: str) -> list[str]:
    answer: list[str] = page.evaluate(f"looked.{what}")
    return answer


def amiss_in_title(page: Page) -> list[str]:
    headings = page.locator("h1").count()
    told = [] if headings == 1 else [f"{headings} headings of the first rank"]
    return told if re.search(r".+ · Rondo$|^Rondo · .+", page.title()) else [*told, f"the title is {page.title()!r}"]


def amiss_in_turn(lines: list[str], visit: Visit, names: set[str]) -> list[str]:
    hidden = visit.told == CLOSED_DRAFT and visit.role != "author"
    wanted = 1 if PAGES[visit.page].turn and visit.state not in NO_TURN and not hidden else 0
    if len(lines) != wanted:
        return [f"{len(lines)} lines say whose turn it is: {lines}"]
    told = [f"more than {MOST_WORDS} words: {line!r}" for line in lines if words_of(line, names) > MOST_WORDS]
    if visit.told not in OVER:
        told += [f"names nobody: {line!r}" for line in lines if not names_somebody(line, names)]
    return told


def amiss_in_task(page: Page) -> list[str]:
    """Where the line says that something is asked of the reader, nothing denies it, and its link leads there."""
    link = page.locator("[data-turn] a[href^='#']")
    if not link.count():
        return []
    place = link.get_attribute("href") or ""
    told = [] if page.locator(place).count() == 1 else [f"the turn line leads to {place}, which is not there"]
    denied = page.get_by_role("heading", name="Nothing is asked of you now").count()
    return [*told, "the turn line asks for something, and a card denies it"] if denied else told


def words_of(line: str, names: set[str]) -> int:
    """A name is one word here, however many its bearer has."""
    for name in sorted(names, key=len, reverse=True):
        line = line.replace(name, "N")
    return len(line.split())


def names_somebody(line: str, names: set[str]) -> bool:
    return bool(re.search(r"\b[Yy]our?\b", line)) or any(name in line for name in names)
