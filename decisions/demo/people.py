"""Who is in the demo team, and how they sign in."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from teams import flows, invitations
from teams.models import Account, Role, Team

TEAM = "Harbour team"
AIM = "A booking service that harbour masters trust: boats find their berth, and nobody is called at night."
PASSWORD = "calm-harbour"  # noqa: S105 - known to everybody: these accounts never exist in production

FACILITATOR = ADMINISTRATOR = "fay"
NAMES = {
    "fay": "Fay Okafor",
    "pia": "Pia Lindqvist",
    "max": "Max Brandt",
    "jun": "Jun Tanaka",
    "ada": "Ada Moreau",
    "sam": "Sam Rivera",
}

People = dict[str, Account]


def address(name: str) -> str:
    return f"{name}@harbour.example"


def gather() -> tuple[Team, People]:
    """The team, founded by its facilitator; the others come by one invitation."""
    password = make_password(PASSWORD)  # made once: it is slow on purpose
    people = {name: _account(name, password) for name in NAMES}
    host = people[FACILITATOR]
    team = flows.found_team(host, TEAM, AIM, {"facilitator": host.pk})
    _, token = invitations.invite(host, team, Role.MEMBER)
    for name in NAMES:
        if name != FACILITATOR:
            invitations.accept_invitation(people[name], token)
    return team, people


def _account(name: str, password: str) -> Account:
    account = Account(email=address(name), name=NAMES[name], password=password, is_site_admin=name == ADMINISTRATOR)
    account.full_clean()
    account.save(force_insert=True)
    return account
