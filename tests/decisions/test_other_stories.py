"""Other stories than that from proposal to agreement: minds change, people come and go, proposals are withdrawn."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import reduce

import pytest

from conventions import clock
from decisions import read
from decisions.read import merged
from teams import flows
from teams.models import Account, Role, Team
from tests.conftest import bring
from tests.merging import without_nulls

from .story import Json, Story


def folded(story: Story) -> Json:
    """What a socket makes of all entries from the first one on."""
    told = [json.loads(text) for _, text in read.entries_after(story.id, 0, 1000)]
    assert [entry for entry in told if entry in story.seen] == story.seen
    return without_nulls(reduce(merged, (entry["changes"] for entry in told), {}))


def test_minds_change_while_rounds_are_open_and_the_journal_keeps_every_version(story: Story) -> None:
    story.play(until="open")
    first = story.round
    story.does("max", "POST", f"rounds/{first}/questions/", {"text": "Why?"}, 201)
    (question,) = story.snapshot()["questions"]
    story.does("max", "DELETE", f"questions/{question}/")
    story.does("max", "POST", f"rounds/{first}/clear/", {})
    story.does("max", "DELETE", f"rounds/{first}/clear/")
    story.does("max", "POST", f"rounds/{first}/clear/", {})
    story.does("max", "POST", f"rounds/{first}/questions/", {"text": "One more?"}, 201)
    assert not story.snapshot()["participants"][story.people["max"]]["heard"]
    story.answer_it()
    story.clear()
    second = story.round
    story.does("max", "POST", f"rounds/{second}/pass/", {})
    story.does("max", "POST", f"rounds/{second}/reactions/", {"text": "Hm."}, 201)
    story.does("max", "DELETE", f"rounds/{second}/reactions/")
    story.react()
    due = clock.rfc3339(clock.now() + timedelta(days=5))
    story.does("pia", "POST", f"proposals/{story.id}/ask-for-consent/", {"due_at": due, "on": "1"})
    third = story.round
    later = clock.rfc3339(clock.now() + timedelta(days=9))
    story.does("fay", "POST", f"proposals/{story.id}/due/", {"due_at": later, "on": third})
    assert story.snapshot()["round"]["due_at"] == later
    story.respond("max", "objection", text="Risk.")
    standing = story.objection
    story.does("pia", "POST", f"objections/{standing}/restate/", {"text": "You fear risk."})
    story.does("max", "POST", f"objections/{standing}/confirm/", {"heard": False, "text": "Not I: our customers."})
    now = story.snapshot()["objections"][standing]
    assert (now["confirmed"], now["correction"]) == (False, "Not I: our customers.")
    story.respond("max", "objection", text="Risk to customers.")
    now = story.snapshot()["objections"][standing]
    assert (now["reason"], now["restatement"], now["confirmed"]) == ("Risk to customers.", None, None)
    story.respond("max", "concern", text="Watch them.")
    assert story.snapshot()["objections"][standing]["status"] == "withdrawn"
    story.does("max", "DELETE", f"rounds/{third}/response/")
    story.respond("max", "objection", text="Still.")
    assert story.objection != standing
    story.does("max", "POST", f"objections/{story.objection}/withdraw/", {})
    assert story.people["max"] in awaited(story)
    story.adopt()
    assert story.snapshot()["phase"] == "adopted"
    assert folded(story) == without_nulls(story.snapshot())


def awaited(story: Story) -> list[str]:
    return [who for who, person in story.snapshot()["participants"].items() if person["awaited"]]


@pytest.mark.parametrize("step", ["open", "react", "object", "return_now"])
def test_its_author_can_withdraw_a_proposal_at_every_step_and_nobody_can_go_on_with_it(story: Story, step: str) -> None:
    story.play(until=step)
    story.does("pia", "POST", f"proposals/{story.id}/withdraw/", {"reason": "Not now."})
    end = story.snapshot()
    assert (end["phase"], end["withdrawn_reason"], end["round"]) == ("withdrawn", "Not now.", None)
    assert all(person["may"] == [] and not person["waiting"] for person in end["participants"].values())
    assert folded(story) == without_nulls(end)


def test_an_objection_withdrawn_in_revising_needs_no_answer_but_a_new_revision(story: Story) -> None:
    story.play(until="return_now")
    story.does("max", "POST", f"objections/{story.objection}/withdraw/", {"on": "1"})
    assert story.snapshot()["phase"] == "revising"
    story.does("pia", "POST", f"proposals/{story.id}/revisions/", {"body": "The same.", "on": "1"}, 201)
    story.second_rounds()
    story.adopt()
    (objection,) = story.snapshot()["objections"].values()
    assert objection["status"] == "withdrawn"
    assert folded(story) == without_nulls(story.snapshot())


def test_a_revision_in_tuning_starts_all_three_rounds_again(story: Story) -> None:
    story.play(until="react")
    story.does("pia", "POST", f"proposals/{story.id}/revisions/", {"body": "Simpler.", "title": "T", "on": "1"}, 201)
    assert story.snapshot()["phase"] == "clarifying"
    story.second_rounds()
    story.adopt()
    assert [r["kind"] for r in story.snapshot()["rounds"].values()] == ["clarifying", "reaction"] * 2 + ["consent"]


def test_one_press_says_clear_and_nothing_to_add_and_can_be_changed(story: Story) -> None:
    story.play(until="revise").clear(nothing_to_add=True)
    now = story.snapshot()
    assert now["phase"] == "reaction"
    assert awaited(story) == [story.people["pia"]]
    story.does("max", "POST", f"rounds/{story.round}/reactions/", {"text": "After all: good."}, 201)
    assert "After all: good." in {r["text"] for r in story.snapshot()["reactions"].values()}


def test_who_joins_is_a_participant_of_what_is_open_and_of_nothing_that_has_ended(
    story: Story, team: Team, fay: Account, nia: Account
) -> None:
    ended = Story(story.ask, story.team, story.people).play()
    story.play(until="ask_for_consent")
    bring(team, fay, nia)
    assert nia.pk in awaited(story)
    assert nia.pk not in ended.snapshot()["participants"]
    story.adopt()
    assert story.snapshot()["phase"] == "consent"
    story.respond("nia")
    assert story.snapshot()["phase"] == "adopted"
    assert folded(story) == without_nulls(story.snapshot())


def test_the_last_one_awaited_leaves_and_the_round_closes(story: Story, team: Team, max_: Account) -> None:
    story.play(until="ask_for_consent")
    story.respond("pia")
    story.respond("fay")
    flows.leave(max_, team)
    now = story.snapshot()
    assert now["phase"] == "adopted"
    assert now["participants"][max_.pk]["left"]
    assert folded(story) == without_nulls(story.snapshot())


def test_what_who_leaves_has_objected_still_sends_the_proposal_back(story: Story, team: Team, max_: Account) -> None:
    story.play(until="object")
    flows.leave(max_, team)
    assert story.people["max"] not in awaited(story)
    story.respond("pia")
    story.respond("fay")
    now = story.snapshot()
    assert now["phase"] == "revising"
    assert [o["status"] for o in now["objections"].values()] == ["standing"]
    assert folded(story) == without_nulls(story.snapshot())


def test_who_comes_back_finds_again_what_they_had_given(story: Story, team: Team, fay: Account, max_: Account) -> None:
    story.play(until="object")
    flows.leave(max_, team)
    bring(team, fay, max_)
    now = story.snapshot()["participants"][max_.pk]
    assert (now["left"], now["heard"], now["awaited"]) == (False, True, False)
    assert "take-back" in now["may"]
    assert folded(story) == without_nulls(story.snapshot())


def test_a_promoted_observer_is_awaited_and_a_member_made_observer_keeps_their_voice(
    story: Story, team: Team, fay: Account, obi: Account, max_: Account
) -> None:
    story.play(until="ask_for_consent")
    flows.change_role(fay, team, obi.pk, Role.MEMBER)
    flows.change_role(fay, team, max_.pk, Role.OBSERVER)
    assert set(awaited(story)) == {*story.people.values(), obi.pk}
    story.adopt()
    story.respond("obi")
    assert story.snapshot()["phase"] == "adopted"
    assert folded(story) == without_nulls(story.snapshot())


def test_a_changed_policy_alters_no_proposal_that_is_open(story: Story, team: Team, fay: Account) -> None:
    story.play(until="open")
    before = story.snapshot()["policy"]
    flows.change_team(fay, team, {"policy": {"sealed": "always", "quorum_percent": 100, "due_days": 9}})
    assert story.snapshot()["policy"] == before
    story.clear()
    story.react()
    story.ask_for_consent()
    assert story.snapshot()["round"]["sealed"] is False
    after = Story(story.ask, story.team, story.people).play(until="open").snapshot()["policy"]
    assert (after["sealed"], after["quorum_percent"], after["due_days"]) == ("always", 100, 9)


def test_a_facilitator_without_a_voice_runs_the_rounds_and_is_awaited_in_none(story: Story, obi: Account) -> None:
    story.play(until="propose")
    story.does("pia", "POST", f"proposals/{story.id}/open/", {"facilitator": obi.pk})
    assert obi.pk not in story.snapshot()["participants"]
    story.clear()
    story.react()
    story.ask_for_consent()
    story.object()
    assert "return" in story.snapshot()["observers"][obi.pk]["may"]
    story.does("obi", "POST", f"proposals/{story.id}/return/", {"on": story.round})
    assert story.snapshot()["phase"] == "revising"
    assert folded(story) == without_nulls(story.snapshot())
