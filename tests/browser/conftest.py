"""Chromium, a server with the built pages, and pictures of every page where a test fails."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.circle import Circle
from tests.browser.people import Person, launched
from tests.browser.walk.walker import Walker
from tests.browser.walk.world import World
from tests.story.moved_clock import Time, serving_in_time
from tests.story.rondo import ROOT, Rondo

PICTURES = ROOT / ".run" / "pictures"
NAMES = {"fay": "Fay Ferreira", "pia": "Pia Park", "max": "Max Møller", "obi": "Obi Okafor"}

Enter = Callable[..., Person]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def in_time() -> Iterator[tuple[Rondo, Time]]:
    pages = Path(os.environ.get("RONDO_FRONTEND") or ROOT / "frontend" / "dist")
    assert (pages / "index.html").is_file(), "The pages are not built: python3 run.py build"
    # Those who are played take no time to think: the tests wait for what they do, not for when.
    with serving_in_time(RONDO_TRY_PACE="0") as (running, time):
        yield running, time
        assert running.complaints() == ""


@pytest.fixture(scope="session")
def rondo(in_time: tuple[Rondo, Time]) -> Rondo:
    return in_time[0]


@pytest.fixture
def time(in_time: tuple[Rondo, Time]) -> Iterator[Time]:
    """The server's clock, which shows the right time again when the test is over."""
    yield in_time[1]
    in_time[1].shows(timedelta())


@pytest.fixture
def enter(chromium: Browser, rondo: Rondo, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """Somebody comes with a browser of their own; `url`: where to, if not to the server itself. At the end no page may
    have been in any trouble."""
    here: list[Person] = []

    def enters(name: str, url: str = "", **context: Any) -> Person:
        here.append(Person(chromium, url or rondo.url(0), NAMES.get(name, name), **context))
        return here[-1]

    yield enters
    if request.node.stash.get(FAILED, False):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for person in here:
            person.picture(PICTURES, re.sub(r"\W+", "-", request.node.name))
    troubles = {person.name: person.troubles for person in here if person.troubles}
    for person in here:
        person.context.close()
    assert troubles == {}


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    outcome = yield
    if outcome.get_result().failed:
        item.stash[FAILED] = True


@pytest.fixture(scope="session")
def world(in_time: tuple[Rondo, Time], request: pytest.FixtureRequest) -> World:
    """What the visits of this run ask for, for whoever only looks."""
    specs = [getattr(item, "callspec", None) for item in request.session.items]
    visits = [spec.params["visit"] for spec in specs if spec and "visit" in spec.params]
    rondo, time = in_time
    return World(rondo.url(0), time, visits).make()


@pytest.fixture(scope="session")
def walker(chromium: Browser, world: World) -> Iterator[Walker]:
    walks = Walker(chromium, world)
    yield walks
    walks.goes_home()


@pytest.fixture
def circle(enter: Enter) -> Circle:
    return Circle({name: enter(name) for name in NAMES})
