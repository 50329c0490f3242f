"""Of every address: that it is in the matrix, that looking writes nothing, and that another team's ids are no ids."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import path

from config.pages import no_such_address
from conventions.endpoint import Endpoint
from conventions.ids import new_id
from teams import flows, tokens
from teams.invitations import invite
from teams.models import Role

from .addresses import (
    API,
    ASKED_WITH,
    OPERATORS,
    WHAT_TO_DO,
    all_of,
    exempt,
    methods_of,
    plain,
    shown_at,
    unaccounted_for,
)
from .matrix import EVERYTHING, LATE
from .meeting import PHASES, STEPS, plan
from .test_matrix import filled, rows_now
from .world import World, brought_to

CALLS = [row.call for row in EVERYTHING]
NAMED = (
    "id",
    "round",
    "question",
    "objection",
    "slug",
    "screen",
    "invitation",
    "invited",
    "token",
    "participant",
    "meeting",
)
"""Everything that an address can name."""


@pytest.fixture
def world(db: None) -> World:
    world = brought_to("consent")
    plan(world)
    return world


@pytest.fixture
def theirs(world: World) -> dict[str, str]:
    """The ids of a team and a decision in which nobody of ours has a part."""
    other = brought_elsewhere(world)
    return {name: other.names[name] for name in (*NAMED, "item")}


def brought_elsewhere(world: World) -> World:
    outsider = world.people["outsider"]
    team = flows.found_team(outsider, "Cellar", "Barrels.")
    other = World(team, {"author": outsider, "steward": outsider}, {"author": world.clients["outsider"]})
    draft = {"title": "Casks", "body": "Of oak."}
    other.names["id"] = other.does("author", "POST", f"teams/{team.slug}/proposals/", draft)["id"]
    second = world.people["administrator"]
    other.clients["second"] = world.clients["administrator"]
    invitation, raw = invite(outsider, team, Role.MEMBER)
    other.does("second", "POST", f"invitations/{raw}/accept/")
    other.on_it("author", "open/")
    other.names["screen"] = other.on_it("second", "screens/")["entries"][0]["data"]["screen"]
    other.look()
    other.in_round("second", "POST", "questions/", {"text": "Why oak?"})
    other.look()
    question = other.names["question"]
    other.does("author", "POST", f"questions/{question}/answer/", {"text": "It is there."})
    other.in_round("second", "POST", "clear/")
    other.look()
    for role in ("author", "second"):
        other.in_round(role, "POST", "pass/")
    other.on_it("author", "ask-for-consent/")
    other.look()
    other.in_round("second", "PUT", "response/", {"kind": "objection", "text": "It leaks."})
    other.look()
    made, _ = tokens.make_token(outsider, "theirs")
    other.names |= {"slug": team.slug, "invitation": invitation.pk, "invited": raw, "token": made.pk}
    other.names |= {"participant": second.pk, "later": world.names["later"]}
    plan(other, "author")
    return other


def test_every_call_has_a_row_in_the_matrix_or_a_reason_why_not() -> None:
    missing = unaccounted_for(all_of(), CALLS)
    assert not missing, "\n".join(f"{call} {WHAT_TO_DO}" for call in missing)


def test_a_new_address_or_method_without_a_row_is_found() -> None:
    class Secret(Endpoint):
        def get(self, request: Any) -> None: ...
        def delete(self, request: Any) -> None: ...

    new = all_of([path("api/v1/secret/<str:id>/", Secret.as_view()), path("debug/", no_such_address)])
    assert unaccounted_for(new, CALLS) == ["GET secret/{}/", "DELETE secret/{}/", "* /debug/"]
    assert unaccounted_for(new[:1], [*CALLS, "GET secret/{id}/"]) == ["DELETE secret/{}/"]
    within = all_of([path("api/v1/secret/", no_such_address), path("api/v1/qr/", Secret.as_view())])
    assert unaccounted_for(within, CALLS) == ["* secret/", "DELETE qr/"]


def test_no_row_and_no_reason_is_about_an_address_that_is_gone() -> None:
    there = {plain(address.removeprefix(API)) for address, _ in all_of()}
    assert not [call for call in CALLS if plain(call.split()[1]) not in there]
    assert not set(exempt()) - {(method, address) for address, view in all_of() for method in methods_of(view)}


def test_no_address_is_for_speaking_in_the_name_of_somebody_else() -> None:
    words = ("imperson", "hijack", "login_as", "login-as", "sudo", "su/", "override", "force", "adopt", "reject")
    assert not [address for address, _ in all_of() if any(word in address for word in words)]


PATTERNS = {
    "^api(?:/|$)": "api/nowhere",
    "^_allauth/.*/phone(?:/|$)": "_allauth/browser/v1/account/phone",
    "^(?:_allauth|static|ws)(?:/|$)": "ws/v1/",
    "^": "home",
}


def filled_in(address: str, names: dict[str, str]) -> str:
    """An address of the service with ids that there are, and with what it has to be asked with."""
    if address in ASKED_WITH:
        return str(filled(ASKED_WITH[address], names))
    known = {plain(row.address): row.address for row in EVERYTHING}
    inner = address.removeprefix(API)
    if not address.startswith(API):
        return PATTERNS.get(address, address)
    return API + str(filled(known.get(plain(inner), inner), names))


def test_looking_at_any_address_writes_nothing(world: World, settings: LazySettings, tmp_path: Path) -> None:
    """Nothing but sessions: a page may give its visitor one."""
    settings.FRONTEND, settings.RONDO_METRICS_TOKEN = tmp_path, OPERATORS
    (tmp_path / "index.html").write_text("<!doctype html><title>Rondo</title>")
    before, seen = rows_now(), set[tuple[str, str]]()
    for (address, _), method in product(all_of(), ("GET", "HEAD", "OPTIONS")):
        where = "/" + filled_in(address, world.names)
        for role in ("participant", "steward", "token", "anonymous"):
            headers = {"X-Email-Verification-Key": "none", "X-Password-Reset-Key": "none"} | shown_at(address)
            answer = world.clients[role].generic(method, where, headers=headers)
            assert answer.status_code < 500, (method, where, role)
            seen |= {(method, address)} if answer.status_code == 200 else set()
        assert rows_now() == before, (method, where)
    assert {("GET", address) for address in (*ASKED_WITH, "metrics")} <= seen
    assert len(seen) > 100


def test_a_proposal_that_was_looked_at_is_not_noted_as_read_by_anybody(world: World) -> None:
    before = rows_now()
    for role in ("participant", "observer", "steward"):
        for tail in ("", "journal/", "export/"):
            world.does(role, "GET", f"proposals/{world.names['id']}/{tail}")
    assert rows_now() == before


def said(answer: Any) -> tuple[int, str, bytes]:
    return answer.status_code, repr(sorted(answer.headers.items())), answer.content


def test_an_id_of_another_team_is_answered_like_an_id_that_was_never_given(
    world: World, theirs: dict[str, str]
) -> None:
    """Byte for byte, head and body, whoever of ours asks; beside ids of our own where an address holds two."""
    before, asked = rows_now(), 0
    for row, kind in product(EVERYTHING, NAMED):
        if f"{{{kind}}}" not in row.address or kind == "invited":  # whoever holds an invitation may look at it
            continue
        body = filled(row.body, world.names)
        for role in ("steward", "participant", "removed"):
            paths = [filled(row.address, {**world.names, kind: id}) for id in (theirs[kind], new_id())]
            one, other = (world.ask(role, row.method, path, body) for path in paths)
            assert said(one) == said(other), (row.call, role)
            assert one.status_code in (403, 404), (row.call, role, one.content)
            asked += 1
    assert rows_now() == before
    assert asked > 100


IN_BODIES = [
    ("steward", "PATCH", "teams/{slug}/", {"policy": {"facilitator": "{other}"}}),
    ("facilitator", "POST", "proposals/{id}/facilitator/", {"to": "{other}"}),
    ("facilitator", "POST", "proposals/{id}/room/turn/", {"to": "{other}"}),
    ("facilitator", "POST", "proposals/{id}/room/lead-out/", {"participant": "{other}"}),
    ("author", "POST", "proposals/{draft}/open/", {"facilitator": "{other}"}),
    ("author", "POST", "proposals/{id}/withdraw/", {"on": "{round}"}),
    ("author", "POST", "proposals/{id}/revisions/", {"body": "B.", "answers": {"{objection}": "Yes."}}),
]


def test_an_id_of_another_team_in_a_body_is_an_id_of_nobody(world: World, theirs: dict[str, str]) -> None:
    draft = {"title": "Next", "body": "More."}
    world.names["draft"] = world.does("author", "POST", f"teams/{world.team.slug}/proposals/", draft)["id"]
    world.on_it("facilitator", "room/")
    world.on_it("participant", "room/join/")
    given = [
        {"other": theirs["participant"], "round": theirs["round"], "objection": theirs["objection"]},
        {"other": new_id(), "round": new_id(), "objection": new_id()},
    ]
    for role, method, address, body in IN_BODIES:
        if "revisions" in address:
            world.on_it("facilitator", "return/")
        before = rows_now()
        one, other = (world.ask(role, method, filled(address, world.names), filled(body, names)) for names in given)
        assert said(one) == said(other), address
        assert one.status_code in (400, 409), (address, one.content)
        assert rows_now() == before


MEETING = {"title": "Monday", "starts_at": "{later}"}
AT_MEETING = [
    ("planned", "POST", "teams/{slug}/meetings/", {**MEETING, "agenda": [{"proposal": "{proposal}"}]}),
    ("planned", "POST", "teams/{slug}/meetings/", {**MEETING, "facilitator": "{other}"}),
    ("planned", "PATCH", "meetings/{meeting}/", {"agenda": [{"proposal": "{proposal}"}]}),
    ("planned", "PATCH", "meetings/{meeting}/", {"agenda": [{"id": "{item}", "proposal": "{proposal}"}]}),
    ("check_in", "POST", "meetings/{meeting}/turn/", {"to": "{other}"}),
    ("check_in", "POST", "meetings/{meeting}/lead-out/", {"participant": "{other}"}),
    ("check_in", "POST", "meetings/{meeting}/facilitator/", {"to": "{other}"}),
    ("items", "POST", "meetings/{meeting}/begin/", {"item": "{item}"}),
    ("items", "POST", "meetings/{meeting}/put-off/", {"item": "{item}"}),
]


def test_an_id_of_another_team_in_a_body_of_a_meeting_is_an_id_of_nobody(world: World, theirs: dict[str, str]) -> None:
    given = [
        {"proposal": theirs["id"], "other": theirs["participant"], "item": theirs["item"]},
        {"proposal": new_id(), "other": new_id(), "item": new_id()},
    ]
    phase = "planned"
    for then, method, address, body in AT_MEETING:
        for step in STEPS[PHASES.index(phase) : PHASES.index(then)]:
            step(world)
        phase = then
        before, path = rows_now(), filled(address, world.names)
        one, other = (world.ask("facilitator", method, path, filled(body, {**world.names, **names})) for names in given)
        assert said(one) == said(other), address
        assert one.status_code in (400, 409), (address, one.content)
        assert one.json()["code"] not in LATE, address
        assert rows_now() == before


def test_lists_and_searches_hold_nothing_of_another_team(world: World, theirs: dict[str, str]) -> None:
    foreign = [*(theirs[name] for name in NAMED), "Casks", "It leaks", "Why oak"]
    addresses = ["proposals/?q=oak", "proposals/", f"teams/{world.team.slug}/proposals/?q=leaks", "teams/", "me/"]
    for role in ("steward", "participant", "observer", "removed", "left"):
        for address in addresses:
            answer = world.ask(role, "GET", address)
            assert not [word for word in foreign if word in answer.content.decode()], (role, address)


def test_a_problem_says_nothing_of_what_is_not_there(world: World, theirs: dict[str, str]) -> None:
    answer = world.ask("participant", "GET", f"proposals/{theirs['id']}/")
    assert json.loads(answer.content).keys() == {"type", "title", "status", "detail", "code"}
    assert theirs["id"] not in answer.content.decode()
