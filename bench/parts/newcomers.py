"""A whole team in one go: accounts, memberships and a token for each, told as a line of JSON.

`python -m bench.parts.newcomers 40`, in the surroundings of the servers that will know them.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from conventions.transactions import writing
from teams import flows, tokens
from teams.models import Account, Role, Team


def newcomer(team: Team, founder: Account, number: int, role: Role = Role.MEMBER) -> Account:
    with writing():
        account = Account.objects.create_user(f"a{number}@example.org", name=f"Person {number}")
        flows.join(team, account, role, founder)
    return account


def founded() -> tuple[Account, Team]:
    founder = Account.objects.create_user("a0@example.org", name="Person 0")
    return founder, flows.found_team(founder, "Harbour", "Boats come and go safely.")


def circle(count: int) -> dict[str, Any]:
    """So many members, and one observer at the end."""
    founder, team = founded()
    people = [founder, *(newcomer(team, founder, number) for number in range(1, count))]
    people.append(newcomer(team, founder, count, Role.OBSERVER))
    return {
        "team": team.slug,
        "people": [{"id": who.pk, "token": tokens.make_token(who, "a meeting")[1]} for who in people],
    }


if __name__ == "__main__":
    print(json.dumps(circle(int(sys.argv[1]))))
