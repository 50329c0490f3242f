"""Sending the minutes, when somebody who was there asks for it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from conventions import problems
from conventions.transactions import writing
from notices.outbox import Fate, fate_of_new
from teams.models import Account

from . import access, letters, store
from .minutes import minutes_of
from .process.events import Joined
from .process.state import Phase


def mail_minutes(account: Account, meeting: str) -> tuple[int, Fate]:
    """To everybody of the team, each once. Returns to how many, and what becomes of mail here."""
    with writing():
        row = access.locked_for(account, meeting)
        state = store.load(row)
        if state.phase is not Phase.ENDED:
            raise problems.conflict("wrong_phase", _("The minutes are mailed once the meeting has ended."))
        were_there = {event.by for event in store.story(row) if isinstance(event, Joined)}
        if account.pk not in were_there | {state.facilitator}:
            raise problems.forbidden("not_present", _("Whoever was in the meeting can mail its minutes."))
        return letters.minutes(row, minutes_of(row)), fate_of_new()
