"""Lists: what stands in a row, the filters, what waits for whom in every state, and pages that stand still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from decisions import drafts
from teams.models import Account, Team
from tests.decisions.conftest import Clients
from tests.decisions.story import Json, Story


def listed(client: Any, query: str = "", team: str | None = None) -> list[Json]:
    path = f"/api/v1/teams/{team}/proposals/" if team else "/api/v1/proposals/"
    answer = client.get(path + query)
    assert answer.status_code == 200, answer.content
    results: list[Json] = answer.json()["results"]
    return results


def test_a_row_tells_what_a_list_shows(story: Story, circle: Clients, cast: dict[str, Account]) -> None:
    story.play(until="ask_for_consent")
    story.respond("max", "concern", text="A secret worry.")
    (row,) = listed(circle["obi"])
    now = story.snapshot()
    assert row == {
        "id": story.id,
        "number": 1,
        "team": "harbour",
        "team_name": "Harbour",
        "title": "Trunk-based development",
        "phase": "consent",
        "revision": 1,
        "author": cast["pia"].pk,
        "author_name": "Pia Park",
        "facilitator": cast["fay"].pk,
        "facilitator_name": "Fay Ferreira",
        "opened_at": now["opened_at"],
        "adopted_at": None,
        "withdrawn_at": None,
        "review_on": None,
        "updated_at": row["updated_at"],
        "round": {key: now["round"][key] for key in ("id", "kind", "sealed", "due_at")},
        "room": None,
        "waiting_for": row["waiting_for"],
        "waiting_names": row["waiting_names"],
        "waiting_for_me": False,
        "asked": None,
    }
    assert sorted(row["waiting_names"]) == ["Fay Ferreira", "Pia Park"]
    assert set(row["waiting_for"]) == {cast["fay"].pk, cast["pia"].pk}


# After this step, the process waits for these.
WAITS = {
    "open": {"fay", "max"},
    "ask_a_question": {"fay", "max", "pia"},
    "answer_it": {"fay", "max"},
    "clear": {"fay", "max", "pia"},
    "react": {"pia"},
    "ask_for_consent": {"fay", "max", "pia"},
    "object": {"fay", "pia"},
    "return_now": {"pia"},
    "restate": {"pia", "max"},
    "confirm": {"pia"},
    "revise": {"fay", "max"},
    "adopt": set(),
}


def test_in_every_state_each_person_finds_what_waits_for_them(story: Story, circle: Clients) -> None:
    for _, step in story.steps():
        step()
        waits = WAITS.get(step.__name__)
        if waits is None:
            continue
        found = {who for who in ("fay", "pia", "max", "obi", "eve") if listed(circle[who], "?waiting_for=me")}
        assert found == waits, step.__name__
        (row,) = listed(circle["obi"])
        assert set(row["waiting_for"]) == {story.people[who] for who in waits}
        now = story.snapshot()["participants"]
        assert {who for who in story.people if now[story.people[who]]["waiting"]} == waits


def test_nothing_waits_for_anybody_once_a_proposal_is_withdrawn(story: Story, circle: Clients) -> None:
    story.play(until="clear")
    story.does("pia", "POST", f"proposals/{story.id}/withdraw/", {})
    assert not any(listed(circle[who], "?waiting_for=me") for who in ("fay", "pia", "max"))


def test_a_list_can_be_narrowed_to_phases(story: Story, circle: Clients) -> None:
    story.play()
    another = Story(story.ask, story.team, story.people).play(until="clear")
    assert [row["id"] for row in listed(circle["max"], "?phase=adopted")] == [story.id]
    assert [row["id"] for row in listed(circle["max"], "?phase=reaction", team="harbour")] == [another.id]
    assert len(listed(circle["max"], "?phase=adopted,reaction")) == 2
    assert listed(circle["max"], "?phase=consent") == []


def adopted_with_a_review(story: Story, day: str) -> None:
    """Adopted in its first revision, with that review date."""
    story.play(until="propose")
    story.does("pia", "PATCH", f"proposals/{story.id}/", {"review_on": day})
    for step in (story.open, story.clear, story.react, story.ask_for_consent):
        step()
    found = story.does("fay", "GET", f"proposals/?review_by={day}")["results"]
    assert found == [], "no review is due of what is no agreement yet"
    for who in ("max", "pia", "fay"):
        story.respond(who)


def test_agreements_are_found_by_the_day_on_which_their_review_is_due(story: Story, circle: Clients) -> None:
    adopted_with_a_review(story, "2099-05-21")
    assert [row["id"] for row in listed(circle["max"], "?review_by=2099-05-21")] == [story.id]
    assert listed(circle["max"], "?review_by=2099-05-20") == []


def test_a_day_that_is_none_is_said_to_be_none(circle: Clients) -> None:
    answer = circle["max"].get("/api/v1/proposals/?review_by=soon")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["review_by"])


WORDS = {
    "trunk": True,
    "TRUNK dEvelopment": True,
    "eleven days": True,
    "behind a flag": True,
    "release branch": True,
    "trunk zebra": False,
    "%": False,
    "_____": False,
    "'": False,
    "\\": False,
    "relieved": False,
}


def test_words_are_looked_for_in_title_driver_and_text_and_nowhere_else(story: Story, circle: Clients) -> None:
    story.play()
    for words, found in WORDS.items():
        answer = circle["obi"].get("/api/v1/proposals/", {"q": words})
        assert bool(answer.json()["results"]) is found, words


def test_a_draft_is_in_nobodys_list_but_its_authors(story: Story, circle: Clients) -> None:
    story.play(until="propose")
    assert [row["phase"] for row in listed(circle["pia"])] == ["draft"]
    for who in ("fay", "max", "obi", "eve"):
        assert listed(circle[who]) == []
        assert listed(circle[who], "?q=trunk") == []
        assert circle[who].get(f"/api/v1/proposals/{story.id}/").status_code == 404


def test_a_list_goes_over_all_my_teams_and_no_others(story: Story, elsewhere: Story, circle: Clients) -> None:
    story.play(until="open")
    elsewhere.play(until="open")
    assert [row["team"] for row in listed(circle["max"])] == ["harbour"]
    assert [row["team"] for row in listed(circle["eve"])] == ["quarry"]
    assert circle["max"].get("/api/v1/teams/quarry/proposals/").status_code == 404


@pytest.fixture
def thirty(team: Team, pia: Account) -> list[str]:
    """Drafts of Pia's, the first one made first."""

    def draft(number: int) -> str:
        return str(drafts.start(pia, team, title=f"Draft {number}", driver="", body="Words.", review_on=None).pk)

    return [draft(number) for number in range(30)]


