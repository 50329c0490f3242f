"""R9: zones, the nights in which clocks are changed, leap days. What is due comes at its moment, once and never early,
and each text that tells a moment tells one and no other.

What the pages make of what is typed, and how they tell it, stands in `frontend/src/words/zone.test.ts`; it is run from
here too, as often as the column has it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from icalendar import Calendar

from conventions import clock
from conventions.language import moment, speaking_to, zones
from decisions import timer
from notices.models import Mail
from teams.models import Account
from tests.conftest import Client
from tests.decisions.story import Story
from tests.faults.run import ROOT, SEED, running, times

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.timeout(1800)]

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
LONG_BEFORE = timedelta(days=3)
NIGHTS = {
    "Europe/Berlin": ["2026-10-25 02:30", "2027-03-28 02:30", "2028-02-29 17:00"],
    "America/New_York": ["2026-11-01 01:30", "2027-03-14 02:30", "2028-02-29 23:59"],
    "Australia/Lord_Howe": ["2027-04-04 01:45", "2026-10-04 02:15", "2028-02-29 00:00"],
    "Asia/Kathmandu": ["2026-10-25 02:30", "2028-02-29 00:15"],
    "Pacific/Apia": ["2026-12-31 23:59", "2028-02-29 12:00"],
    "America/Santiago": ["2027-04-03 23:30", "2026-09-06 00:30"],
}
"""Hours that come twice, that are left out, and days that are rare."""
CASES = [
    (zone, datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold))
    for zone, walls in NIGHTS.items()
    for wall in walls
    for fold in (0, 1)
]


def due_at(story: Story, named: datetime) -> datetime:
    """A round that is due then, named as a script in that zone would; long before."""
    with clock.frozen(named.astimezone(UTC) - LONG_BEFORE):
        story.propose()
        story.does("pia", "POST", f"proposals/{story.id}/open/", {"due_at": named.isoformat()})
    return clock.in_milliseconds(named)


def look(story: Story, at: datetime) -> None:
    with clock.frozen(at):
        timer.once()


def came(story: Story, what: str) -> list[datetime]:
    entries = story.does("fay", "GET", f"proposals/{story.id}/journal/")["results"]
    return [clock.parse(one["at"]) for one in entries if one["event"] == "time_passed" and what in one["data"]["what"]]


def test_what_is_due_by_the_clock_of_any_zone_comes_at_its_moment_once_and_never_early(
    story: Story, cast: dict[str, Account]
) -> None:
    with running("R9-zones") as run:
        for zone, named in CASES:
            Account.objects.filter(pk=cast["max"].pk).update(time_zone=zone)
            Mail.objects.all().delete()
            due = due_at(story, named)
            for what, at in (("due_soon", due - DAY), ("due", due)):
                for early in (LONG_BEFORE - DAY - HOUR, HOUR, timedelta(milliseconds=1)):
                    look(story, at - early)
                    if came(story, what):
                        run.found("impossible", f"{what} of {named.isoformat()} in {zone} came {early} early")
                for late in (timedelta(), timedelta(milliseconds=1), HOUR):
                    look(story, at + late)
                if came(story, what) != [at]:
                    run.found("dup", f"{what} of {named.isoformat()} in {zone} came {came(story, what)}")
                if what == "due_soon" and not told_to_max(due):
                    run.found("impossible", f"the mail names another moment than {named.isoformat()} in {zone}")
            run.fault("due times in nights and on days that are rare")


def told_to_max(due: datetime) -> bool:
    """Whether the mail that reminds him says when by his own clock, and nothing else."""
    subject = Mail.objects.get(address="max@example.org").subject
    return named_by(subject.split(", by ")[1]) == {due.replace(second=0, microsecond=0)}


TOLD = re.compile(r"(?P<wall>\w+, \d+ \w+ \d{4}, \d\d:\d\d) (\((?P<zone>[\w/+-]+)(, UTC(?P<off>[+-]\d\d:\d\d))?\)|UTC)")


def named_by(text: str) -> set[datetime]:
    """All the moments that somebody may mean who reads such a text."""
    found = TOLD.fullmatch(text)
    assert found, text
    wall = datetime.strptime(found["wall"], "%A, %d %B %Y, %H:%M")  # noqa: DTZ007 - its zone comes beside it
    if found["off"]:
        return {datetime.fromisoformat(f"{wall.isoformat()}{found['off']}").astimezone(UTC)}
    zone = ZoneInfo(found["zone"] or "UTC")
    return {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The moments of this year at which its clocks are changed, to the hour."""
    days = (datetime(year, 1, 1, tzinfo=UTC) + DAY * n for n in range(365))
    long = (day for day in days if off(zone, day) != off(zone, day + DAY))
    return [
        next(day + HOUR * n for n in range(24) if off(zone, day + HOUR * (n + 1)) != off(zone, day)) for day in long
    ]


