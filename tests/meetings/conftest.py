"""A team with two open decisions, and a meeting on both."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from teams.models import Account, Team

Json = Any
STARTS = "2026-11-30T09:00:00Z"
Client = Callable[[Account], APIClient]


class Board:
    """The cast at their browsers; what each asks of meetings, by HTTP."""

    def __init__(self, team: Team, people: dict[str, APIClient], ids: dict[str, str]) -> None:
        self.team = team.slug
        self.people = people
        self.ids = ids
        self.meeting = ""

    def ask(self, who: str, method: str, path: str, body: Json = None) -> tuple[int, Json]:
        answer = self.people[who].generic(method, f"/api/v1/{path}", _text(body), content_type="application/json")
        return answer.status_code, answer.json() if answer.content else None

    def does(self, who: str, method: str, path: str, body: Json = None) -> Json:
        status, answer = self.ask(who, method, path, body)
        assert status < 300, (who, method, path, answer)
        return answer

    def proposal(self, title: str, facilitator: str = "fay") -> str:
        draft = self.does("pia", "POST", f"teams/{self.team}/proposals/", {"title": title, "body": f"{title}, daily."})
        self.does("pia", "POST", f"proposals/{draft['id']}/open/", {"facilitator": self.ids[facilitator]})
        return str(draft["id"])

    def plan(self, *agenda: Json, who: str = "fay", **more: Any) -> str:
        body = {"title": "Monday", "starts_at": STARTS, "agenda": list(agenda), **more}
        self.meeting = str(self.does(who, "POST", f"teams/{self.team}/meetings/", body)["meeting"])
        return self.meeting

    def acts(self, who: str, command: str, **body: Any) -> Json:
        return self.does(who, "POST", f"meetings/{self.meeting}/{command}/", body)

    def refused(self, who: str, command: str, **body: Any) -> tuple[int, str]:
        status, answer = self.ask(who, "POST", f"meetings/{self.meeting}/{command}/", body)
        assert status >= 400, (who, command, answer)
        return status, str(answer["code"])

    def seen(self, who: str = "obi") -> Json:
        return self.does(who, "GET", f"meetings/{self.meeting}/")

    def decision(self, id: str) -> Json:
        return self.does("fay", "GET", f"proposals/{id}/")

    def to_items(self, *present: str) -> None:
        """Opened, checked in, and the agenda agreed to."""
        self.acts("fay", "open")
        for who in present:
            self.acts(who, "join")
        for who in ("fay", *present):
            self.acts(who, "speak")
        self.acts("fay", "next")
        for who in ("fay", *present):
            self.acts(who, "agree")
        assert self.seen()["phase"] == "items"


def _text(body: Json) -> str:
    return json.dumps({} if body is None else body)


@pytest.fixture
def board(team: Team, fay: Account, pia: Account, max_: Account, obi: Account, eve: Account, browser: Client) -> Board:
    cast = {"fay": fay, "pia": pia, "max": max_, "obi": obi, "eve": eve}
    return Board(team, {name: browser(one) for name, one in cast.items()}, {n: one.pk for n, one in cast.items()})


@pytest.fixture
def planned(board: Board) -> Board:
    first, second = board.proposal("Trunk"), board.proposal("Pairing")
    board.plan({"proposal": first, "minutes": 20}, {"proposal": second, "wanted": "understand", "minutes": 10})
    return board