def pages(client: Any, size: int, between: Callable[[int], None]) -> list[str]:
    """All ids of a list, page by page, with something happening in between."""
    found: list[str] = []
    where: str | None = f"/api/v1/proposals/?page_size={size}"
    while where:
        answer = client.get(where).json()
        found += [row["id"] for row in answer["results"]]
        between(len(found))
        where = answer["next"]
    return found


def test_pages_follow_one_another_without_a_gap_or_a_repetition(circle: Clients, thirty: list[str]) -> None:
    once = pages(circle["pia"], 200, lambda _: None)
    assert sorted(once) == sorted(thirty)
    assert pages(circle["pia"], 7, lambda _: None) == once


def test_pages_neither_skip_nor_repeat_while_others_write(
    circle: Clients, thirty: list[str], team: Team, pia: Account
) -> None:
    def somebody_writes(seen: int) -> None:
        drafts.start(pia, team, title=f"New {seen}", driver="", body="Words.", review_on=None)
        drafts.edit(pia, thirty[-1], title=f"Changed {seen}")

    found = pages(circle["pia"], 7, somebody_writes)
    assert len(found) == len(set(found))
    assert set(thirty[:-1]) <= set(found)


def test_a_page_holds_at_most_two_hundred(circle: Clients, thirty: list[str]) -> None:
    for size in ("0", "-1", "100000", "many"):
        assert len(listed(circle["pia"], f"?page_size={size}")) == 30


