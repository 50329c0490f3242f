"""What teams tell by mail, in words: who is invited, how a team decides from now on, what was made in one's name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from notices.composing import Link, Quote, Row, letter, name
from notices.outbox import Letter
from teams.models import AccessToken, Account, Invitation, Role, Sealed, Team

Policy = dict[str, Any]

ROLES = {
    Role.MEMBER: "You would be a member: you have a voice, and are asked in every round.",
    Role.OBSERVER: "You would be an observer: you read along, and are not asked.",
}
SEALED = {
    Sealed.IN_ROOM: "sealed in the room, open elsewhere",
    Sealed.ALWAYS: "always sealed",
    Sealed.NEVER: "always open",
}


def invitation(found: Invitation, link: str) -> Letter:
    host, team = name(found.invited_by.name), name(found.team.name)
    return letter(
        found.email,
        f"{host} invites you to the team {team}",
        f"{host} invites you to decide with the team {team}, on Rondo.",
        *([Quote(found.team.aim)] if found.team.aim else []),
        ROLES[Role(found.role)],
        Link("See the invitation", link),
        f"It is for this address alone, and lasts until {day(found.expires_at)}. Nothing happens unless you accept it.",
        why=f"You get this because {host} entered your address. If you do not know them, let it be.",
    )


def policy_changed(team: Team, by: Account, reader: Account, before: Policy, after: Policy) -> Letter:
    rows = [Row(POLICY[field][0], _from_to(field, before, after)) for field in POLICY if before[field] != after[field]]
    return letter(
        reader.email,
        f"How {name(team.name)} decides has changed",
        f"{name(by.name)} has changed how the team {name(team.name)} decides.",
        *rows,
        "This changes no open proposal: each keeps what it was opened with. It counts for those that open from now on.",
        Link("See the team’s settings", f"{settings.RONDO_URL}/t/{team.slug}/settings"),
        why=f"You get this because you belong to the team {name(team.name)}. Everybody in it is told.",
    )


def operators_token(token: AccessToken) -> Letter:
    return letter(
        token.user.email,
        "An access token was made for your account",
        f"Whoever runs this Rondo has made an access token for the account of {name(token.user.name)}, "
        "on the command line of its server.",
        Row("Begins with", f"{token.token_key}…"),
        Row("Made on", f"{day(token.created)}, {token.created:%H:%M} UTC"),
        Row("Works until", day(token.expiry) if token.expiry else "it is ended"),
        "Who has it can act as you by a script. The record says of each entry made with it that the operator made it.",
        "If you did not expect this, end the token on your page, and ask whoever runs this Rondo.",
        Link("See your access tokens", f"{settings.RONDO_URL}/me"),
        why="You get this because your account on Rondo has this address.",
    )


def policy_of(team: Team) -> Policy:
    """As values that stay what they are while the team changes."""
    return {field: getattr(team, field) for field in POLICY}


def _from_to(field: str, before: Policy, after: Policy) -> str:
    words = POLICY[field][1]
    return f"{words(before[field])} → {words(after[field])}"


def day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _share(percent: int) -> str:
    return "more than half" if percent == 50 else f"at least {percent} percent"


def _facilitator(account: Account | None) -> str:
    return name(account.name) if account else "whoever opens the proposal"


POLICY: dict[str, tuple[str, Any]] = {
    "sealed": ("Answers in a consent round", lambda sealed: SEALED[Sealed(sealed)]),
    "facilitator": ("Who facilitates", _facilitator),
    "due_days": ("Time for a round", _days),
    "quorum_percent": ("How many must have answered, with anybody absent or sealed", _share),
    "objector_grace_days": ("How long an absent objector is waited for", _days),
    "second_look_days": ("How long somebody who was absent may still object", _days),
}
