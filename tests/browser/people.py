"""One person at one browser of their own, watched: what goes wrong on a page is kept for the end of the test."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response, expect

from tests.parts import find_chromium

QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PASSWORD = "over-the-harbour-wall"
SOON = 1_000  # milliseconds in which a step is seen by everybody
WHILE_LOADING = 10_000  # milliseconds for one's own page after one's own press
STAYED = "window.stayed === true"

# The browser itself writes these; what they mean is asked of the responses below.
USUAL = re.compile(r"Failed to load resource|WebSocket connection to .* failed")

REPORT_POLICY = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


def launched(playwright: Playwright) -> Browser:
    program = find_chromium()
    assert program, "Chromium is missing: apt-get install chromium"
    return playwright.chromium.launch(executable_path=program, args=list(QUIETLY))


class Person:
    """`troubles` is what must stay empty."""

    def __init__(self, browser: Browser, url: str, name: str, **context: Any) -> None:
        self.name = name
        self.email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
        self.url = url
        self.troubles: list[str] = []
        self.context = browser.new_context(base_url=url, **{"locale": "en-GB", **context})
        self.context.set_default_timeout(WHILE_LOADING)
        self.context.add_init_script(REPORT_POLICY)

    @cached_property
    def page(self) -> Page:
        """Theirs, from when somebody first looks at it: half of a circle only answers, and each page takes a while."""
        page = self.context.new_page()
        self._watch(page)
        return page

    # Watching

    def _watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.troubles.append(f"script: {fault}"))
        page.on("request", self._see_request)
        page.on("response", self._see_response)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not USUAL.search(message.text):
            self.troubles.append(f"console: {message.text}")

    def _see_request(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        if host and host != urlsplit(self.url).netloc:
            self.troubles.append(f"elsewhere: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 500 or response.status in (400, 403, 404, 422):
            self.troubles.append(f"{response.status}: {response.request.method} {response.url}")

    # Being here

    def goes_to(self, path: str) -> None:
        self.page.goto(path)

    def stays(self) -> None:
        """From now on this very page is looked at: a reload would forget it."""
        self.page.evaluate("window.stayed = true")

    def another_page(self) -> Page:
        """A second tab, at the same address."""
        page = self.context.new_page()
        self._watch(page)
        page.goto(self.page.url)
        return page

    def has_stayed(self) -> bool:
        return bool(self.page.evaluate(STAYED))

    def sees(self, text: str | re.Pattern[str], within: float = SOON) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=within)

    def offline(self, offline: bool = True) -> None:
        self.context.set_offline(offline)

    def tries_now(self) -> None:
        """Unless the page is back by itself already."""
        self.page.evaluate("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Try now')?.click()")

    def picture(self, folder: Path, test: str) -> None:
        if "page" in self.__dict__ and not self.page.is_closed():
            self.page.screenshot(path=folder / f"{test}-{self.name.split()[0]}.png", full_page=True)
