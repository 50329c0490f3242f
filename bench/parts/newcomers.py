"""A whole team in one go: accounts, memberships and a token for each, told as a line of JSON.

`python -m bench.parts.newcomers 40`, in the surroundings of the servers that will know them; `… 12 5` makes five teams.
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


def founded(number: int = 0) -> tuple[Account, Team]:
    founder = Account.objects.create_user(f"a{number}@example.org", name=f"Person {number}")
    return founder, flows.found_team(founder, "Harbour", "Boats come and go safely.")


def circles(teams: int, members: int, first: int) -> list[dict[str, Any]]:
    """So many teams of so many, each account in one of them; the accounts' numbers begin at `first`."""
    return [_team(members, first + number * members) for number in range(teams)]


def _team(members: int, first: int) -> dict[str, Any]:
    founder = Account.objects.create_user(f"a{first}@example.org", name=f"Person {first}")
    team = flows.found_team(founder, f"Crew {first}", "Boats come and go safely.")
    people = [founder, *(newcomer(team, founder, first + member) for member in range(1, members))]
    return {"team": team.slug, "people": [_shown(who) for who in people]}


def _shown(who: Account) -> dict[str, str]:
    return {"id": who.pk, "token": tokens.make_token(who, "a meeting")[1]}


def circle(count: int, first: int = 0) -> dict[str, Any]:
    """So many members, and one observer at the end; `first`: the number of the first of them."""
    founder, team = founded(first)
    people = [founder, *(newcomer(team, founder, first + number) for number in range(1, count))]
    people.append(newcomer(team, founder, first + count, Role.OBSERVER))
    return {
        "team": team.slug,
        "people": [_shown(who) for who in people],
    }


if __name__ == "__main__":
    count, teams = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for made in range(teams):
        print(json.dumps(circle(count, made * (count + 1))))
