"""A circle with somebody in every role, and its proposal brought to each phase: what the matrix is walked over."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from rest_framework.test import APIClient

from conventions import clock
from conventions.ids import new_id
from teams import flows, tokens
from teams.invitations import invite
from teams.models import Account, Role, Team
from tests.conftest import bring

Json = Any

VOICES = ("facilitator", "author", "participant", "objector", "removed", "left", "suspended")
STRANGERS = ("outsider", "administrator")
SCRIPTS = {"token": "participant", "steward_token": "steward"}
ROLES = ("steward", *VOICES, "observer", *STRANGERS, *SCRIPTS, "anonymous")
CIRCLE = ("steward", *VOICES)

OPEN = ("clarifying", "meeting", "reaction", "tuning", "consent", "sealed", "revising")
ENDED = ("adopted", "withdrawn")
PHASES = ("draft", *OPEN, *ENDED)


@dataclass
class World:
    """Who there is, how each of them comes in, and the ids that addresses name."""

    team: Team
    people: dict[str, Account]
    clients: dict[str, APIClient]
    names: dict[str, str] = field(default_factory=dict)

    def ask(self, role: str, method: str, path: str, body: Json = None) -> Any:
        data = "" if body is None else json.dumps(body)
        address = f"/api/v1/{path}"
        return self.clients[role].generic(method, address, data=data, content_type="application/json")

    def does(self, role: str, method: str, path: str, body: Json = None) -> Json:
        answer = self.ask(role, method, path, body)
        assert answer.status_code < 300, (role, method, path, answer.content)
        return answer.json() if answer.content else None

    @property
    def snapshot(self) -> Json:
        return self.does("author", "GET", f"proposals/{self.names['id']}/")

    def in_round(self, role: str, method: str, tail: str, body: Json = None) -> Json:
        return self.does(role, method, f"rounds/{self.names['round']}/{tail}", body)

    def on_it(self, role: str, tail: str, body: Json = None) -> Json:
        return self.does(role, "POST", f"proposals/{self.names['id']}/{tail}", body)

    def look(self) -> None:
        """Learns the ids of what there is now; of a round that closed, the last one's."""
        now = self.snapshot
        current = now["round"]["id"] if now["round"] else next(reversed(now["rounds"]), None)
        self.names["round"] = current or self.names.get("round", new_id())
        for kind in ("question", "objection"):
            self.names[kind] = next(iter(now[f"{kind}s"]), self.names.get(kind) or new_id())


def found() -> World:
    """The circle and those around it; nobody has proposed anything yet."""
    people = {
        role: Account.objects.create_user(f"{role}@example.org", name=f"{role.title()} Person")
        for role in ("steward", *VOICES, "observer", *STRANGERS)
    }
    Account.objects.filter(pk=people["administrator"].pk).update(is_superuser=True, is_site_admin=True)
    people["administrator"].refresh_from_db()
    team = flows.found_team(people["steward"], "Harbour", "Boats go out.", {"facilitator": None})
    for role in VOICES:
        bring(team, people["steward"], people[role])
    bring(team, people["steward"], people["observer"], Role.OBSERVER)
    flows.change_team(people["steward"], team, {"policy": {"facilitator": people["facilitator"].pk}})
    flows.found_team(people["outsider"], "Quarry", "Stone by stone.")
    world = World(team, people, {role: browser(who) for role, who in people.items()})
    _with_scripts(world)
    _with_invitations(world)
    return world


def browser(account: Account) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_login(account)
    return client


def _with_scripts(world: World) -> None:
    for script, holder in SCRIPTS.items():
        made, raw = tokens.make_token(world.people[holder], "a script")
        world.people[script] = world.people[holder]
        world.clients[script] = APIClient(raise_request_exception=False, HTTP_AUTHORIZATION=f"Bearer {raw}")
        world.names.setdefault("token", made.pk)
    world.clients["anonymous"] = APIClient(raise_request_exception=False)


def _with_invitations(world: World) -> None:
    invitation, token = invite(world.people["steward"], world.team, Role.MEMBER)
    now = clock.now()
    world.names |= {
        "slug": world.team.slug,
        "invitation": invitation.pk,
        "invited": token,
        "later": clock.rfc3339(now + timedelta(days=20)),
        "sooner": clock.rfc3339(now + timedelta(hours=30)),
        **{role: who.pk for role, who in world.people.items() if role not in SCRIPTS},
    }


