"""A meeting brought to one of its states by the interface: what stands on its agenda is told as decisions are."""

from __future__ import annotations

from typing import Any

from tests.browser.walk.members import Team
from tests.browser.walk.telling import Telling
from tests.browser.walk.texts import USUAL

STARTS = "2030-11-25T09:00:00Z"
PRESENT = ("facilitator", "author", "inside")

PLANNED = ("plan",)
CHECKING_IN = (*PLANNED, "open")
AGENDA = (*CHECKING_IN, "check_in")
ITEM = (*AGENDA, "agree", "begin")
MEETINGS = {
    "meeting-planned": PLANNED,
    "meeting-checking-in": CHECKING_IN,
    "meeting-agenda": AGENDA,
    "meeting-item": ITEM,
    "meeting-over": (*ITEM, "end"),
}


class Holding:
    def __init__(self, team: Team) -> None:
        self.team, self.id = team, ""

    def plays(self, steps: tuple[str, ...]) -> str:
        for step in steps:
            getattr(self, step)()
        return self.id

    def _acts(self, who: str, command: str, **body: Any) -> None:
        self.team.people[who].does("POST", f"meetings/{self.id}/{command}/", body)

    def plan(self) -> None:
        told = [Telling(self.team, USUAL).plays(("propose", "open")).id for _ in range(2)]
        agenda = [{"proposal": id, "minutes": 15} for id in told]
        body = {"title": "Monday meeting", "starts_at": STARTS, "place": "The blue room", "agenda": agenda}
        planned = self.team.people["facilitator"].does("POST", f"teams/{self.team.slug}/meetings/", body)
        self.id = str(planned["meeting"])

    def open(self) -> None:
        self._acts("facilitator", "open")
        for who in PRESENT[1:]:
            self._acts(who, "join")

    def check_in(self) -> None:
        for who in PRESENT:
            self._acts(who, "speak")
        self._acts("facilitator", "next")

    def agree(self) -> None:
        for who in PRESENT:
            self._acts(who, "agree")

    def _items(self) -> list[str]:
        return list(self.team.people["facilitator"].does("GET", f"meetings/{self.id}/")["agenda"])

    def begin(self) -> None:
        self._acts("facilitator", "begin", item=self._items()[0])

    def end(self) -> None:
        self._acts("facilitator", "end-item")
        self._acts("facilitator", "put-off", item=self._items()[1])
        self._acts("facilitator", "end")
