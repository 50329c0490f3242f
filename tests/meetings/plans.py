"""A meeting in the mind: Fay facilitates, Pia and Max take part, Obi observes; two decisions are on the agenda."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from meetings.process import commands as c
from meetings.process.engine import Refused, decide, may
from meetings.process.state import Item, Meeting, Person, Phase, Wanted

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIRST = Item("i1", "p1", Wanted.DECIDE, 20)
SECOND = Item("i2", "p2", Wanted.UNDERSTAND, 10)
PEOPLE = {"fay": Person(True), "pia": Person(True), "max": Person(True), "obi": Person(False)}
CHAIRS: dict[str, str | None] = {"p1": "fay", "p2": "pia"}


def planned(*agenda: Item, facilitator: str = "fay") -> Meeting:
    items = agenda or (FIRST, SECOND)
    return Meeting("m1", "t1", facilitator, "Monday", START, 60, seq=1, agenda=items, people=PEOPLE)


class Sitting:
    """A meeting in play: each command a second later than the one before."""

    def __init__(self, state: Meeting | None = None) -> None:
        self.state = state or planned()
        self.now = START

    def do(self, who: str, command: type[c.Command], **content: Any) -> Sitting:
        self.now += timedelta(seconds=1)
        self.state, _ = decide(self.state, command(by=who, at=self.now, **content))
        return self

    def refused(self, who: str, command: type[c.Command], **content: Any) -> Any:
        """The refusal; and nothing has changed."""
        before = self.state
        try:
            self.do(who, command, **content)
        except Refused as refused:
            assert self.state is before
            return refused.refusal
        raise AssertionError(f"{command.__name__} was not refused")

    def may(self, who: str) -> list[str]:
        return may(self.state, who, CHAIRS)

    def at(self, phase: Phase) -> Sitting:
        assert self.state.phase is phase
        return self

    def opened(self) -> Sitting:
        """Everybody is there, and nobody has spoken yet."""
        return self.do("fay", c.Open).do("pia", c.Join).do("max", c.Join).at(Phase.CHECK_IN)

    def at_agenda(self) -> Sitting:
        self.opened()
        for who in ("fay", "pia", "max"):
            self.do(who, c.Speak)
        return self.do("fay", c.Next).at(Phase.AGENDA)

    def at_items(self) -> Sitting:
        self.at_agenda()
        for who in ("fay", "pia", "max"):
            self.do(who, c.Agree)
        return self.at(Phase.ITEMS)

    def begin(self, item: str, who: str = "fay", chair: str | None = None, seq: int = 7) -> Sitting:
        return self.do(who, c.Begin, item=item, seq=seq, chair=chair or who)

    def end_item(self, seq: int = 9) -> Sitting:
        return self.do(self.state.facilitator, c.EndItem, seq=seq)
