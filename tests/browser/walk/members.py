"""Accounts without a page: they act by the interface, and lend their session to a browser that wants to look."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.sync_api import BrowserContext

from tests.browser.people import PASSWORD

Json = Any
CSRF = secrets.token_hex(16)
SHARED = httpx.HTTPTransport(verify=False, limits=httpx.Limits(max_connections=4))  # all speak to one server, in turn
ALLAUTH = "/_allauth/browser/v1"


class Member:
    """Somebody with an account, signed in."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._door = httpx.Client(base_url=url, headers={"Origin": url}, timeout=60, transport=SHARED)
        self._door.cookies.set("csrftoken", CSRF, domain=self._door.base_url.host)
        mine = {"email": f"{uuid.uuid4().hex}@example.org", "password": PASSWORD, "name": name}
        self.id = str(self._send("POST", f"{ALLAUTH}/auth/signup", mine)["data"]["user"]["id"])

    def does(self, method: str, path: str, body: Json = None) -> Json:
        return self._send(method, f"/api/v1/{path}", body)

    def lends_session(self, context: BrowserContext) -> None:
        url = str(self._door.base_url)
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in self._door.cookies.items()])

    def _send(self, method: str, path: str, body: Json) -> Json:
        headers = {"X-CSRFToken": self._door.cookies.get("csrftoken") or ""}
        if method in ("POST", "PUT"):
            headers["Idempotency-Key"] = str(uuid.uuid4())
        answer = self._door.request(method, path, json=body, headers=headers)
        assert answer.is_success, (self.name, method, path, answer.text)
        return answer.json() if answer.content else None


@dataclass
class Team:
    """People by the part they play, and the team that one of them founded."""

    slug: str
    people: dict[str, Member]


def gather(url: str, name: str, aim: str, cast: dict[str, str], known: dict[str, Member] | None = None) -> Team:
    """The facilitator founds it; whoever observes comes as an observer, the others with a voice."""
    people = known or {part: Member(url, called) for part, called in cast.items()}
    team = Team(str(people["facilitator"].does("POST", "teams/", {"name": name, "aim": aim})["slug"]), people)
    links = {role: invitation(team, role) for role in ("member", "observer")}
    for part in set(people) - {"facilitator"}:
        accept(people[part], links["observer" if part == "observer" else "member"])
    policy = {"facilitator": people["facilitator"].id}
    people["facilitator"].does("PATCH", f"teams/{team.slug}/", {"policy": policy})
    return team


def invitation(team: Team, role: str = "member") -> str:
    return str(team.people["facilitator"].does("POST", f"teams/{team.slug}/invitations/", {"role": role})["token"])


def accept(newcomer: Member, link: str) -> None:
    newcomer.does("POST", f"invitations/{link}/accept/", {})
