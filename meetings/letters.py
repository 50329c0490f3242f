"""What is told of meetings by mail: that one is planned, changed or called off, and when; its minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from notices import outbox
from notices.composing import Link, Part, Quote, Row, letter, name
from notices.outbox import Attachment, Letter
from teams.models import Account

from . import models, store
from .calendar import calendar_entry
from .process.state import Meeting

Json = dict[str, Any]
PLANNED = "A meeting is planned: {title}, {when}"
CHANGED = "The plan of a meeting has changed: {title}, {when}"
CALLED_OFF = "A meeting was called off: {title}, {when}"
ROUNDS = {"clarifying": "Questions go on", "reaction": "Reactions go on", "consent": "The consent round goes on"}
STAGES = {"put_off": "Put off: left for another meeting.", "waiting": "Not reached."}


def plan(row: models.Meeting, state: Meeting, subject: str) -> None:
    """Tells everybody of the team of the plan as it is now: once for each state of it."""
    file = Attachment("meeting.ics", "text/calendar; method=PUBLISH", calendar_entry(row, state, address_of(row)))
    letters = [replace(_plan(row, state, reader, subject), attachments=(file,)) for reader in readers(state)]
    outbox.queue(f"meeting:{row.pk}:plan:{state.seq}", letters, thread=f"meeting:{row.pk}")


def minutes(row: models.Meeting, told: Json) -> int:
    """Sends the minutes to everybody of the team, each once. Returns to how many."""
    letters = [_minutes(row, told, reader) for reader in readers(store.load(row))]
    outbox.queue(f"meeting:{row.pk}:minutes", letters, thread=f"meeting:{row.pk}")
    return len(letters)


def readers(state: Meeting) -> list[Account]:
    return list(Account.objects.filter(pk__in=state.people, is_active=True).order_by("pk"))


def address_of(row: models.Meeting) -> str:
    """Where one joins."""
    return f"{settings.RONDO_URL}/m/{row.pk}?join"


def _plan(row: models.Meeting, state: Meeting, reader: Account, subject: str) -> Letter:
    when = _when(state.starts_at)
    shown = store.picture_of(row, state)
    agenda = [shown["agenda"][id] for id in shown["places"]]
    return letter(
        reader.email,
        subject.format(title=name(state.title), when=when),
        f"{name(row.team.name)} meets on {when}, for {state.minutes} minutes.",
        *([Row("Where", state.place)] if state.place else []),
        Row("Facilitates", shown["people"].get(state.facilitator, {}).get("name", "")),
        *(Row(f"{n}", f"{name(item['title'])} ({item['minutes']} minutes)") for n, item in enumerate(agenda, 1)),
        Link("Join, when it is time", address_of(row)),
        "Whoever cannot come answers the same rounds from elsewhere.",
        why=f"You get this because you belong to the team {name(row.team.name)}.",
    )


def _minutes(row: models.Meeting, told: Json, reader: Account) -> Letter:
    return letter(
        reader.email,
        f"Minutes: {name(told['title'])}",
        f"What {name(row.team.name)} came to in its meeting of {_when(_time(told['opened_at'] or told['starts_at']))}.",
        *(part for n, item in enumerate(told["items"], 1) for part in _item(n, item)),
        Link("Read the minutes in full", f"{settings.RONDO_URL}/m/{row.pk}/minutes"),
        why=f"You get this because you belong to the team {name(row.team.name)}.",
    )


def _item(n: int, item: Json) -> Iterator[Part]:
    yield Row(str(n), name(item["title"]))
    outcome = item["outcome"]
    if outcome is None:
        yield STAGES[item["stage"]]
        return
    if outcome["adopted"]:
        yield "Adopted:"
        yield Quote(outcome["adopted"]["body"])
        return
    yield " ".join(_where_it_stands(outcome))


def _where_it_stands(outcome: Json) -> Iterator[str]:
    if outcome["sent_back"]:
        yield "Sent back to its author: an objection stands."
    if outcome["revisions"]:
        yield f"Version {outcome['revisions'][-1]['number']} was offered."
    if outcome["goes_on"]:
        until = _when(_time(outcome["goes_on"]["due_at"]))
        yield f"{ROUNDS[outcome['goes_on']['kind']]}, each in their own time, until {until}."
    elif outcome["phase"] == "withdrawn":
        yield "Withdrawn by its author. No decision was made."
    else:
        yield "It is with its author."


def _when(at: datetime) -> str:
    return f"{at:%A}, {at.day} {at:%B %Y}, {at:%H:%M} UTC"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
