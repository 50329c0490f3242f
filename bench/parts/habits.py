"""What people are assumed to do: the one place of the simulation where something is assumed, each with its reason.

All else in it was measured. Each can be changed: `python3 run.py bench capacity --habit decisions_a_week=5`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Habits:
    """For a member or a team, in a usual week."""

    members_of_team: float = 12
    decisions_a_week: float = 2
    live: float = 0.5
    minutes_in_room: float = 20
    looks_a_day: float = 6
    pages_a_look: float = 2
    open_pages: float = 0.3
    along: float = 2
    days: float = 5
    peak_hour: float = 0.2
    network_ms: float = 0.25


REASONS = {
    "members_of_team": "members of a team: a circle in which everyone is heard is not larger",
    "decisions_a_week": "decisions that a team takes a week: one weekly meeting with two of them",
    "live": "share of decisions taken together in a room; the others each in their own time",
    "minutes_in_room": "minutes that a decision is in its room: people talk between two acts",
    "looks_a_day": "times a day that a member comes: sees what waits, reads, answers",
    "pages_a_look": "decisions that they open then",
    "open_pages": "share of members with a page open in the busiest hour, whether or not they look at it",
    "along": "pages open on a decision that is taken in one's own time, when somebody acts in it",
    "days": "days a week on which people work",
    "peak_hour": "share of a day's work that falls into its busiest hour; spread evenly over eight it would be 0.125",
    "network_ms": "there and back between two machines, in milliseconds: the same hall",
}


def changed(words: list[str]) -> Habits:
    """From `name=number` each. Raises ValueError for a name that there is not, or no number."""
    known = {field.name for field in fields(Habits)}
    given = dict(word.split("=", 1) for word in words)
    if unknown := set(given) - known:
        raise ValueError(f"There is no habit {unknown.pop()}. There is: {', '.join(sorted(known))}")
    return replace(Habits(), **{name: float(value) for name, value in given.items()})
