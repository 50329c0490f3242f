"""One decision told step by step by the interface, as far as a state asks. Each method is one step of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.browser.walk.members import Team
from tests.browser.walk.texts import Texts

Json = Any


@dataclass
class Telling:
    """`author` and `facilitator` do their part; `inside` meets in the room, `elsewhere` never does."""

    team: Team
    texts: Texts
    id: str = ""
    round: str = ""
    question: str = ""
    objection: str = ""

    def plays(self, steps: tuple[str, ...]) -> Telling:
        for step in steps:
            getattr(self, step)()
        return self

    def _does(self, who: str, method: str, path: str, body: Json = None) -> Json:
        """What its entries tell is kept: which round is open now, and what was asked and objected last."""
        done = self.team.people[who].does(method, path, {} if body is None else body)
        for entry in done.get("entries", []):
            self.round = (entry["changes"].get("round") or {}).get("id", self.round)
            self.question = entry["data"].get("question", self.question)
            self.objection = entry["data"].get("objection", self.objection)
        return done

    def _on(self, who: str, path: str, body: Json = None, method: str = "POST") -> Json:
        return self._does(who, method, f"proposals/{self.id}/{path}", body)

    def _in_round(self, who: str, path: str, body: Json = None, method: str = "POST") -> Json:
        return self._does(who, method, f"rounds/{self.round}/{path}/", body)

    def _voices(self) -> list[str]:
        """Those present first and in the order of their seats, as a room asks for; the author last."""
        known = self.team.people["facilitator"].does("GET", f"proposals/{self.id}/")
        order = (known.get("room") or {}).get("order", [])
        part = {person.id: name for name, person in self.team.people.items()}
        seated = [part[id] for id in order]
        others = [part[id] for id in known["participants"] if id in part and id not in order]
        return [who for who in (*seated, *others) if who != "author"] + ["author"]

    # Until consent is asked for

    def propose(self) -> None:
        t = self.texts
        draft = {"title": t.title, "driver": t.driver, "body": t.body}
        self.id = str(self._does("author", "POST", f"teams/{self.team.slug}/proposals/", draft)["id"])

    def open(self) -> None:
        self._on("author", "open/")

    def ask(self) -> None:
        self._in_round("inside", "questions", {"text": self.texts.question})

    def answer(self) -> None:
        self._does("author", "POST", f"questions/{self.question}/answer/", {"text": self.texts.answer})

    def one_is_clear(self) -> None:
        self._in_round("facilitator", "clear")

    def all_are_clear(self) -> None:
        for who in self._voices()[:-1]:
            self._in_round(who, "clear")

    def one_reacts(self) -> None:
        self._in_round("facilitator", "reactions", {"text": self.texts.reaction})

    def all_react(self) -> None:
        for who in self._voices():
            if who == "elsewhere":
                self._in_round(who, "pass")
            else:
                self._in_round(who, "reactions", {"text": self.texts.reaction})

    def ask_for_consent(self) -> None:
        self._on("author", "ask-for-consent/")

    def ask_for_sealed_consent(self) -> None:
        self._on("author", "ask-for-consent/", {"sealed": True})

    # Consent, and what comes of it

    def _respond(self, who: str, kind: str, **more: str) -> None:
        self._in_round(who, "response", {"kind": kind, **more}, "PUT")

    def one_consents(self) -> None:
        self._respond("elsewhere", "consent")

    def one_has_a_concern(self) -> None:
        self._respond("facilitator", "concern", text=self.texts.concern)

    def object(self) -> None:
        self._respond("inside", "objection", text=self.texts.reason, suggestion=self.texts.suggestion)

    def return_now(self) -> None:
        self._on("facilitator", "return/")

    def restate(self) -> None:
        self._does("author", "POST", f"objections/{self.objection}/restate/", {"text": self.texts.heard})

    def correct(self) -> None:
        told = {"heard": False, "text": self.texts.correction}
        self._does("inside", "POST", f"objections/{self.objection}/confirm/", told)

    def confirm(self) -> None:
        self._does("inside", "POST", f"objections/{self.objection}/confirm/")

    def revise(self) -> None:
        t = self.texts
        told = {"body": t.better, "note": t.note, "answers": {self.objection: t.reply}}
        self._on("author", "revisions/", told)

    def all_consent(self) -> None:
        for who in self._voices():
            if who == "facilitator":
                self._respond(who, "concern", text=self.texts.concern)
            else:
                self._respond(who, "consent")

    def withdraw(self) -> None:
        self._on("author", "withdraw/", {"reason": self.texts.why})

    # Who is away

    def one_is_absent(self) -> None:
        self._is_absent("elsewhere")

    def author_is_absent(self) -> None:
        self._is_absent("author")

    def _is_absent(self, who: str) -> None:
        self._on(who, "absences/", {"participant": self.team.people[who].id})

    def offer_authorship(self) -> None:
        self._on("facilitator", "author/", {"to": self.team.people["inside"].id})

    def all_others_consent(self) -> None:
        for who in ("facilitator", "inside", "author"):
            self._respond(who, "consent")

    def look_again(self) -> None:
        told = {"text": self.texts.reason, "suggestion": self.texts.suggestion}
        self._on("elsewhere", "objections/", told)

    # The room

    def meet(self) -> None:
        """The facilitator, the author and one more sit together; one is elsewhere."""
        self._on("facilitator", "room/")
        for who in ("facilitator", "author", "inside"):
            self._on(who, "room/join/")

    def crowd_comes(self) -> None:
        for who in [part for part in self.team.people if part.startswith("one-of-many")][:14]:
            self._on(who, "room/join/")

    def pause(self) -> None:
        self._on("facilitator", "room/pause/", {"minutes": 10})

    def set_a_timebox(self) -> None:
        self._on("facilitator", "room/timebox/", {"seconds": 600})
