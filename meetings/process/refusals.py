"""Why a meeting refuses a command, in words that a member understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RIGHTS: Mapping[str, str] = {
    "no_voice": "Observers watch a meeting. A member of the team can take part in it.",
    "only_the_facilitator": "Only the facilitator of this meeting can do this.",
    "another_facilitates": "Somebody else facilitates this decision: they go to it, or hand it over first.",
}
"""Rights that a person may lack (HTTP 403)."""

CONFLICTS: Mapping[str, str] = {
    "wrong_phase": "The meeting is not at this step now. Look at where it stands and try again.",
    "moved_on": "The meeting has moved on in the meantime. Look at where it stands; nothing was recorded.",
    "not_present": "You are not in this meeting. Join it first.",
    "already_present": "You are in this meeting already.",
    "person_not_present": "This person is not in the meeting.",
    "not_your_turn": "It is somebody else's turn. You speak when the turn comes to you.",
    "nobody_else": "Nobody else is still to be heard, so there is no later in this round.",
    "round_incomplete": "Not everyone is heard in this round yet.",
    "already_heard": "This person has spoken in this round.",
    "item_open": "The meeting is at an item. End the item first.",
    "no_item": "The meeting is at no item now.",
    "not_waiting": "This item is not waiting any more.",
    "empty_agenda": "There is nothing on the agenda yet. Add a decision first.",
    "items_done": "What the meeting has been at stays on the agenda. Keep these items as they are.",
    "still_here": "They were here within the last two minutes.",
    "already_facilitator": "They facilitate this meeting already.",
}
"""What a meeting refuses now (HTTP 409)."""

FAULTS: Mapping[str, str] = {
    "twice": "A decision stands on the agenda once.",
    "text": "Say what you would change.",
}
"""Content that a command cannot have (HTTP 400), by field."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rule that refuses. `more` goes out beside the words; `field` is set where the content is at fault."""

    code: str
    more: Mapping[str, Any] = field(default_factory=dict)
    field: str | None = None

    @property
    def right(self) -> bool:
        """True where a right is missing, not a circumstance."""
        return self.code in RIGHTS

    @property
    def words(self) -> str:
        """The rule in a sentence or two."""
        if self.field is not None:
            return FAULTS[self.code]
        return RIGHTS.get(self.code) or CONFLICTS[self.code]


class Refused(Exception):
    """Raised by `decide`; nothing has happened."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
