"""Goes where a visit says, as whom it says, and waits until the page has settled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from tests.browser.people import REPORT_POLICY, USUAL
from tests.browser.walk.table import PAGES, SITUATIONS, Look, Visit
from tests.browser.walk.world import World

PATIENCE = 20_000  # milliseconds
LOST = 12_000  # milliseconds until a page says that it is not connected
API = re.compile(r"/api/v1/")
PROPOSAL = re.compile(r"/api/v1/(proposals|teams|invitations)/.+")

# Every answer that a page still waits for is counted, so that one can wait for the last; and as the policy of the
# pages forbids to evaluate a text again and again, what is waited for is a function that the browser keeps calling.
WAIT = """
(() => {
  const fetched = window.fetch;
  window.underWay = 0;
  window.fetch = async (...words) => {
    window.underWay += 1;
    try { return await fetched(...words); } finally { setTimeout(() => (window.underWay -= 1)); }
  };
  window.until = async (test, patience) => {
    for (const end = Date.now() + patience; Date.now() < end; ) {
      if (test()) return;
      await new Promise((next) => setTimeout(next, 20));
    }
    throw new Error(`It did not come to ${test} but to ${document.querySelector('main')?.innerText}`);
  };
})();
"""
HEADING_THERE = "document.querySelector('main h1') !== null && document.title !== ''"
DRAWN = "document.querySelector('[aria-busy=true]') === null"
CONNECTED = "!/Connecting/.test(document.querySelector('header')?.innerText)"
SETTLED = f"window.underWay === 0 && {HEADING_THERE} && {DRAWN} && {CONNECTED}"
LOADING = "/Loading/.test(document.querySelector('main')?.innerText)"
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


class Walker:
    """One browser for each account, kept from visit to visit."""

    def __init__(self, browser: Browser, world: World) -> None:
        self._browser, self._world = browser, world
        self._pages: dict[str, Page] = {}
        self.troubles: list[str] = []

    @contextmanager
    def visits(self, visit: Visit) -> Iterator[Page]:
        """The page, settled in the first of its looks; afterwards nothing of what happened to it is left."""
        page = self._page_of(visit)
        wear(page, visit.looks[0])
        self.troubles.clear()
        prepare, arrive = HAPPENS.get(visit.state, (nothing, settled))
        prepare(page)
        try:
            page.goto(self.address(visit), wait_until="domcontentloaded")
            arrive(page)
            yield page
        finally:
            page.unroute_all(behavior="ignoreErrors")
            page.context.set_offline(False)
            page.goto("about:blank")

    def address(self, visit: Visit) -> str:
        unknown = visit.state == "unknown"
        named = {
            "id": self._world.decisions.get(visit.told, ""),
            "meeting": self._world.meetings.get(visit.told, ""),
            "team": "no-such-team" if unknown else self._world.slug_of(visit.told),
            "state": visit.state,
            "invitation": "no-such-invitation" if unknown else self._world.invitations["member"],
        }
        return PAGES[visit.page].path.format(**named)

    def _page_of(self, visit: Visit) -> Page:
        member = self._world.who(visit.told, visit.role)
        key = member.id if member else visit.role
        if key not in self._pages:
            context = self._context()
            if member:
                member.lends_session(context)
            self._pages[key] = self._watched(context.new_page())
        return self._pages[key]

    def _context(self) -> BrowserContext:
        context = self._browser.new_context(base_url=self._world.url, locale="en-GB", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_POLICY)
        context.add_init_script(WAIT)
        return context

    def _watched(self, page: Page) -> Page:
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.troubles.append(f"script: {fault}"))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not USUAL.search(message.text):
            self.troubles.append(f"console: {message.text}")

    def goes_home(self) -> None:
        for page in self._pages.values():
            page.context.close()


def wear(page: Page, look: Look) -> None:
    page.set_viewport_size({"width": look.width, "height": 800})
    scheme: Any = look.theme
    page.emulate_media(color_scheme=scheme)


def settled(page: Page) -> None:
    until(page, SETTLED)
    page.evaluate(PAINTED)


def until(page: Page, what: str) -> None:
    page.evaluate(f"until(() => {what}, {PATIENCE})")


# What may happen to a page: what is laid in its way, and how one knows that it has come to that.


def nothing(_: Page) -> None:
    return


def hold(page: Page) -> None:
    """The server takes the call and does not answer."""
    page.route(PROPOSAL, lambda route: None)


def cut(page: Page) -> None:
    page.route(API, lambda route: route.abort())


def break_(page: Page) -> None:
    told = {"type": "about:blank", "title": "Out of order", "status": 500, "code": "broken", "detail": "Out of order."}
    page.route(PROPOSAL, lambda route: route.fulfill(status=500, json=told))


def still_loading(page: Page) -> None:
    until(page, LOADING)
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")


def has_heading(page: Page) -> None:
    until(page, HEADING_THERE)
    page.evaluate(PAINTED)


def not_connected(page: Page) -> None:
    settled(page)
    page.context.set_offline(True)
    page.get_by_text("Not connected.").wait_for(timeout=LOST)


def refused(page: Page) -> None:
    """What is pressed was meant for a version that is no longer there; the server itself refuses it."""

    def for_another(route: Route) -> None:
        route.continue_(post_data={"on": "99"})

    settled(page)
    page.route(re.compile("/ask-for-consent/"), for_another)
    page.get_by_role("button", name="Ask for consent to this text").click()
    page.locator("main").get_by_role("status").filter(has_text="Not recorded").wait_for()


def wrong_password(page: Page) -> None:
    settled(page)
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_label("Password").fill("not-the-password")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    until(page, "window.underWay === 0 && document.querySelector('main [role=alert], main .fault') !== null")


def incomplete(page: Page) -> None:
    settled(page)
    page.get_by_role("main").get_by_role("button", name="Create an account").click()
    page.evaluate(PAINTED)


Happens = tuple[Callable[[Page], None], Callable[[Page], None]]
HAPPENS: dict[str, Happens] = {
    "loading": (hold, still_loading),
    "server-away": (cut, has_heading),
    "broken": (break_, has_heading),
    "not-connected": (nothing, not_connected),
    "refused": (nothing, refused),
    "wrong-password": (nothing, wrong_password),
    "incomplete": (nothing, incomplete),
}
assert set(SITUATIONS) <= set(HAPPENS)
