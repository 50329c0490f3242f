"""People who come to a server that sends mail into a folder: they sign up, read their mail, sign in and out."""

from __future__ import annotations

import email
import re
import time
import uuid
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.browser.people import PASSWORD, WHILE_LOADING, Person

POST = 15.0  # seconds in which a letter comes
# What the account service answers where something is still missing: a step, a secret not yet made, who is there.
FORESEEN = re.compile(r"^(400|404): \w+ \S+/_allauth/|^403: \w+ \S+/api/v1/me/")


class Newcomer(Person):
    """With an address of their own, and a mailbox."""

    def __init__(self, browser: Browser, url: str, name: str, mails: Path, **context: Any) -> None:
        super().__init__(browser, url, name, **context)
        self.email = f"{uuid.uuid4().hex[:12]}@example.org"
        self._mails = mails

    @property
    def unforeseen(self) -> list[str]:
        return [trouble for trouble in self.troubles if not FORESEEN.search(trouble)]

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).first.click()

    def write(self, label: str, words: str) -> None:
        # The label of what may be left out says so too.
        self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(· optional)?\s*$")).first.fill(words)

    def sees(self, text: str | re.Pattern[str], within: float = WHILE_LOADING) -> None:
        """After one's own press: passwords are slow to check on purpose."""
        super().sees(text, within)

    def headed(self, words: str) -> None:
        expect(self.page.get_by_role("heading", name=words).first).to_be_visible(timeout=10_000)

    def part(self, title: str) -> Locator:
        """One card of the page of oneself."""
        return self.page.get_by_role("region", name=title)

    # Mail

    def letters(self) -> list[str]:
        """Theirs, in the order in which they came."""
        found = []
        for file in sorted(self._mails.glob("*"), key=lambda one: one.stat().st_mtime_ns):
            mail = email.message_from_bytes(file.read_bytes())
            if self.email in str(mail["To"]):
                plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
                body = plain.get_payload(decode=True)
                assert isinstance(body, bytes)
                found.append(body.decode())
        return found

    def letter(self, number: int) -> str:
        """The one with this number, from 1 on, when it has come."""
        limit = time.monotonic() + POST
        while len(self.letters()) < number:
            assert time.monotonic() < limit, f"letter {number} did not come"
            self.page.wait_for_timeout(50)
        return self.letters()[number - 1]

    def code(self, number: int) -> str:
        found = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", self.letter(number), re.MULTILINE)
        assert found, self.letter(number)
        return found.group(1)

    def link(self, number: int) -> str:
        found = re.search(r"https?://[^/\s]+(/password/\S+)", self.letter(number))
        assert found, self.letter(number)
        return found.group(1)

    # The ways in and out

    def signs_up(self) -> None:
        self.goes_to("/signup")
        self.write("Your name", self.name)
        self.write("E-mail", self.email)
        self.write("Password", PASSWORD)
        self.press("Create an account")
        self.sees("A code is on its way")
        self.write("Code", self.code(1))
        self.press("Continue")
        self.is_in()

    def is_in(self) -> None:
        expect(self.page.get_by_role("link", name=self.name)).to_be_visible(timeout=15_000)

    def signs_in(self, password: str = PASSWORD) -> None:
        self.goes_to("/signin")
        self.write("E-mail", self.email)
        self.write("Password", password)
        self.press("Sign in")

    def signs_out(self) -> None:
        self.goes_to("/me")
        self.press("Sign out")
        self.headed("Decisions that everyone can live with")

    def confirms(self, password: str = PASSWORD) -> None:
        """The question whether it is they."""
        dialog = self.page.get_by_role("dialog", name="Is it you?")
        dialog.get_by_label("Your password").fill(password)
        dialog.get_by_role("button", name="It is me").first.click()
        expect(dialog).to_be_hidden()

    # A device that keeps passkeys

    def has_a_device(self) -> None:
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
