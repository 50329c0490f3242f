"""Ways in and out of an account, walked in a real browser: by mail, password, passkey, app and single sign-on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, expect

from tests.accounts.provider import CLIENT, SECRET, Provider, provider
from tests.browser.conftest import FAILED, PICTURES
from tests.browser.newcomers import Newcomer
from tests.story.rondo import Rondo, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NEW = "another-long-password"
RIGHTS = 7_000  # milliseconds: five seconds until an open page is closed, and some to show it

Arrive = Callable[..., Newcomer]


@pytest.fixture(scope="module")
def office() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def house(office: Provider, mails: Path) -> Iterator[Rondo]:
    told = {
        "EMAIL_URL": f"filemail:///{mails}",
        "RONDO_EMAIL_VERIFICATION": "mandatory",
        "RONDO_OIDC_URL": office.url,
        "RONDO_OIDC_CLIENT": CLIENT,
        "RONDO_OIDC_SECRET": SECRET,
        "RONDO_OIDC_NAME": "Harbour office",
    }
    with serving(env=told) as running:
        yield running
        assert running.complaints() == ""


@pytest.fixture
def arrive(chromium: Browser, house: Rondo, mails: Path, request: pytest.FixtureRequest) -> Iterator[Arrive]:
    """Somebody comes, by the name of this machine and not by its number: passkeys need one."""
    here: list[Newcomer] = []

    def arrives(name: str = "Nea Ntúli", **how: Any) -> Newcomer:
        here.append(Newcomer(chromium, f"http://localhost:{house.ports[0]}", name, mails, **how))
        return here[-1]

    yield arrives
    if request.node.stash.get(FAILED, False):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for person in here:
            person.picture(PICTURES, request.node.name)
    troubles = {person.name: person.unforeseen for person in here if person.unforeseen}
    for person in here:
        person.context.close()
    assert troubles == {}


def test_the_first_to_come_is_invited_to_make_the_first_account_and_looks_after_the_site(
    chromium: Browser, tmp_path: Path
) -> None:
    with serving() as fresh:
        nea = Newcomer(chromium, fresh.url(0), "Nea Ntúli", tmp_path)
        nea.goes_to("/")
        nea.sees("This Rondo is new")
        nea.page.get_by_role("link", name="Make the first account").click()
        nea.headed("Make the first account")
        nea.write("Your name", nea.name)
        nea.write("E-mail", nea.email)
        nea.write("Password", NEW)
        nea.press("Create an account")
        nea.is_in()
        nea.goes_to("/me")
        nea.page.get_by_role("link", name="Look after this site").click()
        nea.headed("This site")
        nea.sees("SQLite, answers")
        nea.sees("not set up: nobody gets any")
        assert nea.unforeseen == []
        nea.context.close()


def test_by_a_code_and_by_a_new_password(arrive: Arrive) -> None:
    nea = arrive()
    nea.signs_up()
    nea.signs_out()
    nea.goes_to("/signin")
    nea.write("E-mail", nea.email)
    nea.press("Have a code sent to me")
    nea.sees("A code is on its way")
    nea.write("Code", "WRONG-1")
    nea.press("Continue")
    nea.sees("This code is not the one")
    nea.write("Code", nea.code(2))
    nea.press("Continue")
    nea.is_in()
    nea.signs_out()
    nea.goes_to("/signin")
    nea.page.get_by_role("link", name="Forgotten the password?").click()
    nea.write("E-mail", nea.email)
    nea.press("Send me a link")
    nea.sees("a link is on its way there")
    nea.goes_to(nea.link(3))
    nea.write("Your new password", NEW)
    nea.press("Keep this password")
    nea.sees("The new password counts from now on")
    nea.signs_in(NEW)
    nea.is_in()
    nea.goes_to("/password/1-used-up")
    nea.write("Your new password", NEW)
    nea.press("Keep this password")
    nea.sees("Have a new link sent")


def test_by_a_passkey_alone(arrive: Arrive) -> None:
    nea = arrive()
    nea.has_a_device()
    nea.signs_up()
    nea.goes_to("/me")
    nea.write("A new passkey, called", "my telephone")
    nea.press("Add a passkey")
    nea.confirms()
    nea.sees("Keep these recovery codes")
    expect(nea.part("Passkeys and a second lock").get_by_text("my telephone").first).to_be_visible()
    expect(nea.page.locator("code").nth(9)).to_be_visible()
    nea.press("I have kept them")
    nea.signs_out()
    nea.goes_to("/signin")
    nea.press("Use a passkey")
    nea.is_in()
    nea.signs_out()
    nea.signs_in()
    nea.sees("Your account has a second lock")
    nea.press("Use a passkey")
    nea.is_in()


def test_by_a_password_and_an_app(arrive: Arrive) -> None:
    nea = arrive()
    nea.signs_up()
    nea.goes_to("/me")
    nea.press("Set up an app")
    picture = nea.page.get_by_role("img", name="A square code for your authenticator app")
    expect(picture).to_be_visible(timeout=10_000)
    assert picture.evaluate("image => image.naturalWidth") > 0
    secret = nea.page.locator("code.secret").inner_text()
    nea.write("Code that the app shows", code_of(secret))
    nea.press("Turn it on")
    nea.confirms()
    nea.sees("Keep these recovery codes")
    recovery = nea.page.locator("li code").first.inner_text()
    nea.press("I have kept them")
    nea.sees("10 codes are left.")
    nea.signs_out()
    nea.signs_in()
    nea.sees("Your account has a second lock")
    nea.write("Code", recovery)
    nea.press("Continue")
    nea.is_in()
    nea.goes_to("/me")
    nea.sees("9 codes are left.")


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_a_new_address_counts_when_its_code_is_entered(arrive: Arrive) -> None:
    nea = arrive()
    nea.signs_up()
    nea.goes_to("/me")
    before, nea.email = nea.email, f"new-{nea.email}"
    nea.write("A new address", nea.email)
    nea.press("Change the address")
    nea.confirms()
    nea.sees("Until you enter it here, nothing changes")
    expect(nea.part("E-mail").get_by_text(before, exact=True)).to_be_visible()
    nea.write("Code", nea.code(1))
    nea.press("Confirm the address")
    expect(nea.part("E-mail").get_by_text(nea.email, exact=True)).to_be_visible(timeout=10_000)


def test_a_page_that_is_open_elsewhere_closes_when_its_session_is_ended(arrive: Arrive) -> None:
    nea = arrive()
    nea.signs_up()
    elsewhere = arrive()
    elsewhere.email = nea.email
    elsewhere.signs_in()
    elsewhere.is_in()
    elsewhere.sees("Live")
    nea.goes_to("/me")
    places = nea.part("Where you are signed in")
    expect(places.get_by_text("this one")).to_have_count(1, timeout=10_000)
    places.get_by_role("button", name="Sign out there").click()
    elsewhere.page.wait_for_url("**/signin**", timeout=RIGHTS)
    nea.is_in()
    nea.press("Sign out everywhere")
    nea.page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    nea.page.wait_for_url("**/signin")


def test_by_single_sign_on(arrive: Arrive, office: Provider) -> None:
    nea = arrive()
    office.is_at_the_browser(sub=nea.email, name=nea.name, email=nea.email, email_verified=True)
    nea.goes_to("/signin?next=/help")
    nea.press("Sign in by Harbour office")
    nea.page.wait_for_url("**/help", timeout=15_000)
    nea.is_in()
    nea.signs_out()
    office.person = None
    nea.goes_to("/signin")
    nea.press("Sign in by Harbour office")
    nea.sees("You were not signed in there")
    nea.troubles[:] = [one for one in nea.troubles if not one.startswith(f"elsewhere: {office.url}")]


def test_ones_data_is_taken_along_and_then_the_account_is_deleted(arrive: Arrive) -> None:
    nea = arrive()
    nea.signs_up()
    nea.goes_to("/me")
    nea.press("Take it along as a file")
    with nea.page.expect_download() as download:
        nea.confirms()
    told = json.loads(Path(download.value.path()).read_text())
    assert told["account"]["email"] == nea.email
    nea.press("Delete my account")
    nea.page.get_by_role("dialog").get_by_role("button", name="Delete it for good").click()
    nea.headed("Decisions that everyone can live with")
    nea.signs_in()
    nea.sees("do not belong together")


def test_a_suspended_account_is_out_of_its_open_page_until_that_is_lifted(arrive: Arrive, house: Rondo) -> None:
    keeper, nea = arrive("Kay Keeper"), arrive()
    for person in (keeper, nea):
        person.signs_up()
    house.manage("administrator", keeper.email)
    nea.sees("Live")
    keeper.goes_to("/site")
    keeper.write("A part of the e-mail address", nea.email)
    keeper.press("Search")
    row = keeper.main.get_by_role("listitem").filter(has_text=nea.email)
    expect(keeper.main.get_by_role("listitem")).to_have_count(1)
    row.get_by_role("button", name="Suspend").click()
    keeper.press("Suspend it")
    expect(row.get_by_text("suspended", exact=True)).to_be_visible()
    nea.page.wait_for_url("**/signin**", timeout=RIGHTS)
    nea.signs_in()
    nea.sees("This account does not let anybody in now")
    row.get_by_role("button", name="Lift the suspension").click()
    expect(row.get_by_role("button", name="Suspend")).to_be_visible()
    nea.signs_in()
    nea.is_in()


def test_a_team_sees_whose_way_in_was_given_back(arrive: Arrive, house: Rondo) -> None:
    keeper, nea = arrive("Kay Keeper"), arrive()
    for person in (keeper, nea):
        person.signs_up()
    house.manage("administrator", keeper.email)
    nea.goes_to("/teams/new")
    nea.write("Name of the team", f"Pier {nea.email}")
    nea.press("Found the team")
    nea.headed("Pier")
    circle = nea.page.get_by_role("region", name="The circle")
    nea.goes_to(nea.page.url.removesuffix("/settings"))
    expect(circle.get_by_role("listitem")).not_to_contain_text("way in given back")
    keeper.goes_to("/site")
    keeper.write("A part of the e-mail address", nea.email)
    keeper.press("Search")
    row = keeper.main.get_by_role("listitem").filter(has_text=nea.email)
    expect(keeper.main.get_by_role("listitem")).to_have_count(1)
    row.get_by_role("button", name="Send a recovery link").click()
    expect(row.get_by_text("For three days their teams see that their way in was given back")).to_be_visible()
    nea.page.reload()
    expect(circle.get_by_role("listitem")).to_contain_text("way in given back on")
