"""People who know each other already: signed in, in one team; what is not looked at is done without their pages."""

from __future__ import annotations

import uuid
from typing import Any

from tests.browser.pages import DecisionPage
from tests.browser.people import PASSWORD, Person
from tests.decisions.story import Story

Json = Any
ALLAUTH = "/_allauth/browser/v1"
JSON = {"Content-Type": "application/json"}


class Circle:
    """Fay founded the team and facilitates, Pia proposes, Max is a member, Obi observes."""

    def __init__(self, people: dict[str, Person]) -> None:
        self.people = people
        self.ids = {name: self._sign_up(person) for name, person in people.items()}
        self.team = self._found()
        self.story = Story(self.ask, self.team, self.ids)

    def ask(self, who: str, method: str, path: str, body: Json = None) -> tuple[int, Json]:
        """By the same session as their page, and behind its back."""
        person = self.people[who]
        key = {"Idempotency-Key": str(uuid.uuid4())} if method in ("POST", "PUT") else {}
        headers = {**JSON, **key, **self._csrf(person)}
        answer = person.context.request.fetch(f"{person.url}/api/v1/{path}", method=method, headers=headers, data=body)
        return answer.status, answer.json() if answer.body() else None

    def at(self, who: str, task: str | None = None) -> DecisionPage:
        """Their page of the decision, when it is there."""
        self.people[who].goes_to(f"/d/{self.story.id}")
        page = DecisionPage(self.people[who])
        page.turns("", 10_000)
        if task is not None:
            page.task(task)
        return page

    def _sign_up(self, person: Person) -> str:
        person.context.request.get(f"{person.url}{ALLAUTH}/config")
        mine = {"email": f"{uuid.uuid4().hex}@example.org", "password": PASSWORD, "name": person.name}
        address = f"{person.url}{ALLAUTH}/auth/signup"
        answer = person.context.request.post(address, data=mine, headers=self._csrf(person))
        assert answer.ok, answer.text()
        return str(answer.json()["data"]["user"]["id"])

    def _csrf(self, person: Person) -> dict[str, str]:
        cookies = {cookie["name"]: cookie["value"] for cookie in person.context.cookies()}
        return {"X-CSRFToken": cookies.get("csrftoken", ""), "Origin": person.url}

    def _done(self, who: str, method: str, path: str, body: Json = None) -> Json:
        status, answer = self.ask(who, method, path, body)
        assert status < 300, (who, path, answer)
        return answer

    def _found(self) -> str:
        policy = {"facilitator": self.ids["fay"]}
        slug = str(self._done("fay", "POST", "teams/", {"name": "Harbour", "aim": "Boats go out."})["slug"])
        for name in set(self.people) - {"fay"}:
            role = "observer" if name == "obi" else "member"
            link = self._done("fay", "POST", f"teams/{slug}/invitations/", {"role": role})
            self._done(name, "POST", f"invitations/{link['token']}/accept/", {})
        self._done("fay", "PATCH", f"teams/{slug}/", {"policy": policy})
        return slug
