"""One member at a meeting: does what their screen offers them, as soon as it does. The rules are the server's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = Any


@dataclass(frozen=True)
class Command:
    """A call of the interface; `expected` are the refusals that a race may bring."""

    method: str
    path: str
    body: Json = field(default_factory=dict)
    expected: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Manner:
    """What sets this member apart from the others."""

    asks: bool = False
    hesitates: bool = False
    objects: bool = False
    worries: bool = False
    wavers: bool = False
    needs_a_pause: bool = False


def manner_of(number: int, members: int) -> Manner:
    """A circle in which everything happens: the last one objects, who is in the middle needs a pause."""
    last = number == members - 1
    return Manner(
        asks=number % 3 == 2,
        hesitates=number % 7 == 3,
        objects=last,
        worries=number % 5 == 4,
        wavers=number % 6 == 5 and not last,  # an objector who wavers takes the objection with them
        needs_a_pause=number == members // 2,
    )


ROUNDS = ("clarifying", "reaction", "consent")
RACED = frozenset({"round_closed", "wrong_phase"})
PAUSED = frozenset({"paused"})


class Member:
    """`next` looks at the model alone, and says what this member would press now."""

    def __init__(self, id: str, proposal: str, manner: Manner) -> None:
        self.id = id
        self.manner = manner
        self._proposal = f"proposals/{proposal}/"
        self._done: set[tuple[str, str]] = set()

    def next(self, s: Json) -> Command | None:
        if s["phase"] in ROUNDS and not s.get("round"):
            return None  # one round is closed, and the entry that opens the next is on its way
        part = s["participants"][self.id]
        return next(self._wishes(s, frozenset(part["may"]), bool(part["awaited"])), None)

    def _wishes(self, s: Json, may: frozenset[str], awaited: bool) -> Iterator[Command]:
        yield from self._of_the_room(s, may)
        yield from self._of_the_facilitator(s, may)
        match s["phase"]:
            case "clarifying":
                yield from self._clarifying(s, may, awaited)
            case "reaction" if awaited and "react" in may:
                yield from self._reaction(s)
            case "tuning" if "ask-for-consent" in may and s["author"] == self.id:
                yield self._on_proposal("ask-for-consent/", s, sealed=True)
            case "consent" if "respond" in may:
                yield from self._consent(s, awaited)
            case "revising":
                yield from self._revising(s, may)

    # In the room

    def _of_the_room(self, s: Json, may: frozenset[str]) -> Iterator[Command]:
        room = s.get("room")
        if room and "join" in may and self.id not in room["present"]:
            yield self._on_proposal("room/join/", s)
        if self.manner.hesitates and "later" in may and self._first("later", s):
            yield self._on_proposal("room/later/", s)
        pause = self.manner.needs_a_pause and s["phase"] == "reaction" and s["revision"] == 1
        if pause and "time-out" in may and self._first("time-out", s):
            yield self._on_proposal("room/time-out/", s)

    def _of_the_facilitator(self, s: Json, may: frozenset[str]) -> Iterator[Command]:
        if "open-room" in may and not s.get("room"):
            yield self._on_proposal("room/", s)
        if "resume" in may:
            yield self._on_proposal("room/resume/", s)
        if "pause" in may and (s["room"] or {}).get("time_out") and self._first("pause", s):
            yield self._on_proposal("room/pause/", s, minutes=5)
        if "next" in may:
            yield self._on_proposal("room/next/", s)

    # In the rounds

    def _clarifying(self, s: Json, may: frozenset[str], awaited: bool) -> Iterator[Command]:
        round = s["round"]["id"]
        if "answer" in may:
            mine = {"text": "The crew does.", "on": round}
            open_ones = [id for id, q in s["questions"].items() if q["round"] == round and not q.get("answer")]
            yield from (Command("POST", f"questions/{id}/answer/", mine) for id in open_ones)
        if self.manner.asks and "ask" in may and self._first("ask", s):
            yield Command("POST", f"rounds/{round}/questions/", {"text": f"Who keeps the lamps? ({self.id})"})
        if awaited and "clear" in may:
            body = {"nothing_to_add": True} if s["revision"] > 1 and self.manner.worries else {}
            yield Command("POST", f"rounds/{round}/clear/", body, PAUSED)

    def _reaction(self, s: Json) -> Iterator[Command]:
        round = s["round"]["id"]
        if self.manner.hesitates:
            yield Command("POST", f"rounds/{round}/pass/", {}, PAUSED)
        yield Command("POST", f"rounds/{round}/reactions/", {"text": "It lands well; winter will show."}, PAUSED)

    def _consent(self, s: Json, awaited: bool) -> Iterator[Command]:
        path = f"rounds/{s['round']['id']}/response/"
        if awaited and self.manner.objects and s["revision"] == 1:
            wish = "From October to March at eight."
            yield Command("PUT", path, {"kind": "objection", "text": "At six it is dark.", "suggestion": wish})
        elif awaited and self.manner.worries:
            yield Command("PUT", path, {"kind": "concern", "text": "Watch the tide."})
        elif awaited:
            yield Command("PUT", path, {"kind": "consent"})
        elif self.manner.wavers and self._first("waver", s):
            yield Command("PUT", path, {"kind": "concern", "text": "On second thoughts: watch it."}, RACED)

    def _revising(self, s: Json, may: frozenset[str]) -> Iterator[Command]:
        for id, objection in s["objections"].items():
            if objection["status"] == "standing":
                yield from self._answering(id, objection, s, may)

    def _answering(self, id: str, objection: Json, s: Json, may: frozenset[str]) -> Iterator[Command]:
        on = str(s["revision"])
        if "restate" in may and not objection.get("restatement"):
            yield Command("POST", f"objections/{id}/restate/", {"text": "In the dark somebody gets hurt.", "on": on})
        if "confirm" in may and objection["by"] == self.id and objection.get("confirmed") is None:
            yield Command("POST", f"objections/{id}/confirm/", {"on": on})
        if "revise" in may and objection.get("confirmed"):
            body = "All boats leave at six; from October to March at eight."
            yield self._on_proposal("revisions/", s, body=body, answers={id: "In winter we leave at eight."})

    def _first(self, what: str, s: Json) -> bool:
        """Once in each round."""
        key = (what, (s.get("round") or {}).get("id", ""))
        if key in self._done:
            return False
        self._done.add(key)
        return True

    def _on_proposal(self, path: str, s: Json, **body: Any) -> Command:
        """`on`: what is on the screen while this is pressed."""
        round = s.get("round")
        return Command("POST", self._proposal + path, {**body, "on": round["id"] if round else str(s["revision"])})
