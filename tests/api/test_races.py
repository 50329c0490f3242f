"""Two people press at the same moment: one outcome, and whoever comes second is told the truth (invariant 6)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from rest_framework.test import APIClient

from decisions import models, store
from teams import flows, invitations
from teams.models import Account, Role, Team
from tests.conftest import bring, person
from tests.decisions.conftest import Clients
from tests.decisions.story import Json, Story
from tests.faults.run import times

from .together import at_once

ROUNDS = times(2, 100)
"""How often each pair is let loose."""


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Threads see only what is committed."""


def press(client: Any, method: str, path: str, body: Json = None) -> Callable[[], tuple[int, Json]]:
    def act() -> tuple[int, Json]:
        answer = client.generic(
            method, f"/api/v1/{path}", data="" if body is None else json.dumps(body), content_type="application/json"
        )
        return answer.status_code, answer.json() if answer.content else {}

    return act


def told(story: Story) -> list[str]:
    """What has happened, with a journal that counts 1, 2, 3 … and leads to the rows."""
    results = story.does("fay", "GET", f"proposals/{story.id}/journal/")["results"]
    assert [entry["seq"] for entry in results] == list(range(1, len(results) + 1))
    assert store.verified(story.id) == []
    return [entry["event"] for entry in results]


def test_the_last_consents_arrive_together_and_adopt_once(fresh: Callable[[str], Story], circle: Clients) -> None:
    for _ in range(ROUNDS):
        story = fresh("ask_for_consent")
        path, body = f"rounds/{story.round}/response/", {"kind": "consent"}
        codes = [code for code, _ in at_once([press(circle[who], "PUT", path, body) for who in ("fay", "pia", "max")])]
        assert codes == [200, 200, 200]
        events = Counter(told(story))
        assert (events["consented"], events["adopted"], events["round_closed"]) == (3, 1, 3)


def test_the_last_consent_and_a_change_of_mind_to_an_objection_have_one_outcome(
    fresh: Callable[[str], Story], circle: Clients
) -> None:
    for _ in range(ROUNDS):
        story = fresh("ask_for_consent")
        story.respond("fay")
        story.respond("max")
        path = f"rounds/{story.round}/response/"
        (consent, _), (objection, said) = at_once(
            [
                press(circle["pia"], "PUT", path, {"kind": "consent"}),
                press(circle["max"], "PUT", path, {"kind": "objection", "text": "Wait."}),
            ]
        )
        events, phase = Counter(told(story)), story.snapshot()["phase"]
        assert consent == 200
        if objection == 200:
            assert (phase, events["returned"], events["adopted"]) == ("revising", 1, 0)
        else:
            assert (objection, said["code"], phase) == (409, "wrong_phase", "adopted") or said["code"] == "round_closed"
            assert (events["returned"], events["adopted"], events["objection_raised"]) == (0, 1, 0)


def test_returning_and_the_last_answer_send_a_proposal_back_once(
    fresh: Callable[[str], Story], circle: Clients
) -> None:
    for _ in range(ROUNDS):
        story = fresh("object")
        story.respond("fay")
        path = f"rounds/{story.round}/response/"
        acts = [
            press(circle["pia"], "PUT", path, {"kind": "consent"}),
            press(circle["fay"], "POST", f"proposals/{story.id}/return/", {"on": story.round}),
        ]
        answers = at_once(acts)
        assert sorted(code for code, _ in answers) in ([200, 200], [200, 409])
        assert {said["code"] for code, said in answers if code == 409} <= {"round_closed", "wrong_phase"}
        assert Counter(told(story))["returned"] == 1
        assert story.snapshot()["phase"] == "revising"


def test_withdrawing_an_objection_and_revising_leave_no_objection_without_an_end(
    fresh: Callable[[str], Story], circle: Clients
) -> None:
    for _ in range(ROUNDS):
        story = fresh("return_now")
        objection = story.objection
        revision = {"body": "Better.", "answers": {objection: "Payments stay."}, "on": "1"}
        (withdrawal, said), (revised, _) = at_once(
            [
                press(circle["max"], "POST", f"objections/{objection}/withdraw/", {"on": "1"}),
                press(circle["pia"], "POST", f"proposals/{story.id}/revisions/", revision),
            ]
        )
        told(story)
        now = story.snapshot()
        assert (revised, now["phase"], now["revision"]) == (201, "clarifying", 2)
        if withdrawal == 200:
            assert now["objections"][objection]["status"] == "withdrawn"
        else:
            assert said["code"] in ("not_standing", "wrong_phase", "round_closed", "revision_replaced")
            assert now["objections"][objection]["status"] == "answered"


