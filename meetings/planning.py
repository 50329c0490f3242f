"""Planning a meeting: to which decisions of the team it goes, in which order, and how far it wants to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from conventions import clock, problems
from conventions.ids import new_id
from conventions.transactions import writing
from decisions import gathering
from decisions.process.state import Phase as DecisionPhase
from teams.access import has_voice, voices, watchers
from teams.models import Account, Team

from . import access, models, store, submit
from .process.commands import Change
from .process.events import Planned
from .process.state import Item, Meeting, Person, Wanted

ENDED = (DecisionPhase.ADOPTED, DecisionPhase.WITHDRAWN)


def plan(
    account: Account,
    team: Team,
    *,
    title: str,
    starts_at: datetime,
    minutes: int,
    place: str,
    facilitator: str | None,
    agenda: Sequence[Mapping[str, Any]],
    via: str | None,
) -> submit.Done:
    """A new meeting of the team. Needs a voice in it; its facilitator is who was asked for, else who plans."""
    if not has_voice(account, team):
        raise problems.forbidden("no_voice", _("Observers watch a meeting. A member of the team can plan one."))
    with writing():
        team = Team.objects.select_for_update().get(pk=team.pk)
        people = {person.pk: Person(voice=True) for person in voices(team)}
        people |= {person.pk: Person(voice=False) for person in watchers(team)}
        chair = facilitator or account.pk
        if chair not in people:
            raise problems.invalid({"facilitator": [_("Choose a member or observer of the team.")]})
        row = models.Meeting(id=new_id(), team=team, facilitator_id=chair, title=title, starts_at=starts_at)
        row.save(force_insert=True)
        start = Meeting(row.pk, team.pk, chair, title, starts_at, minutes)
        planned = Planned(
            at=clock.now(),
            by=account.pk,
            title=title,
            starts_at=starts_at,
            minutes=minutes,
            place=place,
            facilitator=chair,
            agenda=items(team, (), agenda),
            people=people,
        )
        return submit.written(row, start, [planned], via)


def change(
    account: Account, meeting: str, *, via: str | None, agenda: Sequence[Mapping[str, Any]] | None = None, **plan: Any
) -> submit.Done:
    """Sets the plan anew: what the meeting has been at already comes first and stays."""
    with writing():
        row = access.locked_for(account, meeting)
        if agenda is not None:
            plan["agenda"] = items(row.team, store.load(row).agenda, agenda)
        return submit.carry_out(row, account, partial(Change, by=account.pk, **plan), via)


def items(team: Team, known: Sequence[Item], asked: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    """The agenda that was asked for: whoever is known by id is kept, and what is new has to be an open decision of
    this team."""
    before = {item.id: item for item in known}
    wanted = [one["proposal"] for one in asked if one.get("id") not in before]
    here = {
        subject.proposal
        for subject in gathering.subjects(wanted)
        if subject.team == team.pk and subject.phase not in ENDED
    }
    for one in asked:
        if one.get("id") not in before and one["proposal"] not in here:
            raise problems.invalid({"agenda": [_("Choose open decisions of this team.")]})
    return tuple(_item(before.get(one.get("id") or ""), one) for one in asked)


def _item(known: Item | None, asked: Mapping[str, Any]) -> Item:
    wanted, minutes = Wanted(asked["wanted"]), asked["minutes"]
    if known is None:
        return Item(new_id(), asked["proposal"], wanted, minutes)
    same = (known.wanted, known.minutes) == (wanted, minutes)
    return known if same else Item(known.id, known.proposal, wanted, minutes, known.stage)
