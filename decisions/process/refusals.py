"""Why the process refuses a command, in words that a member understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RIGHTS: Mapping[str, str] = {
    "not_a_participant": "Only participants of this decision can do this. You can read along.",
    "only_the_author": "Only the author can do this.",
    "not_the_author": "The author answers questions in this round; the others ask them and say when they are clear.",
    "only_the_facilitator": "Only the facilitator can do this.",
    "only_its_objector": "Only the person who raised this objection can do this.",
    "only_its_maker": "Only who made this link, or the facilitator, can close it.",
    "not_absent_then": "Only who was absent when this was adopted can have a second look, once.",
    "only_its_asker": "Only the person who asked this question can take it back.",
}
"""Missing rights (HTTP 403)."""

CONFLICTS: Mapping[str, str] = {
    "wrong_phase": "The proposal is not at this step now. Look at where it stands and try again.",
    "round_closed": "This round has closed in the meantime. Nothing was recorded; your text is kept.",
    "revision_replaced": "There is a newer version now. Read it first.",
    "question_open": "A question of yours waits for the author's answer. You can take it back, or wait for the answer.",
    "too_many_questions": "Five of your questions wait for an answer. Let the author answer one first.",
    "already_answered": "The author has answered this question, so it stays in the record.",
    "no_question": "Nobody has asked a question in this round, so there is nothing to answer.",
    "taken_back": "This question was taken back in the meantime. Nothing was recorded.",
    "too_few_participants": "A decision needs at least two participants. Invite somebody to the team first.",
    "first_revision": "On the first version everybody reacts. Say that you are clear, and react in the next round.",
    "sealed": "The answers of this round are sealed until everyone has responded.",
    "no_objection": "No objection stands, so there is nothing to take the proposal back for.",
    "not_standing": "This objection does not stand any more.",
    "not_restated": "The author has not yet written what they heard in this objection.",
    "unanswered_objections": "A new version answers every objection that stands. Write an answer to each.",
    "due_only_later": "The due time can only be moved later, up to 30 days after the round opened.",
    "nothing_given": "You have given nothing in this round that could be taken back.",
    "not_your_turn": "It is somebody else's turn. You speak when the turn comes to you.",
    "paused": "There is a time-out. What you write is kept; it can be recorded when the round goes on.",
    "round_incomplete": "Not everyone is heard in this round yet.",
    "nobody_else": "Nobody else in the room is still to be heard, so there is no later in this round.",
    "no_room": "No room is open on this proposal.",
    "room_open": "A room is open on this proposal already.",
    "not_present": "This person is not in the room.",
    "already_paused": "There is a time-out already.",
    "not_paused": "There is no time-out to end.",
    "too_many_pauses": "There were three time-outs in this round. Close the room to go on, each in their own time.",
    "still_here": "They were here within the last two minutes.",
    "already_facilitator": "They facilitate already.",
    "nobody_to_facilitate": "There is no other participant who could take the chair now.",
    "nothing_offered": "The chair has not been offered to you.",
    "too_many_screens": "Five links to a screen are open. Close one of them first.",
    "no_screen": "There is no link to close: it was closed in the meantime.",
    "too_early": "Somebody is marked absent once the due time has passed and they were awaited for 24 hours.",
    "not_awaited": "Nobody waits for this person now.",
    "objection_stands": "An objection of theirs is unresolved. They are waited for until the due time and the team's"
    " time for objectors are both over.",
    "suspended": "Their account is suspended. No consent round is adopted without their answer.",
    "already_absent": "You are absent already.",
    "not_absent": "You are not absent.",
    "author_here": "The author is here. Authorship is offered when they have left, are absent or are overdue.",
    "nobody_to_write": "There is no other participant who could take on the text now.",
    "window_closed": "The time for a second look is over.",
    "already_heard": "You are heard in this round already.",
}
"""What the process refuses now (HTTP 409)."""

FAULTS: Mapping[str, str] = {
    "due_at": "Choose a time at least 24 hours and at most 30 days after the round opens.",
    "reason": "Say what would go wrong if we did this.",
    "concern": "Write your concern, or consent without one.",
    "body": "Write what we propose.",
    "facilitator": "Choose a member or observer of the team.",
    "minutes": "A time-out lasts from 1 to 30 minutes.",
    "seconds": "A timebox lasts from 10 seconds to an hour; 0 takes it away.",
    "chair": "Choose a participant who has not left and is not absent.",
    "author": "Choose another participant who has not left and is not absent.",
    "review_on": "Choose a review date after today.",
}
"""Content that a command cannot have (HTTP 400), by field."""

ABOUT: Mapping[str, str] = {
    "their_question": "A question of theirs, asked before the due time, waits for the author's answer.",
}
"""The same rule in other words, where it is about somebody else."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rule that refuses. `more` goes out beside the words: ids, never contents."""

    code: str
    more: Mapping[str, Any] = field(default_factory=dict)
    field: str | None = None
    """Set where the content is at fault: the name of the input field."""
    about: str | None = None
    """Set where the code has other words here."""

    @property
    def right(self) -> bool:
        """True where a right is missing, not a circumstance."""
        return self.code in RIGHTS

    @property
    def words(self) -> str:
        """The rule in a sentence or two."""
        if self.field is not None:
            return FAULTS[self.code]
        if self.about is not None:
            return ABOUT[self.about]
        return RIGHTS.get(self.code) or CONFLICTS[self.code]


class Refused(Exception):
    """Raised by `decide`; nothing has happened."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
