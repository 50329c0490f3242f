"""What a real browser makes of what it is told: words become no HTML by themselves, and no feature is left open."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Error, Page

from config.guards import UNUSED, USED
from tests.story.rondo import Rondo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

INJECTED = {
    "innerHTML": "document.createElement('div').innerHTML = '<b>words</b>'",
    "insertAdjacentHTML": "document.body.insertAdjacentHTML('beforeend', '<b>words</b>')",
    "parse": "new DOMParser().parseFromString('<b>words</b>', 'text/html')",
    "script": "document.createElement('script').src = '/static/x.js'",
    "policy": "trustedTypes.createPolicy('anybody', {createHTML: (html) => html})",
    "again": "trustedTypes.createPolicy('rondo-markup', {createHTML: (html) => html})",
}


@pytest.fixture
def page(chromium: Browser, rondo: Rondo) -> Page:
    """The pages' first page, with its script run."""
    page = chromium.new_context(base_url=rondo.url(0)).new_page()
    page.goto("/")
    page.locator("h1").wait_for()
    return page


@pytest.mark.parametrize("way", INJECTED)
def test_no_script_makes_html_of_words_but_by_the_two_ways_that_are_named(page: Page, way: str) -> None:
    with pytest.raises(Error, match="TypeError"):
        page.evaluate(f"() => {{ {INJECTED[way]} }}")
    page.context.close()


def test_the_browser_knows_every_feature_that_it_is_told_of_and_keeps_to_it(page: Page) -> None:
    known = set(page.evaluate("document.featurePolicy.features()"))
    allowed = set(page.evaluate("document.featurePolicy.allowedFeatures()"))
    assert set(UNUSED) <= known, "of one that it does not know a browser complains in its console"
    assert not set(UNUSED) & allowed
    assert set(USED) <= allowed
    page.context.close()
