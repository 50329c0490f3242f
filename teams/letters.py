"""What teams tell by mail, in words: who is invited, how a team decides from now on, what was made in one's name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conventions import clock
from conventions.language import day, moment, speaking_to
from notices.composing import Link, Quote, Row, letter, name
from notices.outbox import Letter
from teams.models import AccessToken, Account, Invitation, Role, Sealed, Team

Policy = dict[str, Any]

ROLES = {
    Role.MEMBER: gettext_lazy("You would be a member: you have a voice, and are asked in every round."),
    Role.OBSERVER: gettext_lazy("You would be an observer: you read along, and are not asked."),
}
SEALED = {
    Sealed.IN_ROOM: gettext_lazy("sealed in the room, open elsewhere"),
    Sealed.ALWAYS: gettext_lazy("always sealed"),
    Sealed.NEVER: gettext_lazy("always open"),
}


def invitation(found: Invitation, link: str) -> Letter:
    host, team = name(found.invited_by.name), name(found.team.name)
    ends = _("It is for this address alone, and lasts until {day}. Nothing happens unless you accept it.")
    why = _("You get this because {host} entered your address. If you do not know them, let it be.")
    return letter(
        found.email,
        _("{host} invites you to the team {team}").format(host=host, team=team),
        _("{host} invites you to decide with the team {team}, on Rondo.").format(host=host, team=team),
        *([Quote(found.team.aim)] if found.team.aim else []),
        str(ROLES[Role(found.role)]),
        Link(_("See the invitation"), link),
        ends.format(day=day(found.expires_at)),
        why=why.format(host=host),
    )


def policy_changed(team: Team, by: Account, reader: Account, before: Policy, after: Policy) -> Letter:
    with speaking_to(reader):
        called = name(team.name)
        changed = [field for field in POLICY if before[field] != after[field]]
        return letter(
            reader.email,
            _("How {team} decides has changed").format(team=called),
            _("{name} has changed how the team {team} decides.").format(name=name(by.name), team=called),
            *(Row(str(POLICY[field][0]), _from_to(field, before, after)) for field in changed),
            _(
                "This changes no open proposal: each keeps what it was opened with. "
                "It counts for those that open from now on."
            ),
            Link(_("See the team’s settings"), f"{settings.RONDO_URL}/t/{team.slug}/settings"),
            why=_("You get this because you belong to the team {team}. Everybody in it is told.").format(team=called),
        )


def operators_token(token: AccessToken) -> Letter:
    with speaking_to(token.user):
        made = _(
            "Whoever runs this Rondo has made an access token for the account of {name}, "
            "on the command line of its server."
        )
        return letter(
            token.user.email,
            _("An access token was made for your account"),
            made.format(name=name(token.user.name)),
            Row(_("Begins with"), f"{token.token_key}…"),
            Row(_("Made on"), moment(token.created)),
            Row(_("Works until"), day(token.expiry) if token.expiry else _("it is ended")),
            _(
                "Who has it can act as you by a script. "
                "The record says of each entry made with it that the operator made it."
            ),
            _("If you did not expect this, end the token on your page, and ask whoever runs this Rondo."),
            Link(_("See your access tokens"), f"{settings.RONDO_URL}/me"),
            why=_("You get this because your account on Rondo has this address."),
        )


def way_in_given_back(account: Account, by: Account) -> Letter:
    """`account` was just marked."""
    with speaking_to(account):
        at = account.recovered_at or clock.now()
        host, until = name(by.name), at + Account.MARKED_FOR
        sent = _("{name}, who looks after this Rondo, has sent a link to this address that sets a new password.")
        seen = _("Until {time} your teams see that your way in was given back, and the record says so of what you do.")
        return letter(
            account.email,
            _("Your way in was given back on {day}").format(day=day(at)),
            sent.format(name=host),
            seen.format(time=moment(until)),
            _(
                "If you did not ask for it, leave the link alone and tell your team: "
                "somebody may want to act in your name."
            ),
            why=_("You get this because your account on Rondo has this address."),
        )


def policy_of(team: Team) -> Policy:
    """As values that stay what they are while the team changes."""
    return {field: getattr(team, field) for field in POLICY}


def _from_to(field: str, before: Policy, after: Policy) -> str:
    words = POLICY[field][1]
    return f"{words(before[field])} → {words(after[field])}"


def _days(number: int) -> str:
    return ngettext("{n} day", "{n} days", number).format(n=number)


def _share(percent: int) -> str:
    if percent == 50:
        return _("more than half")
    return _("at least {percent} percent").format(percent=percent)


def _facilitator(account: Account | None) -> str:
    return name(account.name) if account else _("whoever opens the proposal")


POLICY: dict[str, tuple[Any, Any]] = {
    "sealed": (gettext_lazy("Answers in a consent round"), lambda sealed: str(SEALED[Sealed(sealed)])),
    "facilitator": (gettext_lazy("Who facilitates"), _facilitator),
    "due_days": (gettext_lazy("Time for a round"), _days),
    "quorum_percent": (gettext_lazy("How many must have answered, with anybody absent or sealed"), _share),
    "objector_grace_days": (gettext_lazy("How long an absent objector is waited for"), _days),
    "second_look_days": (gettext_lazy("How long somebody who was absent may still object"), _days),
}