SAID = 'Größe und Ärger: "naïve" 静かな時間 100 % O\'Neil a_b -x (y) AND'


@pytest.mark.parametrize(
    "word", ["größe", "ÄRGER", '"naïve"', "かな時", "静か", "O'Neil", "a_b", "-x", "(y)", "AND", "100", "%", "ger:"]
)
def test_a_word_is_found_in_any_script_and_whatever_signs_are_in_it(story: Story, circle: Clients, word: str) -> None:
    story.play(until="propose")
    change_draft(circle, story, body=SAID)
    assert [row["id"] for row in found(circle, word)] == [story.id]


@pytest.mark.parametrize("word", ["größen", "a%b", "b_a", "NEAR", "O'Neill", "title:", "静時"])
def test_what_stands_nowhere_is_not_found(story: Story, circle: Clients, word: str) -> None:
    story.play(until="propose")
    change_draft(circle, story, body=SAID)
    assert found(circle, word) == []


def test_a_draft_is_found_by_what_it_says_now(story: Story, circle: Clients) -> None:
    story.play(until="propose")
    change_draft(circle, story, title="Halyards", driver="They chafe.", body="Grease them.")
    for word in ("halyard", "chafe", "grease"):
        assert [row["id"] for row in found(circle, word)] == [story.id]
    change_draft(circle, story, title="Sheets", driver="They wear.", body="Turn them.")
    for word in ("halyard", "chafe", "grease"):
        assert found(circle, word) == []
    assert circle["pia"].delete(f"/api/v1/proposals/{story.id}/").status_code == 204
    assert found(circle, "sheets") == []


def change_draft(circle: Clients, story: Story, **texts: str) -> None:
    answer = circle["pia"].patch(f"/api/v1/proposals/{story.id}/", texts, format="json")
    assert answer.status_code == 200


def found(circle: Clients, word: str) -> list[Json]:
    return list(circle["pia"].get("/api/v1/proposals/", {"q": word}).json()["results"])


def test_a_row_says_which_step_of_the_reader_it_waits_for(story: Story, circle: Clients) -> None:
    story.play(until="confirm")
    asked = {who: [row["asked"] for row in listed(circle[who], "?waiting_for=me")] for who in ("pia", "max", "fay")}
    assert asked == {"pia": ["revise"], "max": [], "fay": []}
    story.does("pia", "POST", f"proposals/{story.id}/absences/", {"participant": story.people["pia"]})
    assert [row["asked"] for row in listed(circle["fay"], "?waiting_for=me")] == ["author"]


def test_a_facilitator_without_a_voice_finds_what_waits_for_them(
    story: Story, circle: Clients, cast: dict[str, Account]
) -> None:
    story.play(until="propose")
    story.does("pia", "POST", f"proposals/{story.id}/open/", {"facilitator": cast["obi"].pk})
    assert listed(circle["obi"], "?waiting_for=me") == []
    assert circle["obi"].post(f"/api/v1/proposals/{story.id}/room/", {}, format="json").status_code == 200
    for who in ("pia", "max"):
        story.does(who, "POST", f"proposals/{story.id}/room/join/", {})
    for who in ("max", "fay"):
        story.does(who, "POST", f"rounds/{story.round}/clear/", {})
    (row,) = listed(circle["obi"], "?waiting_for=me")
    assert (row["asked"], row["waiting_for"]) == ("next", [cast["obi"].pk])
    answer = circle["obi"].post(f"/api/v1/proposals/{story.id}/room/next/", {"on": story.round}, format="json")
    assert answer.status_code == 200
    assert listed(circle["obi"], "?waiting_for=me") == []
