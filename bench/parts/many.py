"""A decision that has gone on for long, told over HTTP by as many members as wanted."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

import httpx

ALLAUTH = "/_allauth/browser/v1"
PASSWORD = "over-the-harbour-wall"
BODY = "All boats are in by nine.\n\n* Whoever is late rings.\n* We look again in May."
Json = Any


class Member:
    """One account at a browser of its own."""

    def __init__(self, url: str, name: str) -> None:
        self.email = f"{secrets.token_hex(8)}@example.org"
        self._http = httpx.Client(base_url=url, headers={"Origin": url}, timeout=30)
        self._http.get(f"{ALLAUTH}/config")
        mine = {"email": self.email, "password": PASSWORD, "name": name}
        made = self._http.post(f"{ALLAUTH}/auth/signup", json=mine, headers=self._safe())
        made.raise_for_status()

    def does(self, method: str, path: str, body: Json = None) -> Json:
        headers = {**self._safe(), "Idempotency-Key": str(uuid.uuid4())}
        answer = self._http.request(method, f"/api/v1/{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def looks(self, path: str) -> httpx.Response:
        answer = self._http.get(f"/api/v1/{path}", headers={"Cache-Control": "no-cache"})
        answer.raise_for_status()
        return answer

    def _safe(self) -> dict[str, str]:
        return {"X-CSRFToken": self._http.cookies.get("csrftoken") or ""}


class LongDecision:
    """Sent back once, and now in its second consent round, in which the last member has not answered yet."""

    def __init__(self, url: str, members: int, questions: int) -> None:
        self.members = [Member(url, f"Member {number} Okafor") for number in range(members)]
        self.author, self.last = self.members[0], self.members[-1]
        self._gather()
        self._tell(questions)
        self.entries = int(self.snapshot()["seq"])

    def snapshot(self) -> Json:
        return self.last.looks(f"proposals/{self.id}/").json()

    def _gather(self) -> None:
        self._team = self.author.does("POST", "teams/", {"name": "Harbour", "aim": "Boats go out."})["slug"]
        link = self.author.does("POST", f"teams/{self._team}/invitations/", {"role": "member"})
        for member in self.members[1:]:
            member.does("POST", f"invitations/{link['token']}/accept/", {})

    def _tell(self, questions: int) -> None:
        draft = {"title": "Boats in by nine", "driver": "Boats come late.", "body": BODY}
        self.id = self.author.does("POST", f"teams/{self._team}/proposals/", draft)["id"]
        self.author.does("POST", f"proposals/{self.id}/open/", {})
        for number in range(questions):
            self._ask(self.members[1 + number % (len(self.members) - 1)], number)
        self._everyone("POST", "clear/", {}, besides=self.author)
        self._everyone("POST", "reactions/", {"text": "It lands well, though the evenings are short."})
        self._asks_for_consent()
        objector = self.members[1]
        self._everyone("PUT", "response/", {"kind": "consent"}, besides=objector)
        reason = {"kind": "objection", "text": "Fishers come later.", "suggestion": "By ten in summer."}
        objector.does("PUT", f"rounds/{self._round()}/response/", reason)
        (objection,) = self.snapshot()["objections"]
        answers = {objection: "By ten from May to August."}
        revision = {"body": BODY + "\n* By ten in summer.", "note": "Later in summer", "answers": answers}
        self.author.does("POST", f"proposals/{self.id}/revisions/", revision)
        self._everyone("POST", "clear/", {"nothing_to_add": True}, besides=self.author)
        self.author.does("POST", f"rounds/{self._round()}/pass/", {})
        self._asks_for_consent()
        self._everyone("PUT", "response/", {"kind": "consent"}, besides=self.last)

    def _ask(self, member: Member, number: int) -> None:
        told = member.does("POST", f"rounds/{self._round()}/questions/", {"text": f"What of case {number}?"})
        question = told["entries"][0]["data"]["question"]
        self.author.does("POST", f"questions/{question}/answer/", {"text": "As in all other cases."})

    def _everyone(self, method: str, what: str, body: Json, besides: Member | None = None) -> None:
        current = self._round()
        for member in self.members:
            if member is not besides:
                member.does(method, f"rounds/{current}/{what}", body)

    def _asks_for_consent(self) -> None:
        self.author.does("POST", f"proposals/{self.id}/ask-for-consent/", {})

    def _round(self) -> str:
        return str(self.snapshot()["round"]["id"])
