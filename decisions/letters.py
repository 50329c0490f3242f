"""What a decision tells by mail, in words: that an answer is asked for, and what happened while somebody was away.

Nothing that somebody answered is ever in it, sealed or not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conventions.language import moment, speaking_to
from notices.composing import Link, letter, name
from notices.outbox import Letter, queue

from .names import called, names_of
from .process import events as e
from .process.engine import evolve
from .process.hours import Hour, asked, window_ends
from .process.state import Kind, Proposal, Round

ASKED = {
    Kind.CLARIFYING: gettext_lazy(
        "The circle waits for you to say that you understand the proposal, or to ask your question."
    ),
    Kind.REACTION: gettext_lazy("The circle waits for your quick reaction, or your pass."),
    Kind.CONSENT: gettext_lazy("The circle asks you: can you live with this? Is it within your range of tolerance?"),
}
Words = Callable[[], tuple[str, tuple[str, ...]]]
"""The subject and the sentences of a mail, in the language that is spoken when it is asked."""


@dataclass(frozen=True)
class Notice:
    """One thing that is told to some. `event` names it for ever, so that nobody is told it twice."""

    event: str
    people: Iterable[str]
    words: Words


def tell(row: Any, before: Proposal, events: Collection[e.Event]) -> None:
    """Queues what these events have to tell, in the transaction in which they are recorded."""
    if not any(type(event) in TELLS for event in events):
        return
    state = before
    for event in events:
        earlier, state = state, evolve(state, event)
        if type(event) in TELLS:
            for notice in TELLS[type(event)](earlier, state, event):
                _queue(row, notice)


def _queue(row: Any, notice: Notice) -> None:
    readers = get_user_model().objects.filter(pk__in=set(notice.people), is_active=True).order_by("pk")
    made = [_letter(row, reader, notice.words) for reader in readers]
    if made:
        queue(notice.event, made, thread=f"proposal:{row.pk}")


def _letter(row: Any, reader: Any, words: Words) -> Letter:
    with speaking_to(reader):
        subject, sentences = words()
        return letter(
            reader.email,
            subject,
            *sentences,
            Link(_("See the decision"), f"{settings.RONDO_URL}/d/{row.pk}"),
            why=_("You get this because you take part in this decision of the team {team}.").format(
                team=name(row.team.name)
            ),
        )


def _called(who: str | None) -> str:
    return name(called(names_of([who]).get(who or "") or _("Somebody")))


def _title(state: Proposal) -> str:
    return name(state.text.title)


# ── what each entry tells ────────────────────────────────────────────────────────────────────────────────────


def _time_passed(before: Proposal, after: Proposal, event: e.TimePassed) -> Iterator[Notice]:
    round, waited_for = before.round, asked(before)
    if round is None or not waited_for:
        return
    if Hour.DUE in event.what:
        people = {*waited_for, *([after.facilitator] if after.facilitator else [])}
        yield Notice(f"due:{round.id}:{round.due_at:%Y%m%d%H%M}", people, lambda: _due(before, len(waited_for)))
    elif Hour.DUE_SOON in event.what:
        number = after.rounds[round.id].reminders
        yield Notice(f"due-soon:{round.id}:{number}", waited_for, lambda: _due_soon(before, round))


def _due(state: Proposal, number: int) -> tuple[str, tuple[str, ...]]:
    missing = ngettext("{n} person has not answered yet.", "{n} people have not answered yet.", number)
    return _("The time is over, the round is open: {title}").format(title=_title(state)), (
        missing.format(n=number),
        _("Silence is not consent, and nothing closes by it. An answer counts as long as the round is open."),
    )


def _due_soon(state: Proposal, round: Round) -> tuple[str, tuple[str, ...]]:
    subject = _("Your answer is asked: {title} (version {n}), by {time}")
    return subject.format(title=_title(state), n=state.revision, time=moment(round.due_at)), (str(ASKED[round.kind]),)


def _marked_absent(before: Proposal, after: Proposal, event: e.MarkedAbsent) -> Iterator[Notice]:
    def words() -> tuple[str, tuple[str, ...]]:
        who = _("{name} has marked you absent, because you have not answered. The others go on meanwhile.")
        return _("You are marked absent: {title}").format(title=_title(before)), (
            who.format(name=_called(event.by)),
            _("Whatever you contribute undoes it, and so does “I am here”. Your voice counts as before."),
        )

    if event.by != event.participant:
        yield Notice(f"absent:{after.id}:{after.seq}", [event.participant], words)


def _authorship_offered(before: Proposal, after: Proposal, event: e.AuthorshipOffered) -> Iterator[Notice]:
    def words() -> tuple[str, tuple[str, ...]]:
        who = _("{name} asks you to carry on a proposal whose author is away. Nothing changes unless you accept.")
        return _("You are asked to take on a proposal: {title}").format(title=_title(before)), (
            who.format(name=_called(event.by)),
            _("You would answer questions and write its next version."),
        )

    if event.to != event.by:
        yield Notice(f"authorship:{after.id}:{after.seq}", [event.to], words)


def _facilitator_offered(before: Proposal, after: Proposal, event: e.FacilitatorOffered) -> Iterator[Notice]:
    def words() -> tuple[str, tuple[str, ...]]:
        who = _("{name} asks you to facilitate this decision. Nothing changes unless you accept.")
        return _("You are asked to facilitate: {title}").format(title=_title(before)), (
            who.format(name=_called(event.by)),
            _("You would lead through the rounds, and decide for nobody."),
        )

    yield Notice(f"chair:{after.id}:{after.seq}", [event.to], words)


def _author_changed(before: Proposal, after: Proposal, event: e.AuthorChanged) -> Iterator[Notice]:
    def words() -> tuple[str, tuple[str, ...]]:
        who = _("{name} is its author from now on, because you were away.")
        return _("Your proposal is carried on: {title}").format(title=_title(before)), (
            who.format(name=_called(event.author)),
            _("You stay a participant, and your voice counts like all others."),
        )

    yield Notice(f"author:{after.id}:{after.seq}", [event.before], words)


def _adopted(_before: Proposal, after: Proposal, event: e.Adopted) -> Iterator[Notice]:
    ends = window_ends(after)
    missed = [r for r in after.rounds.values() if r.closed_at == event.at and r.absent]
    if ends is None or not missed:
        return

    def words() -> tuple[str, tuple[str, ...]]:
        until = _("Until {time} you can object once, with your reason. That sends it back to its author.")
        return _("Adopted while you were absent: {title}").format(title=_title(after)), (
            _("The proposal is an agreement now. You were absent, so you can have a second look at it."),
            until.format(time=moment(ends)),
        )

    yield Notice(f"second-look:{missed[-1].id}", missed[-1].absent, words)


TELLS: Mapping[type[e.Event], Callable[[Proposal, Proposal, Any], Iterator[Notice]]] = {
    e.TimePassed: _time_passed,
    e.MarkedAbsent: _marked_absent,
    e.AuthorshipOffered: _authorship_offered,
    e.FacilitatorOffered: _facilitator_offered,
    e.AuthorChanged: _author_changed,
    e.Adopted: _adopted,
}
