"""What is told of meetings by mail: that one is planned, changed or called off, and when; its minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext as _

from conventions.language import moment, speaking_to
from notices import outbox
from notices.composing import Link, Part, Quote, Row, letter, name
from notices.outbox import Attachment, Letter
from teams.models import Account

from . import models, store
from .calendar import calendar_entry
from .process.state import Meeting

Json = dict[str, Any]
PLANNED = gettext_noop("A meeting is planned: {title}, {when}")
CHANGED = gettext_noop("The plan of a meeting has changed: {title}, {when}")
CALLED_OFF = gettext_noop("A meeting was called off: {title}, {when}")
ROUNDS = {
    "clarifying": gettext_noop("Questions go on, each in their own time, until {when}."),
    "reaction": gettext_noop("Reactions go on, each in their own time, until {when}."),
    "consent": gettext_noop("The consent round goes on, each in their own time, until {when}."),
}
STAGES = {
    "put_off": gettext_noop("Put off: left for another meeting."),
    "waiting": gettext_noop("Not reached."),
}


def plan(row: models.Meeting, state: Meeting, subject: str) -> None:
    """Tells everybody of the team of the plan as it is now: once for each state of it."""
    letters = [_plan(row, state, reader, subject) for reader in readers(state)]
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
    with speaking_to(reader):
        file = Attachment("meeting.ics", "text/calendar; method=PUBLISH", calendar_entry(row, state, address_of(row)))
        return replace(_plan_in_words(row, state, reader, subject), attachments=(file,))


def _plan_in_words(row: models.Meeting, state: Meeting, reader: Account, subject: str) -> Letter:
    when, team = moment(state.starts_at), name(row.team.name)
    shown = store.picture_of(row, state)
    agenda = [shown["agenda"][id] for id in shown["places"]]
    meets = _("{team} meets on {when}, for {minutes}.")
    return letter(
        reader.email,
        gettext(subject).format(title=name(state.title), when=when),
        meets.format(team=team, when=when, minutes=_minutes_long(state.minutes)),
        *([Row(_("Where"), state.place)] if state.place else []),
        Row(_("Facilitates"), shown["people"].get(state.facilitator, {}).get("name", "")),
        *(Row(f"{n}", f"{name(item['title'])} ({_minutes_long(item['minutes'])})") for n, item in enumerate(agenda, 1)),
        Link(_("Join, when it is time"), address_of(row)),
        _("Whoever cannot come answers the same rounds from elsewhere."),
        why=_("You get this because you belong to the team {team}.").format(team=team),
    )


def _minutes(row: models.Meeting, told: Json, reader: Account) -> Letter:
    with speaking_to(reader):
        when, team = moment(_time(told["opened_at"] or told["starts_at"])), name(row.team.name)
        return letter(
            reader.email,
            _("Minutes: {title}").format(title=name(told["title"])),
            _("What {team} came to in its meeting of {when}.").format(team=team, when=when),
            *(part for n, item in enumerate(told["items"], 1) for part in _item(n, item)),
            Link(_("Read the minutes in full"), f"{settings.RONDO_URL}/m/{row.pk}/minutes"),
            why=_("You get this because you belong to the team {team}.").format(team=team),
        )


def _minutes_long(number: int) -> str:
    return ngettext("{n} minute", "{n} minutes", number).format(n=number)


def _item(n: int, item: Json) -> Iterator[Part]:
    yield Row(str(n), name(item["title"]))
    outcome = item["outcome"]
    if outcome is None:
        stage = STAGES[item["stage"]]
        yield gettext(stage)
        return
    if outcome["adopted"]:
        yield _("Adopted:")
        yield Quote(outcome["adopted"]["body"])
        return
    yield " ".join(_where_it_stands(outcome))


def _where_it_stands(outcome: Json) -> Iterator[str]:
    if outcome["sent_back"]:
        yield _("Sent back to its author: an objection stands.")
    if outcome["revisions"]:
        yield _("Version {n} was offered.").format(n=outcome["revisions"][-1]["number"])
    if outcome["goes_on"]:
        goes_on = outcome["goes_on"]
        words = ROUNDS[goes_on["kind"]]
        yield gettext(words).format(when=moment(_time(goes_on["due_at"])))
    elif outcome["phase"] == "withdrawn":
        yield _("Withdrawn by its author. No decision was made.")
    else:
        yield _("It is with its author.")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
