"""Whoever invites by e-mail learns what became of the mail: here none is set up, and the page says so."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.pages import Gate, TeamPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_nobody_believes_that_an_invitation_was_mailed_where_no_mail_is_set_up(enter: Enter) -> None:
    ivy = enter("Ivy Ito")
    Gate(ivy).signs_up()
    expect(ivy.page).to_have_url(f"{ivy.url}/home")
    page = TeamPage(ivy)
    page.founds("Quay", "Boats.")
    page.write("For one e-mail address only", "max@example.org")
    page.press("Make a link")
    page.shows("Nothing was mailed: no mail is set up here, and the server printed it instead.")
    page.shows("is for that address alone")
    page.shows("not mailed")
    page.write("For one e-mail address only", "")
    page.press("Make a link")
    page.hides("Nothing was mailed")
    page.shows("Whoever has it can join.")
