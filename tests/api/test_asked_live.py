"""Who has no socket asks, and is told what a socket would have said: the same words, by the same rights."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from conventions import epoch
from teams import flows
from teams.models import Account, Team
from tests.decisions.conftest import Clients
from tests.decisions.rows import everything
from tests.decisions.story import Json, Story


def heard(client: APIClient, topic: str, **asked: Any) -> list[Json]:
    answer = client.get(f"/api/v1/live/{topic}/", asked)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["messages"])


def of(story: Story) -> str:
    return f"proposal:{story.id}"


def test_what_came_after_an_entry_is_told_with_what_it_changes_and_in_which_epoch(
    story: Story, circle: Clients
) -> None:
    story.play(until="open")
    known = story.snapshot("obi")["seq"]
    made = story.does("max", "POST", f"rounds/{story.round}/questions/", {"text": "Why?"}, 201)["entries"]
    subscribed, *events = heard(circle["obi"], of(story), after=known)
    assert subscribed == {"type": "subscribed", "topic": of(story), "seq": known + len(made), "epoch": epoch.current()}
    assert events == [{"type": "event", "topic": of(story), **entry} for entry in made]


def test_who_has_everything_is_told_where_it_stands_and_no_more(story: Story, circle: Clients) -> None:
    story.play(until="open")
    seq = story.snapshot("obi")["seq"]
    assert [one["type"] for one in heard(circle["obi"], of(story), after=seq)] == ["subscribed"]
    assert [one["type"] for one in heard(circle["obi"], of(story))] == ["subscribed"]


def test_who_knows_more_than_the_journal_has_or_another_epoch_is_to_look_anew(story: Story, circle: Clients) -> None:
    story.play(until="open")
    seq = story.snapshot("obi")["seq"]
    anew = [{"type": "resync", "topic": of(story), "epoch": epoch.current()}]
    assert heard(circle["obi"], of(story), after=seq + 1) == anew
    assert heard(circle["obi"], of(story), after=seq, epoch="another") == anew
    assert heard(circle["obi"], of(story), after=seq, epoch=epoch.current()) != anew


def test_asking_changes_nothing(story: Story, circle: Clients) -> None:
    story.play(until="ask_for_consent")
    before = everything()
    heard(circle["obi"], of(story), after=0)
    heard(circle["max"], "me")
    assert everything() == before


def test_what_waits_for_me_is_told_as_a_socket_tells_it(story: Story, circle: Clients) -> None:
    story.play(until="open")
    _, waiting = heard(circle["max"], "me")
    assert waiting["type"] == "waiting"
    assert [row["id"] for row in waiting["proposals"]] == [story.id]
    assert waiting["proposals"] == circle["max"].get("/api/v1/proposals/?waiting_for=me").json()["results"]


def test_a_link_to_a_screen_asks_for_what_it_shows_and_for_nothing_else(story: Story, anonymous: APIClient) -> None:
    story.play(until="open")
    other = Story(story.ask, story.team, story.people)
    other.play(until="open")
    link = story.does("max", "POST", f"proposals/{story.id}/screens/", {}, 201)
    assert heard(anonymous, of(story), screen=link["token"], after=0)[1]["seq"] == 1
    asked = [(story, "none"), (other, link["token"])]
    answers = [anonymous.get(f"/api/v1/live/{of(one)}/", {"screen": screen}) for one, screen in asked]
    assert [one.status_code for one in answers] == [404, 404]


def test_who_shows_a_link_is_looked_at_as_a_screen_whoever_else_they_are(story: Story, circle: Clients) -> None:
    story.play(until="open")
    assert circle["max"].get(f"/api/v1/live/{of(story)}/", {"screen": "none"}).status_code == 404


def test_from_the_moment_a_right_is_withdrawn_nothing_more_is_told(
    story: Story, circle: Clients, team: Team, max_: Account
) -> None:
    story.play(until="object")
    assert heard(circle["max"], of(story), after=0)
    flows.leave(max_, team)
    assert circle["max"].get(f"/api/v1/live/{of(story)}/", {"after": 0}).status_code == 404
    assert heard(circle["max"], "me")[1]["proposals"] == []


def test_nobody_far_behind_is_sent_a_heap_of_entries(story: Story, circle: Clients, monkeypatch: Any) -> None:
    story.play(until="ask_a_question")
    monkeypatch.setattr("decisions.live.database.FAR", 1)
    assert [one["type"] for one in heard(circle["obi"], of(story), after=0)] == ["resync"]
