"""What a call costs in questions to the database: the same in a large circle and after a long story."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from decisions import read, store
from teams.models import Account, Membership, Team
from tests.decisions.conftest import Clients
from tests.decisions.story import Story

Act = Callable[[], None]


def forget() -> None:
    """As in a process that has only just started."""
    store._known.clear()
    read._pictures.clear()


def cost(act: Act, *, cold: bool) -> int:
    if cold:
        forget()
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def sixty(team: Team) -> None:
    people = Account.objects.bulk_create(
        Account(email=f"m{number}@example.org", name=f"Member {number}", password="!") for number in range(60)
    )
    Membership.objects.bulk_create(Membership(team=team, account=one) for one in people)


def asking(story: Story, circle: Clients, text: str) -> Act:
    path, body = f"/api/v1/rounds/{story.round}/questions/", {"text": text}

    def act() -> None:
        assert circle["max"].post(path, body).status_code == 201

    return act


def looking(story: Story, circle: Clients, tail: str = "") -> Act:
    def act() -> None:
        assert circle["max"].get(f"/api/v1/proposals/{story.id}/{tail}").status_code == 200

    return act


@pytest.mark.parametrize("cold", [True, False], ids=["cold", "warm"])
def test_a_command_and_a_snapshot_cost_the_same_in_a_circle_of_three_and_of_sixty(
    story: Story, circle: Clients, team: Team, cold: bool
) -> None:
    story.play(until="open")
    large = Story(story.ask, story.team, story.people)
    few = [cost(asking(story, circle, "Why?"), cold=cold), cost(looking(story, circle), cold=cold)]
    sixty(team)
    large.play(until="open")
    large.snapshot("max")
    many = [cost(asking(large, circle, "Why?"), cold=cold), cost(looking(large, circle), cold=cold)]
    assert len(large.snapshot()["participants"]) == 63
    assert many[0] <= few[0]
    assert many[1] <= few[1]
    assert few[0] <= (30 if cold else 22)
    assert few[1] <= (16 if cold else 5)


def test_a_command_costs_the_same_after_a_long_story(story: Story, circle: Clients) -> None:
    story.play(until="open")
    first = cost(asking(story, circle, "One?"), cold=False)
    for number in range(8):
        story.does("fay", "POST", f"rounds/{story.round}/questions/", {"text": f"{number}?"})
        story.answer_it()
    story.answer_it()
    assert cost(asking(story, circle, "Last?"), cold=False) <= first
    assert cost(asking(story, circle, "Very last?"), cold=True) <= first + 10


def test_a_journal_an_export_and_a_list_cost_the_same_whatever_they_hold(story: Story, circle: Clients) -> None:
    def lists() -> None:
        assert circle["max"].get("/api/v1/proposals/").status_code == 200

    story.play(until="open")
    acts: list[Act] = [*(looking(story, circle, tail) for tail in ("journal/", "voice/", "export/")), lists]
    first = [cost(act, cold=False) for act in acts]
    story.ask_a_question()
    for _, step in story.steps()[3:]:
        step()
    for _ in range(3):
        Story(story.ask, story.team, story.people).play(until="clear")
    assert [cost(act, cold=False) for act in acts] == first
    assert max(first) <= 9
