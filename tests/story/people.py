"""The cast before real servers: a browser's session or a script's token, and the way into a team for each."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from tests.story.listener import Listener
from tests.story.rondo import TRUST, Rondo

Json = Any
PASSWORD = "over-the-harbour-wall"
NAMES = {"fay": "Fay Ferreira", "pia": "Pia Park", "max": "Max Møller", "obi": "Obi Okafor", "eve": "Eve Esposito"}
ALLAUTH = "/_allauth/browser/v1"


@dataclass
class Person:
    """Somebody with a way in: `token`, or the cookies of a session."""

    name: str
    token: str | None = None
    id: str = ""
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, verify=TRUST))

    def send(self, url: str, method: str, path: str, body: Json = None, **headers: str) -> httpx.Response:
        """`body` goes out as JSON; bytes go out as they are."""
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        given: dict[str, str] = {"Content-Type": "application/json", **self.shown(url), **headers}
        if method in ("POST", "PUT"):
            given.setdefault("Idempotency-Key", str(uuid.uuid4()))
        return self.client.request(method, f"{url}/api/v1/{path}", content=content, headers=given)

    def shown(self, url: str) -> dict[str, str]:
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        return {"Origin": url, "X-CSRFToken": self.client.cookies.get("csrftoken") or ""}

    def listen(self, url: str, *topics: str, after: int = 0) -> Listener:
        headers = self.shown(url)
        if not self.token:
            headers["Cookie"] = f"sessionid={self.client.cookies['sessionid']}"
        return Listener(url, headers, *topics, after=after)

    def sign_up(self, url: str, email: str) -> None:
        """As the pages do it: a CSRF token first, then the account."""
        self.client.get(f"{url}{ALLAUTH}/config").raise_for_status()
        mine = {"email": email, "password": PASSWORD, "name": self.name}
        answer = self.client.post(f"{url}{ALLAUTH}/auth/signup", json=mine, headers=self.shown(url))
        assert answer.status_code == 200, answer.text

    def sign_in(self, url: str, email: str) -> None:
        self.client.get(f"{url}{ALLAUTH}/config").raise_for_status()
        mine = {"email": email, "password": PASSWORD}
        answer = self.client.post(f"{url}{ALLAUTH}/auth/login", json=mine, headers=self.shown(url))
        assert answer.status_code == 200, answer.text

    def sign_out(self, url: str) -> None:
        answer = self.client.delete(f"{url}{ALLAUTH}/auth/session", headers=self.shown(url))
        assert answer.status_code == 401, answer.text  # what allauth answers to who is signed out now

    def make_token(self, url: str) -> str:
        made = self.send(url, "POST", "me/tokens/", {"name": "a script"})
        assert made.status_code == 201, made.text
        self.client.cookies.clear()
        return str(made.json()["token"])


class Cast:
    """Fay, Obi and Eve sit in browsers, Pia's script has a token of hers, Max's one that the operator made."""

    def __init__(self, rondo: Rondo) -> None:
        self.rondo = rondo
        self.people = {name: Person(full_name) for name, full_name in NAMES.items()}
        with ThreadPoolExecutor(1) as beside:
            token = beside.submit(rondo.manage, "access_token", "max@example.org", "--create", NAMES["max"])
            for name in ("fay", "pia", "obi", "eve"):
                self[name].sign_up(rondo.url(0), f"{name}@example.org")
            self["pia"].token = self["pia"].make_token(rondo.url(0))
            self["max"].token = token.result()
        for person in self.people.values():
            person.id = person.send(rondo.url(0), "GET", "me/").json()["id"]
        self._turn = 0
        self._tokens: dict[str, str] = {}

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def token_of(self, name: str) -> str:
        """A token of theirs, also where they sit in a browser, and go on sitting there."""
        if name not in self._tokens:
            someone = self[name]
            with httpx.Client(timeout=30, verify=TRUST, cookies=someone.client.cookies) as client:
                self._tokens[name] = someone.token or replace(someone, client=client).make_token(self.rondo.url(0))
        return self._tokens[name]

    def ask(self, who: str, method: str, path: str, body: Json = None) -> tuple[int, Json]:
        """Commands go to the server processes in turn; what is read is read from the next one."""
        self._turn += method != "GET"
        process = (self._turn + (method == "GET")) % len(self.rondo.ports)
        answer = self[who].send(self.rondo.url(process), method, path, body)
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", answer.text
        return answer.status_code, answer.json() if answer.content else None

    def done(self, who: str, method: str, path: str, body: Json = None) -> Json:
        status, answer = self.ask(who, method, path, body)
        assert status < 300, (who, method, path, status, answer)
        return answer

    def found_team(self) -> str:
        """The Harbour: Fay, Pia and Max have a voice, Obi reads, Eve is outside."""
        slug = str(self.done("fay", "POST", "teams/", {"name": "Harbour", "aim": "Boats go out."})["slug"])
        for name in ("pia", "max", "obi"):
            self.invite(slug, name)
        self.done("fay", "PATCH", f"teams/{slug}/", {"policy": {"facilitator": self["fay"].id}})
        return slug

    def invite(self, slug: str, name: str) -> None:
        role = "observer" if name == "obi" else "member"
        invitation = {"email": f"{name}@example.org", "role": role}
        token = self.done("fay", "POST", f"teams/{slug}/invitations/", invitation)["token"]
        self.done(name, "POST", f"invitations/{token}/accept/")

    def remove(self, slug: str, name: str) -> None:
        self.done("fay", "DELETE", f"teams/{slug}/members/{self[name].id}/")

    @contextmanager
    def listening(self, topic: str, *names: str) -> Iterator[dict[tuple[str, int], Listener]]:
        """Each of them at every server process, from the first entry on, and at what waits for them."""
        ears = {
            (name, process): self[name].listen(url, topic, "me")
            for name in names
            for process, url in enumerate(self.rondo.urls)
        }
        try:
            for ear in ears.values():
                ear.wait_to_hear("subscribed", times=2, within=10)
            yield ears
        finally:
            for ear in ears.values():
                ear.leave()
