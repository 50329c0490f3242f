"""The pages as some set their browser: large, widely spaced, in colours of their own, without motion."""

from __future__ import annotations

import pytest

from tests.browser.walk import checks
from tests.browser.walk.table import Look, Visit
from tests.browser.walk.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # the first one makes the world

FOUR_TIMES = Look(320, "light")  # what is left of 1280 pixels at 400 % (WCAG 1.4.10)
VISITS = [
    Visit(page, state, role, (FOUR_TIMES,))
    for page, state, role in (
        ("decision", "consent-open", "inside"),
        ("decision", "revising-restated", "author"),
        ("decision", "long-second", "inside"),
        ("decision", "far-away", "author"),
        ("live", "room-reaction", "facilitator"),
        ("live", "long-room", "author"),
        ("live", "far-away-room", "inside"),
        ("live", "crowd-room", "observer"),
    )
]
SOME = [VISITS[0], VISITS[4]]

# The figures of WCAG 1.4.12. A sheet that is made by script is no inline style, so the policy allows it.
SPACED = """
(() => {
  const sheet = new CSSStyleSheet();
  const all = "line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important";
  sheet.replaceSync(`* { ${all} } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
})()
"""
MOVES = """
[...document.querySelectorAll("*")].filter((el) => {
  const style = getComputedStyle(el);
  const animated = style.animationName !== "none" && /[1-9]/.test(style.animationDuration);
  return animated || /[1-9]/.test(style.transitionDuration);
}).map((el) => el.outerHTML.slice(0, 80))
"""
WITHOUT_EDGE = """
[...document.querySelectorAll("button, .button, input, textarea, select")].filter((el) => {
  const style = getComputedStyle(el);
  const box = el.getBoundingClientRect();
  const edge = style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) >= 1;
  return box.width > 1 && !edge && style.textDecorationLine === "none" && style.appearance === "none";
}).map((el) => el.outerHTML.slice(0, 80))
"""


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_large_and_widely_spaced_nothing_is_cut_off_or_sticks_out(walker: Walker, visit: Visit) -> None:
    with walker.visits(visit) as page:
        checks.equip(page)
        at_first = checks.ask(page, "sideways()") + checks.ask(page, "cut()")
        page.evaluate(SPACED)
        assert at_first + checks.ask(page, "sideways()") + checks.ask(page, "cut()") == []


@pytest.mark.parametrize("visit", SOME, ids=str)
def test_in_colours_of_ones_own_every_control_keeps_its_edge_and_the_focus_its_ring(
    walker: Walker, visit: Visit
) -> None:
    with walker.visits(visit) as page:
        page.emulate_media(forced_colors="active")
        checks.equip(page)
        amiss = checks.ask(page, "unseen()") + page.evaluate(WITHOUT_EDGE)
        page.emulate_media(forced_colors="none")
    assert amiss == []


@pytest.mark.parametrize("visit", SOME, ids=str)
def test_who_wants_no_motion_gets_none(walker: Walker, visit: Visit) -> None:
    with walker.visits(visit) as page:
        assert page.evaluate(MOVES) == []
        page.emulate_media(reduced_motion="no-preference")
        moves = page.evaluate(MOVES)
        page.emulate_media(reduced_motion="reduce")
        assert moves, "Nothing moves at all, so nothing is shown by this"
