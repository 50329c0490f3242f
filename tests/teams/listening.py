"""Listeners for the tests: one that remembers, one that cannot."""

from teams.changes import Change
from teams.models import Account, Membership, Team

heard: list[tuple[str, str, Change, str, bool]] = []


def remember(team: Team, account: Account, change: Change, by: Account) -> None:
    there = Membership.objects.filter(team=team, account=account).exists()
    heard.append((team.slug, account.name, change, by.name, there))


def break_down(team: Team, account: Account, change: Change, by: Account) -> None:
    raise RuntimeError("the listener cannot")
