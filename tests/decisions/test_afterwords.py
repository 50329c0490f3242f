"""The closing check: said by who took part, when it has ended; seen by who sees the decision; never a part of it."""

from __future__ import annotations

from typing import Any

from decisions import contributions, models
from teams import leaving
from teams.models import Account

from .conftest import Clients
from .story import Story


def path(story: Story) -> str:
    return f"/api/v1/proposals/{story.id}/afterwords/"


def say(client: Any, story: Story, text: str) -> Any:
    return client.put(path(story), {"text": text}, format="json")


def texts(client: Any, story: Story) -> list[str]:
    return [one["text"] for one in client.get(path(story)).json()["results"]]


def test_who_took_part_says_how_it_was_and_everybody_in_the_team_reads_it(story: Story, circle: Clients) -> None:
    story.play()
    assert say(circle["max"], story, "I was heard.").status_code == 200
    assert texts(circle["obi"], story) == ["I was heard."]
    say(circle["max"], story, "In the end I was heard.")
    assert texts(circle["fay"], story) == ["In the end I was heard."]


def test_nothing_can_be_said_of_it_while_it_goes_on(story: Story, circle: Clients) -> None:
    story.play(until="ask_for_consent")
    answer = say(circle["max"], story, "Well.")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_phase")
    assert texts(circle["max"], story) == []


def test_an_observer_reads_it_and_says_nothing_and_an_outsider_learns_nothing(story: Story, circle: Clients) -> None:
    story.play()
    answer = say(circle["obi"], story, "I looked on.")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_participant")
    assert circle["eve"].get(path(story)).status_code == 404


def test_it_is_no_part_of_the_record_and_is_gone_when_it_is_taken_back(story: Story, circle: Clients) -> None:
    story.play()
    seq = models.Proposal.objects.get(pk=story.id).seq
    say(circle["max"], story, "Long canary, short meeting.")
    export = circle["max"].get(f"/api/v1/proposals/{story.id}/export/").content
    assert b"canary" not in export
    assert models.Proposal.objects.get(pk=story.id).seq == seq
    assert circle["max"].delete(path(story)).status_code == 204
    assert not models.Afterword.objects.exists()


def test_a_line_is_a_line(story: Story, circle: Clients) -> None:
    story.play()
    assert say(circle["max"], story, "x" * 281).status_code == 400
    assert say(circle["max"], story, " ").status_code == 400


def test_it_is_among_ones_own_data_and_goes_with_the_account(
    story: Story, circle: Clients, cast: dict[str, Account]
) -> None:
    story.play()
    say(circle["max"], story, "I was heard.")
    assert [one["afterword"] for one in contributions.told(cast["max"])["decisions"]] == ["I was heard."]
    leaving.delete_account(cast["max"])
    assert not models.Afterword.objects.exists()