def off(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone, and a whole minute of the years to come; half of them within two hours of a change of clocks."""
    name, year = draw(st.sampled_from(sorted(zones()))), draw(st.integers(2024, 2054))
    near = changes(ZoneInfo(name), year) if draw(st.booleans()) else []
    begin = draw(st.sampled_from(near)) - HOUR if near else datetime(year, 1, 1, tzinfo=UTC)
    return name, begin + timedelta(minutes=draw(st.integers(0, 240 if near else 525_000)))


def test_each_text_names_the_one_moment_that_it_was_made_of_in_any_zone() -> None:
    with running("R9-texts") as run:

        @seed(SEED)
        @settings(max_examples=times(400, 10_000), database=None, deadline=None)
        @given(moments())
        def one(drawn: tuple[str, datetime]) -> None:
            zone, at = drawn
            run.fault("moments in a zone")
            with speaking_to(Account(language="en", time_zone=zone)):
                assert named_by(moment(at)) == {at}
            assert clock.parse(at.astimezone(ZoneInfo(zone)).isoformat()) == at
            assert clock.parse(clock.rfc3339(at)) == at

        one()


def test_what_is_typed_on_the_pages_names_the_moment_that_they_tell_in_any_zone() -> None:
    with running("R9-pages") as run:
        often = times(1_000, 10_000)
        env = {**os.environ, "RONDO_ZONES": str(often), "RONDO_FAULTS_SEED": str(SEED), "NO_COLOR": "1"}
        command = ["node_modules/.bin/vitest", "run", "src/words/zone.test.ts"]
        done = subprocess.run(
            command, cwd=ROOT / "frontend", env=env, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
        run.fault("moments in a zone that was chosen", often)
        run.fault("moments in a browser's own zone", often)


def test_a_zone_that_this_machine_does_not_know_any_longer_tells_utc() -> None:
    with speaking_to(Account(language="en", time_zone="Europe/Atlantis")):
        assert moment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == "Sunday, 25 October 2026, 00:30 UTC"


@pytest.mark.parametrize(("zone", "named"), CASES, ids=str)
def test_a_meeting_is_in_everybodys_calendar_at_the_moment_that_was_named(
    story: Story, circle: dict[str, Any], zone: str, named: datetime
) -> None:
    with clock.frozen(named.astimezone(UTC) - LONG_BEFORE):
        plan = {"title": "By night", "starts_at": named.isoformat(), "minutes": 60, "agenda": []}
        made = story.does("fay", "POST", f"teams/{story.team}/meetings/", plan)["meeting"]
        assert clock.parse(story.does("max", "GET", f"meetings/{made}/")["starts_at"]) == named.astimezone(UTC)
        entry = circle["max"].get(f"/api/v1/meetings/{made}/calendar.ics").content
    event = Calendar.from_ical(entry).walk("VEVENT")[0]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (named.astimezone(UTC), named.astimezone(UTC) + HOUR)


# In the harbour of New York it is the evening of the 28th, in Apia the afternoon of the 29th.
BOTH = datetime(2028, 2, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "takes"),
    [
        ("America/New_York", "2028-02-28", False),
        ("America/New_York", "2028-02-29", True),
        ("Asia/Kathmandu", "2028-02-29", False),
        ("Asia/Kathmandu", "2028-03-01", True),
        ("Pacific/Apia", "2028-02-29", False),
        ("Pacific/Apia", "2032-02-29", True),
        ("Pacific/Apia", "2029-02-29", False),  # there is no such day
        ("", "2028-02-28", False),
        ("", "2028-02-29", True),  # still to come, where the day begins last
    ],
)
def test_a_review_is_on_a_day_after_today_by_the_calendar_of_who_names_it(
    story: Story, pia: Account, browser: Callable[[Account], Client], zone: str, day: str, takes: bool
) -> None:
    Account.objects.filter(pk=pia.pk).update(time_zone=zone)
    draft = {"title": "Leave at six", "body": "All boats leave at six.", "review_on": day}
    with clock.frozen(BOTH):
        status, told = story.ask("pia", "POST", f"teams/{story.team}/proposals/", draft)
    assert status == (201 if takes else 400), told
    if takes:
        assert date.fromisoformat(told["review_on"]) == date.fromisoformat(day)
