"""How one person stands to a proposal: the few facts on which it hangs what they may do now.

A value of its own, so that `may` can be remembered: in a circle of two hundred there are a dozen standings.
In a sealed open round nothing in it depends on what was said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from . import hours
from .limits import MOST_QUESTIONS
from .once import once
from .room import by_turns, held_open, speaker, still_to_speak
from .rounds import at_hand, awaited, heard
from .state import Phase, Proposal


class Standing(NamedTuple):
    """Everything that guards may ask about a person, apart from the content of a command."""

    phase: Phase
    author: bool
    facilitator: bool
    voice: bool
    heard: bool
    sealed: bool
    asked: int
    """Own unanswered questions in the open round."""
    questioned: bool
    """Theirs is the text, and anybody asked a question in the open round."""
    cleared: bool
    reacted: bool
    responded: bool
    objects: bool
    """An objection of their own stands."""
    restated: bool
    """… and the author has written what they heard."""
    objected: bool
    """Anybody's objection stands."""
    room: bool
    """A room is open."""
    present: bool
    """In it, and not out again."""
    turn: bool
    """Theirs is the turn."""
    by_turns: bool
    paused: bool
    pauses: int
    complete: bool
    """A round is open in which nobody is awaited."""
    alone: bool
    """Nobody else in the room is still to be heard."""
    offered: bool
    """The chair was offered to them."""
    author_present: bool
    occupied: bool
    """Somebody is in the room."""
    held_open: bool
    """… who is not the facilitator."""
    others: bool
    """There is somebody besides the facilitator who could facilitate."""
    showing: bool
    """There is a link to a screen that they may close."""
    absent: bool
    adrift: bool
    """Something is overdue, or the facilitator has left or is absent."""
    marks: bool
    """There is somebody else who may be marked absent."""
    tuned: bool
    """The author has let tuning lie for a day."""
    author_away: bool
    """The author has left, is absent or is overdue."""
    heirs: bool
    """There is somebody besides the author who could take the text on."""
    offered_authorship: bool
    looks_again: bool
    """Absent at the adoption, and has not objected to it since."""
    window: bool
    """… for which there is still time."""


