"""One decision from proposal to agreement, told once and played through whatever door: a test client, two servers.

Pia proposes, Max objects to the first revision, the second one answers him, and the circle adopts it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from tests.merging import merged

Json = Any
Ask = Callable[[str, str, str, Json], tuple[int, Json]]
"""(who, method, path below /api/v1/, body) → (status, answer)."""

BODY = "From Monday we merge to main at least once a day.\n\n* Unfinished work hides behind a flag."
BETTER = BODY + "\n* Payments keeps its release branch until its suite is fast."


@dataclass
class Story:
    """A decision in play. Each method is one step; `bad` are calls that must be refused there and change nothing."""

    ask: Ask
    team: str
    people: Mapping[str, str]
    id: str = ""
    seen: list[Json] = field(default_factory=list)
    """Every entry that a command's answer held, in order."""

    def does(self, who: str, method: str, path: str, body: Json = None, status: int | None = None) -> Json:
        code, answer = self.ask(who, method, path, body)
        assert code == status if status else code in (200, 201), (who, method, path, code, answer)
        if isinstance(answer, dict) and "entries" in answer:
            self.seen += answer["entries"]
        return answer

    def snapshot(self, who: str = "fay") -> Json:
        return self.does(who, "GET", f"proposals/{self.id}/")

    def glance(self) -> Json:
        """What is looked at on the way, to know how to go on."""
        return self.snapshot("pia")

    @property
    def round(self) -> str:
        return str(self.glance()["round"]["id"])

    def propose(self) -> None:
        draft = self.does(
            "pia",
            "POST",
            f"teams/{self.team}/proposals/",
            {"title": "Trunk-based development", "driver": "Merges cost us eleven days.", "body": BODY},
            201,
        )
        self.id = draft["id"]

    def open(self) -> None:
        self.does("pia", "POST", f"proposals/{self.id}/open/", {})

    def ask_a_question(self) -> None:
        self.does("max", "POST", f"rounds/{self.round}/questions/", {"text": "Who keeps the flags?"}, 201)

    def answer_it(self) -> None:
        question = next(id for id, q in self.glance()["questions"].items() if not q.get("answer"))
        self.does("pia", "POST", f"questions/{question}/answer/", {"text": "I do.", "on": self.round})

    def clear(self, **more: Any) -> None:
        round = self.round
        for who in ("fay", "max"):
            self.does(who, "POST", f"rounds/{round}/clear/", more)

    def react(self) -> None:
        round = self.round
        self.does("fay", "POST", f"rounds/{round}/reactions/", {"text": "Relieved."}, 201)
        self.does("max", "POST", f"rounds/{round}/pass/", {})
        self.does("pia", "POST", f"rounds/{round}/reactions/", {"text": "Curious."}, 201)

    def ask_for_consent(self, **more: Any) -> None:
        revision = self.glance()["revision"]
        self.does("pia", "POST", f"proposals/{self.id}/ask-for-consent/", {"on": str(revision), **more})

    def respond(self, who: str, kind: str = "consent", **more: Any) -> Json:
        return self.does(who, "PUT", f"rounds/{self.round}/response/", {"kind": kind, **more})

    def object(self) -> None:
        self.respond("max", "objection", text="Payments has no fast suite.", suggestion="Leave payments out.")

    def return_now(self) -> None:
        self.does("fay", "POST", f"proposals/{self.id}/return/", {"on": self.round})

    @property
    def objection(self) -> str:
        return next(str(id) for id, o in self.glance()["objections"].items() if o["status"] == "standing")

    def restate(self) -> None:
        self.does(
            "pia",
            "POST",
            f"objections/{self.objection}/restate/",
            {"text": "Daily merges move risk to customers."},
        )

    def confirm(self) -> None:
        self.does("max", "POST", f"objections/{self.objection}/confirm/", {})

    def revise(self) -> None:
        answers = {self.objection: "Payments keeps its branch."}
        self.does(
            "pia",
            "POST",
            f"proposals/{self.id}/revisions/",
            {"body": BETTER, "note": "Payments left out", "answers": answers, "on": "1"},
            201,
        )

    def second_rounds(self) -> None:
        self.clear(nothing_to_add=True)
        self.does("pia", "POST", f"rounds/{self.round}/pass/", {})
        self.ask_for_consent()

    def adopt(self) -> None:
        self.respond("pia")
        self.respond("fay", "concern", text="Watch the flags.")
        self.respond("max")

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """The whole story, step by step, with the phase that each leaves the proposal in."""
        return [
            ("draft", self.propose),
            ("clarifying", self.open),
            ("clarifying", self.ask_a_question),
            ("clarifying", self.answer_it),
            ("reaction", self.clear),
            ("tuning", self.react),
            ("consent", self.ask_for_consent),
            ("consent", self.object),
            ("revising", self.return_now),
            ("revising", self.restate),
            ("revising", self.confirm),
            ("clarifying", self.revise),
            ("consent", self.second_rounds),
            ("adopted", self.adopt),
        ]

    def play(self, until: str | None = None) -> Story:
        """Plays on to the end, or until a step is done."""
        for phase, step in self.steps():
            step()
            assert self.glance()["phase"] == phase, step.__name__
            if step.__name__ == until:
                break
        return self


class Brief(Story):
    """The same without its question, told by somebody who looks at nothing but what the commands answer. For where
    many are needed."""

    def glance(self) -> Json:
        return reduce(merged, (entry["changes"] for entry in self.seen), {"phase": "draft"})

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        return [(phase, step) for phase, step in super().steps() if step not in (self.ask_a_question, self.answer_it)]
