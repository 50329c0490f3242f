"""The server goes back to a backup under people's eyes: nobody goes on believing what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.circle import Circle
from tests.story.rondo import Rondo, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NOTICED = 20_000  # milliseconds: the server looks every ten seconds whether its database is still the same


@pytest.fixture(scope="module")
def rondo() -> Iterator[Rondo]:
    """In the place of the usual one: its database is put back."""
    with serving() as running:
        yield running
        assert running.complaints() == ""


def test_an_open_page_is_true_again_and_names_what_its_reader_recorded_in_vain(
    circle: Circle, rondo: Rondo, tmp_path: Path
) -> None:
    circle.story.play(until="ask_for_consent")
    kept = tmp_path / "rondo.backup"
    rondo.manage("backup", str(kept))
    max_, pia = circle.at("max"), circle.at("pia")
    max_.consents()
    pia.turns("Your answer is asked")
    expect(pia.main).to_contain_text("1 of 3 heard")

    rondo.manage("restore", str(kept), "--yes")

    max_.turns("Your answer is asked", NOTICED)
    max_.shows("Not in the record any more")
    expect(max_.main.get_by_role("region", name="Not in the record any more")).to_contain_text("Consent ·")
    expect(pia.main).to_contain_text("0 of 3 heard", timeout=NOTICED)
    assert pia.main.get_by_text("Not in the record any more").count() == 0
    max_.consents()
    expect(pia.main).to_contain_text("1 of 3 heard")