@dataclass(frozen=True)
class Moment:
    """What everybody's standing has in common, gathered once for the whole circle, and of whom the rest is true."""

    state: Proposal
    alike: Mapping[str, Any]
    """What stands in everybody's standing alike, by the names of `Standing`."""
    questioned: bool
    heard: frozenset[str]
    asked: Counter[str]
    reacted: frozenset[str]
    responded: frozenset[str]
    objecting: frozenset[str]
    restated: frozenset[str]
    speaker: str | None
    to_speak: frozenset[str]
    awaited: frozenset[str]
    showing: frozenset[str]
    overdue: bool
    markable: frozenset[str]
    looking_again: frozenset[str]
    window: bool

    def unlike(self, before: Moment) -> set[str] | None:
        """Those whose standing may be another than in `before`; None where that may be everybody's."""
        if self._common() != before._common():
            return None
        changed: set[str] = set()
        for now, then in zip(self._people, before._people, strict=True):
            if now != then:
                changed |= now ^ then
        after, earlier = self.state.participants, before.state.participants
        if after is not earlier:
            changed |= {who for who, person in after.items() if earlier.get(who) is not person}
        return changed

    def _common(self) -> tuple[object, ...]:
        """What makes everybody's standing another as soon as it changes."""
        last_of = (few if len(few) < 2 else None for few in (self.to_speak, self.markable))
        return (self.state.current, self.alike, *last_of)

    @cached_property
    def _people(self) -> tuple[frozenset[str], ...]:
        """Those of whom each of the other facts is true."""
        state, room, round = self.state, self.state.room, self.state.round
        asked = state.author if self.questioned else None
        several = {who: number for who, number in self.asked.items() if number > 1}
        single = (state.author, asked, state.facilitator, state.chair_offered, state.author_offered, self.speaker)
        return (
            self.heard,
            frozenset(self.asked),
            frozenset(several),
            frozenset(who for who, number in several.items() if number >= MOST_QUESTIONS),
            self.reacted,
            self.responded,
            self.objecting,
            self.restated,
            self.showing,
            self.markable,
            self.looking_again,
            frozenset(round.cleared) if round else frozenset(),
            room.present if room else frozenset(),
            *(frozenset([who] if who else []) for who in single),
        )

    def standing(self, who: str) -> Standing:
        """The standing of one account; of somebody without a part in the proposal too."""
        state, round, room = self.state, self.state.round, self.state.room
        person = state.participants.get(who)
        return Standing(
            **self.alike,
            author=who == state.author,
            facilitator=who == state.facilitator,
            voice=person is not None and not person.left,
            heard=who in self.heard,
            questioned=self.questioned and who == state.author,
            asked=self.asked.get(who, 0),
            cleared=round is not None and who in round.cleared,
            reacted=who in self.reacted,
            responded=who in self.responded,
            objects=who in self.objecting,
            restated=who in self.restated,
            present=room is not None and who in room.present,
            turn=who == self.speaker,
            alone=not self.to_speak or self.to_speak == {who},
            offered=who == state.chair_offered,
            showing=who in self.showing,
            absent=person is not None and person.absent,
            marks=bool(self.markable) and self.markable != {who},
            offered_authorship=who == state.author_offered,
            looks_again=who in self.looking_again,
        )

    def standings(self, people: Iterable[str]) -> dict[str, Standing]:
        """The standing of each of these participants. Those of whom nothing is true but that they have a voice stand
        alike: most of a circle, when a round opens."""
        of_note = frozenset().union(*self._people)
        found: dict[str, Standing] = {}
        alike: Standing | None = None
        for who in people:
            person = self.state.participants[who]
            if person.left or person.absent or who in of_note:
                found[who] = self.standing(who)
            else:
                found[who] = alike = alike or self.standing(who)
        return found


@once
def moment(state: Proposal) -> Moment:
    """Gathers what the open round and the standing objections say of everybody."""
    here, standing, waits, at_hand_now = state.current, state.standing(), awaited(state), at_hand(state)
    round, room, window = state.round, state.room, hours.window_open(state)
    return Moment(
        state,
        alike={
            "phase": state.phase,
            "sealed": round is not None and round.sealed,
            "objected": bool(standing),
            "room": room is not None,
            "by_turns": by_turns(round),
            "paused": room is not None and room.paused_until is not None,
            "pauses": room.pauses if room else 0,
            "complete": round is not None and not waits,
            "author_present": room is not None and state.author in room.present,
            "occupied": room is not None and bool(room.present),
            "held_open": held_open(state),
            "others": any(who != state.facilitator for who in at_hand_now),
            "adrift": hours.adrift(state),
            "tuned": hours.tuned_for_a_day(state),
            "author_away": hours.author_away(state),
            "heirs": any(who != state.author for who in at_hand_now),
            "window": window,
        },
        questioned=here is not None and any(q.round == here for q in state.questions.values()),
        heard=heard(state),
        asked=Counter(q.by for q in state.open_questions()),
        reacted=frozenset(r.by for r in state.reactions.values() if r.round == here),
        responded=frozenset(r.by for r in state.responses.values() if r.round == here),
        objecting=frozenset(o.by for o in standing),
        restated=frozenset(o.by for o in standing if o.restatement is not None),
        speaker=speaker(state),
        to_speak=frozenset(still_to_speak(state)),
        awaited=frozenset(waits),
        showing=frozenset(_showing(state)),
        overdue=hours.overdue(state),
        markable=hours.markable(state),
        looking_again=hours.may_look_again(state),
        window=window,
    )


def _showing(state: Proposal) -> Iterator[str]:
    """Those who may close a link to a screen."""
    for screen in state.screens.values():
        yield screen.by
        if state.facilitator is not None:
            yield state.facilitator