def test_an_objection_to_a_text_that_is_being_withdrawn_is_kept_or_refused_never_half(
    fresh: Callable[[str], Story], circle: Clients
) -> None:
    for _ in range(ROUNDS):
        story = fresh("ask_for_consent")
        path = f"rounds/{story.round}/response/"
        (objection, _), (withdrawn, _) = at_once(
            [
                press(circle["max"], "PUT", path, {"kind": "objection", "text": "No."}),
                press(circle["pia"], "POST", f"proposals/{story.id}/withdraw/", {}),
            ]
        )
        events = Counter(told(story))
        assert withdrawn == 200
        assert (events["objection_raised"], events["withdrawn"]) == (1 if objection == 200 else 0, 1)


def test_two_revisions_at_once_are_one_revision(fresh: Callable[[str], Story], circle: Clients) -> None:
    for _ in range(ROUNDS):
        story = fresh("react")
        acts = [
            press(circle["pia"], "POST", f"proposals/{story.id}/revisions/", {"body": f"Text {n}.", "on": "1"})
            for n in range(3)
        ]
        assert sorted(code for code, _ in at_once(acts)) == [201, 409, 409]
        assert Counter(told(story))["revised"] == 1


def test_eight_answers_at_once_are_eight_entries_and_one_outcome(
    team: Team, fay: Account, fresh: Callable[[str], Story], circle: Clients, browser: Callable[[Account], APIClient]
) -> None:
    more = [person(f"M{number} More") for number in range(5)]
    story = fresh("ask_for_consent")
    for newcomer in more:
        bring(team, fay, newcomer)
    clients = [circle["fay"], circle["pia"], circle["max"], *map(browser, more)]
    path = f"rounds/{story.round}/response/"
    kinds: list[Json] = [{"kind": "consent"}] * 6 + [{"kind": "concern", "text": "Hm."}, {"kind": "consent"}]
    answers = at_once([press(c, "PUT", path, kind) for c, kind in zip(clients, kinds, strict=True)])
    assert {code for code, _ in answers} == {200}
    events = Counter(told(story))
    assert (events["consented"] + events["concern_raised"], events["adopted"]) == (8, 1)


@pytest.mark.parametrize("step", ["propose", "ask_for_consent"])
def test_who_joins_while_a_proposal_opens_or_closes_is_in_it_or_after_it(
    step: str, team: Team, fay: Account, fresh: Callable[[str], Story], circle: Clients
) -> None:
    for number in range(ROUNDS):
        newcomer = person(f"N{step}{number} New")
        _, token = invitations.invite(fay, team, Role.MEMBER, newcomer.email)
        story = fresh(step)
        if step == "propose":
            act = press(circle["pia"], "POST", f"proposals/{story.id}/open/", {})
        else:
            story.respond("fay")
            story.respond("max")
            act = press(circle["pia"], "PUT", f"rounds/{story.round}/response/", {"kind": "consent"})
        (code, _), _ = at_once([act, partial(invitations.accept_invitation, newcomer, token)])
        assert code == 200
        told(story)
        now = story.snapshot()
        inside = newcomer.pk in now["participants"]
        assert inside == (step == "propose" or now["phase"] == "consent")
        flows.remove(fay, team, newcomer.pk)


def test_the_last_one_awaited_leaves_while_another_answers(
    team: Team, max_: Account, fay: Account, fresh: Callable[[str], Story], circle: Clients
) -> None:
    for _ in range(ROUNDS):
        story = fresh("ask_for_consent")
        story.respond("pia")
        path = f"rounds/{story.round}/response/"
        (code, _), _ = at_once(
            [press(circle["fay"], "PUT", path, {"kind": "consent"}), partial(flows.leave, max_, team)]
        )
        assert code == 200
        assert Counter(told(story))["adopted"] == 1
        bring(team, fay, max_)


def test_numbers_in_a_team_are_given_once_however_many_open_at_the_same_moment(
    fresh: Callable[[str], Story], circle: Clients
) -> None:
    stories = [fresh("propose") for _ in range(6)]
    answers = at_once([press(circle["pia"], "POST", f"proposals/{story.id}/open/", {}) for story in stories])
    assert {code for code, _ in answers} == {200}
    assert set(models.Proposal.objects.values_list("number", flat=True)) == {1, 2, 3, 4, 5, 6}


def test_opening_twice_at_once_opens_once(fresh: Callable[[str], Story], circle: Clients) -> None:
    story = fresh("propose")
    answers = at_once([press(circle["pia"], "POST", f"proposals/{story.id}/open/", {}) for _ in range(4)])
    assert sorted(code for code, _ in answers) == [200, 409, 409, 409]
    assert Counter(told(story))["opened"] == 1
