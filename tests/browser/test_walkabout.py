"""Every page in every state, as every role: nobody is shut out by their eyes, hands, ears, script or telephone.

`--walk=full` takes all roles, widths and lights; without it each page is seen once in each of its states.
"""

from __future__ import annotations

import re

import pytest

from tests.browser.walk import checks
from tests.browser.walk.table import LOOKS, PAGES, Visit, covering, everything
from tests.browser.walk.walker import Walker, wear
from tests.browser.walk.world import World
from tests.story.rondo import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # the first one makes the world

ROUTES = re.compile(r'path: "([^"]+)"')


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "visit" in metafunc.fixturenames:
        visits = everything() if metafunc.config.getoption("walk") == "full" else covering()
        metafunc.parametrize("visit", visits, ids=str)


def test_nothing_is_amiss(walker: Walker, world: World, visit: Visit) -> None:
    with walker.visits(visit) as page:
        checks.equip(page)
        amiss = []
        for look in visit.looks:
            wear(page, look)
            amiss += checks.found_in(page, visit, look, world.names)
        amiss += walker.troubles
    assert amiss == []


def test_every_address_of_the_pages_is_walked() -> None:
    routes = ROUTES.findall((ROOT / "frontend" / "src" / "App.svelte").read_text())
    walked = {re.sub(r"\{\w+\}", ":", page.path).replace("1..2", ":") for page in PAGES.values()}
    assert {re.sub(r":\w+", ":", route) for route in routes} - walked == set()


def test_the_short_walk_leaves_out_no_page_no_state_no_role_and_no_look() -> None:
    short, full = covering(), everything()
    assert {(visit.page, visit.state) for visit in short} == {(visit.page, visit.state) for visit in full}
    assert {visit.role for visit in short} == {visit.role for visit in full}
    assert {look for visit in short for look in visit.looks} == set(LOOKS)
