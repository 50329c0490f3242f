"""A meeting as an entry for everybody's own calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from conventions import clock
from conventions.seldom import Seldom

from . import models, store
from .process.state import Meeting, Phase

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = Seldom("icalendar")

PRODUCT = "-//Rondo//Meetings//EN"


def calendar_entry(row: models.Meeting, state: Meeting, url: str) -> bytes:
    """The .ics file: when it is, where, what is on the agenda, and the address at which one joins."""
    event = icalendar.Event()
    event.add("uid", f"{row.pk}@rondo")
    event.add("dtstamp", clock.now())
    event.add("sequence", state.seq)
    event.add("dtstart", state.starts_at)
    event.add("dtend", state.starts_at + timedelta(minutes=state.minutes))
    event.add("summary", f"{state.title} · {row.team.name}")
    event.add("description", "\n".join([*_agenda(row, state), "", _("Join: {url}").format(url=url)]))
    event.add("url", url)
    if state.place:
        event.add("location", icalendar.vText(state.place))
    if state.phase is Phase.CALLED_OFF:
        event.add("status", "CANCELLED")
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _agenda(row: models.Meeting, state: Meeting) -> Sequence[str]:
    shown = store.picture_of(row, state)
    minutes = _("{n} min")
    items = [shown["agenda"][id] for id in shown["places"]]
    return [f"{place}. {item['title']} ({minutes.format(n=item['minutes'])})" for place, item in enumerate(items, 1)]
