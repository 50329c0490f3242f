"""What waits for many is looked up together, and tells each of them what they would have been told alone."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.test.utils import CaptureQueriesContext

from decisions import lists
from teams import flows
from teams.models import Account, Team
from tests.conftest import bring, person

from .story import Story
from .test_room import to_reaction


def everybody() -> list[Account]:
    return list(Account.objects.order_by("pk"))


def everyone() -> list[str]:
    return [one.pk for one in everybody()]


def alone() -> dict[str, object]:
    return {one.pk: (lists.waiting_rows(one), lists.rooms(one)) for one in everybody()}


def test_a_crowd_is_told_what_each_of_them_is_told_alone_at_every_step_of_a_decision(story: Story) -> None:
    waited = 0
    for _, step in story.steps():
        step()
        told = lists.waiting_of(everyone())
        assert told == alone()
        waited += sum(len(rows) for rows, _ in told.values())
    assert waited > 10


def test_who_was_removed_and_who_left_are_told_as_before(
    meeting: Story, team: Team, fay: Account, max_: Account, nia: Account
) -> None:
    to_reaction(meeting)
    flows.remove(fay, team, max_.pk)
    flows.leave(nia, team)
    told = lists.waiting_of(everyone())
    assert told == alone()
    rows, rooms = told[max_.pk]
    assert ([row["id"] for row in rows], list(rooms)) == ([meeting.id], [meeting.id])
    assert told[nia.pk] == ([], {})


def test_what_waits_longest_comes_first_for_each_of_a_crowd(story: Story) -> None:
    proposals = []
    for _ in range(3):
        story.propose()
        story.open()
        proposals.append(story.id)
    rows, _ = lists.waiting_of(everyone())[story.people["max"]]
    assert [row["id"] for row in rows] == proposals


def test_a_crowd_costs_no_more_questions_than_one_of_them(meeting: Story, team: Team, fay: Account) -> None:
    to_reaction(meeting)

    def questions(people: Sequence[Account]) -> int:
        with CaptureQueriesContext(connection) as asked:
            lists.waiting_of([one.pk for one in people])
        return len(asked)

    one = questions([fay])
    for number in range(10):
        bring(team, fay, person(f"N{number} Newcomer"))
    assert len(everybody()) > 10
    assert questions(everybody()) == one
