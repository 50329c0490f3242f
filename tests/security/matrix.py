"""The matrix as it is read: each call a row, and what anybody in any phase must get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .world import ENDED, OPEN, SCRIPTS

TABLE: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text())
SEES: Mapping[str, list[str]] = TABLE["sees"]
LATE = frozenset({"wrong_phase", "round_closed"})
TARGETS = {
    "round": ("draft",),
    "question": ("draft",),
    "screen": ("draft",),
    "objection": ("draft", "clarifying", "meeting", "reaction", "tuning", "sealed"),
}
"""What an address may name → the phases in which there is none yet."""


@dataclass(frozen=True)
class Row:
    """One call, and who may make it when."""

    call: str
    body: Mapping[str, Any]
    may: tuple[str, ...] | None
    refused: Mapping[str, str]
    phases: Mapping[str, Any]
    usual: str
    open: bool | str = False
    of_proposals: bool = field(default=True)

    @property
    def method(self) -> str:
        return self.call.split()[0]

    @property
    def address(self) -> str:
        return self.call.split()[1]

    def expected(self, role: str, phase: str) -> str:
        """`ok`, 401, 404, or the word for the refusal."""
        if self.open == "everybody":
            return "ok"
        if role in ("anonymous", "suspended"):
            return "401"
        if not self._seen_by(SCRIPTS.get(role, role), phase) or self._names_nothing(phase):
            return "404"
        return self._word(role, self.phases.get(phase, {}))

    def expected_beside(self, role: str, phase: str) -> str:
        """The same where the proposal is in this phase and the meeting with it is planned."""
        return self.expected(role, "planned" if self.call.split()[1].startswith("meetings/{") else phase)

    def _seen_by(self, role: str, phase: str) -> bool:
        if self.open:
            return True
        if not self.of_proposals:
            return role in SEES["team"]
        kind = "open" if phase in OPEN else "ended" if phase in ENDED else "draft"
        return role in SEES[kind]

    def _names_nothing(self, phase: str) -> bool:
        return self.of_proposals and any(f"{{{what}}}" in self.address and phase in no for what, no in TARGETS.items())

    def _word(self, role: str, cell: Any) -> str:
        own = cell if isinstance(cell, dict) else {}
        as_holder = SCRIPTS.get(role, role)
        for words in (own, self.refused):
            for name in (role, as_holder):
                if name in words:
                    return str(words[name])
        if self.may is not None and as_holder not in self.may and "others" in self.refused:
            return self.refused["others"]
        if isinstance(cell, str):
            return cell
        return str(own.get("others", self.usual))


def _rows(kind: str) -> list[Row]:
    return [
        Row(
            call=row["call"],
            body=row.get("body", {}),
            may=tuple(row["may"]) if "may" in row else None,
            refused=row.get("not", {}),
            phases=row.get("in", {}),
            usual=row.get("else", "late"),
            open=row.get("open", False),
            of_proposals=kind == "proposals",
        )
        for row in TABLE[kind]
    ]


PROPOSALS = _rows("proposals")
TEAMS = _rows("teams")
MEETINGS = _rows("meetings")
EVERYTHING = (*PROPOSALS, *TEAMS, *MEETINGS)