def brought_to(phase: str) -> World:
    """The proposal in this phase, and then the departures: one removed, one who left, one suspended."""
    world = drafted(found())
    for step in STEPS[: STEPS_UNTIL[phase]]:
        step(world)
        world.look()
    AT_LAST.get(phase, _nothing)(world)
    world.look()
    depart(world)
    return world


def drafted(world: World) -> World:
    """One more proposal of the circle, seen by its author alone."""
    draft = {"title": "Leave at six", "driver": "We miss the tide.", "body": "All boats leave at six."}
    world.names["id"] = world.does("author", "POST", f"teams/{world.team.slug}/proposals/", draft)["id"]
    world.names["screen"] = new_id()
    return world


def opened(world: World) -> World:
    """… and shown to the circle."""
    _open(drafted(world))
    world.look()
    return world


def depart(world: World) -> None:
    people = world.people
    flows.remove(people["steward"], world.team, people["removed"].pk)
    flows.leave(people["left"], world.team)
    Account.objects.filter(pk=people["suspended"].pk).update(is_active=False)


def _nothing(_: World) -> None:
    """This phase is all that it needs to be."""


def _open(world: World) -> None:
    world.on_it("author", "open/", {})
    shown = world.on_it("participant", "screens/")
    world.names |= {
        "screen": shown["entries"][0]["data"]["screen"],
        "link": shown["token"],
        "receipt": shown["receipt"],
    }


def _hear_clarifying(world: World) -> None:
    world.in_round("participant", "POST", "questions/", {"text": "In winter too?"})
    world.look()
    world.does("author", "POST", f"questions/{world.names['question']}/answer/", {"text": "In winter too."})
    for role in CIRCLE:
        if role != "author":
            world.in_round(role, "POST", "clear/")


def _hear_reactions(world: World) -> None:
    for role in CIRCLE:
        world.in_round(role, "POST", "pass/")


def _ask_for_consent(world: World) -> None:
    world.on_it("author", "ask-for-consent/", {})


def _object(world: World) -> None:
    world.in_round("objector", "PUT", "response/", {"kind": "objection", "text": "It is dark at six."})
    world.look()
    world.does("author", "POST", f"objections/{world.names['objection']}/restate/", {"text": "You fear the dark."})


STEPS = [_open, _hear_clarifying, _hear_reactions, _ask_for_consent, _object]
STEPS_UNTIL = {
    "draft": 0,
    "clarifying": 1,
    "meeting": 1,
    "reaction": 2,
    "tuning": 3,
    "sealed": 3,
    "consent": 5,
    "revising": 5,
    "adopted": 5,
    "withdrawn": 5,
}


def _questions(world: World) -> None:
    world.in_round("participant", "POST", "questions/", {"text": "In winter too?"})
    world.in_round("objector", "POST", "clear/")
    world.on_it("facilitator", "facilitator/", {"to": world.people["steward"].pk})


def _meet(world: World) -> None:
    world.in_round("participant", "POST", "questions/", {"text": "In winter too?"})
    world.on_it("facilitator", "room/")
    world.on_it("participant", "room/join/")
    world.on_it("objector", "room/join/")


def _react(world: World) -> None:
    world.in_round("objector", "POST", "reactions/", {"text": "Early."})


def _seal(world: World) -> None:
    world.on_it("author", "ask-for-consent/", {"sealed": True})
    world.look()
    world.in_round("objector", "PUT", "response/", {"kind": "objection", "text": "It is dark at six."})


def _return(world: World) -> None:
    world.on_it("facilitator", "return/")


def _adopt(world: World) -> None:
    world.does("objector", "POST", f"objections/{world.names['objection']}/withdraw/")
    for role in CIRCLE:
        world.in_round(role, "PUT", "response/", {"kind": "consent"})


def _withdraw(world: World) -> None:
    world.on_it("author", "withdraw/")


AT_LAST = {
    "clarifying": _questions,
    "meeting": _meet,
    "reaction": _react,
    "sealed": _seal,
    "revising": _return,
    "adopted": _adopt,
    "withdrawn": _withdraw,
}
