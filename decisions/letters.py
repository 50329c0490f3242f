"""What a decision tells by mail, in words: that an answer is asked for, and what happened while somebody was away.

Nothing that somebody answered is ever in it, sealed or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model

from notices.composing import Link, Part, letter, name
from notices.outbox import Letter, queue

from .names import names_of
from .process import events as e
from .process.engine import evolve
from .process.hours import Hour, asked, window_ends
from .process.state import Kind, Proposal

ASKED = {
    Kind.CLARIFYING: "The circle waits for you to say that you understand the proposal, or to ask your question.",
    Kind.REACTION: "The circle waits for your quick reaction, or your pass.",
    Kind.CONSENT: "The circle asks you: can you live with this? Is it within your range of tolerance?",
}


@dataclass(frozen=True)
class Notice:
    """One thing that is told to some. `event` names it for ever, so that nobody is told it twice."""

    event: str
    people: Iterable[str]
    subject: str
    parts: tuple[Part, ...]
    why: str


def tell(row: Any, before: Proposal, events: Iterable[e.Event]) -> None:
    """Queues what these events have to tell, in the transaction in which they are recorded."""
    state = before
    for event in events:
        earlier, state = state, evolve(state, event)
        if type(event) in TELLS:
            for notice in TELLS[type(event)](earlier, state, event):
                _queue(row, notice)


def _queue(row: Any, notice: Notice) -> None:
    found = get_user_model().objects.filter(pk__in=set(notice.people), is_active=True).order_by("pk")
    at = f"{settings.RONDO_URL}/p/{row.pk}"
    made: list[Letter] = [
        letter(
            reader.email,
            notice.subject,
            *notice.parts,
            Link(f"See the proposal “{name(row.title)}”", at),
            why=f"{notice.why} Team {name(row.team.name)}.",
        )
        for reader in found
    ]
    if made:
        queue(notice.event, made, thread=f"proposal:{row.pk}")


def moment(at: datetime) -> str:
    """A point in time for a mail, whose reader may be anywhere."""
    return f"{at:%A, %-d %B}, {at:%H:%M} UTC"


def called(who: str | None) -> str:
    return name(names_of([who]).get(who or "", "Somebody"))


PART = "You get this because you take part in this decision."


def _time_passed(before: Proposal, after: Proposal, event: e.TimePassed) -> Iterator[Notice]:
    round = before.round
    if round is None:
        return
    waited_for = asked(before)
    title = name(before.text.title)
    if Hour.DUE in event.what:
        yield Notice(
            f"due:{round.id}:{round.due_at:%Y%m%d%H%M}",
            {*waited_for, *([after.facilitator] if after.facilitator else [])} if waited_for else (),
            f"The time is over, the round is open: {title}",
            (
                f"{len(waited_for)} {'person has' if len(waited_for) == 1 else 'people have'} not answered yet."
                " Silence is not consent, and nothing closes by it. An answer counts as long as the round is open.",
            ),
            PART,
        )
    elif Hour.DUE_SOON in event.what:
        yield Notice(
            f"due-soon:{round.id}:{after.rounds[round.id].reminders}",
            waited_for,
            f"Your answer is asked: {title} (version {before.revision}), by {moment(round.due_at)}",
            (ASKED[round.kind], f"The round is due on {moment(round.due_at)}."),
            PART,
        )


def _marked_absent(before: Proposal, after: Proposal, event: e.MarkedAbsent) -> Iterator[Notice]:
    if event.by == event.participant:
        return
    yield Notice(
        f"absent:{after.id}:{after.seq}",
        [event.participant],
        f"You are marked absent: {name(before.text.title)}",
        (
            f"{called(event.by)} has marked you absent, because you have not answered. The others go on meanwhile.",
            "Whatever you contribute undoes it, and so does “I am here”. Your voice counts as before.",
        ),
        PART,
    )


def _offered(what: str, also: str) -> Callable[[Proposal, Proposal, Any], Iterator[Notice]]:
    def tells(before: Proposal, after: Proposal, event: Any) -> Iterator[Notice]:
        yield Notice(
            f"offered:{after.id}:{after.seq}",
            [event.to] if event.to != event.by else (),
            f"You are asked to {what}: {name(before.text.title)}",
            (f"{called(event.by)} asks you to {what}. {also} Nothing changes unless you accept.",),
            PART,
        )

    return tells


def _author_changed(before: Proposal, after: Proposal, event: e.AuthorChanged) -> Iterator[Notice]:
    yield Notice(
        f"author:{after.id}:{after.seq}",
        [event.before],
        f"{called(event.author)} carries your proposal on: {name(before.text.title)}",
        (
            f"{called(event.author)} is its author from now on, because you were away."
            " You stay a participant, and your voice counts like the others’.",
        ),
        PART,
    )


def _adopted(_before: Proposal, after: Proposal, event: e.Adopted) -> Iterator[Notice]:
    ends = window_ends(after)
    missed = [r for r in after.rounds.values() if r.closed_at == event.at and r.absent]
    if ends is None or not missed:
        return
    yield Notice(
        f"second-look:{missed[-1].id}",
        missed[-1].absent,
        f"Adopted while you were absent: {name(after.text.title)}",
        (
            "The proposal is an agreement now. You were absent, so you can have a second look at it.",
            f"Until {moment(ends)} you can object once, with your reason. That sends it back to its author.",
        ),
        PART,
    )


TELLS: Mapping[type[e.Event], Callable[[Proposal, Proposal, Any], Iterator[Notice]]] = {
    e.TimePassed: _time_passed,
    e.MarkedAbsent: _marked_absent,
    e.AuthorshipOffered: _offered("take on a proposal", "You would answer questions and write its next version."),
    e.FacilitatorOffered: _offered("facilitate", "You would lead through the rounds, and decide for nobody."),
    e.AuthorChanged: _author_changed,
    e.Adopted: _adopted,
}
