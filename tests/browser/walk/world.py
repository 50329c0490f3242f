"""Everything that the walk looks at, made once: the teams, and a decision in each state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from tests.browser.walk.holding import MEETINGS, Holding
from tests.browser.walk.members import Member, Team, accept, gather, invitation
from tests.browser.walk.states import CROWD, FAR_AWAY, LATE, OF_LONG_NAME, PARTS, STATES, State
from tests.browser.walk.table import Visit
from tests.browser.walk.telling import Telling
from tests.story.moved_clock import Time

AIM = "Boats leave on time and come back safe."
LONG_AIM = f"{AIM} " * 20
USUALLY = ("draft", "consent-open", "adopted")  # so that no list is empty which usually is not
LONG_NAME = "Donaudampfschifffahrtsgesellschaft und alle ihre Freunde an beiden Ufern"


@dataclass
class World:
    """Only what these visits ask for is made."""

    url: str
    time: Time
    visits: Sequence[Visit]
    teams: dict[str, Team] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    meetings: dict[str, str] = field(default_factory=dict)
    invitations: dict[str, str] = field(default_factory=dict)

    def make(self) -> World:
        self._gather()
        self._tell_in_time({name: state for name, state in STATES.items() if not state.late})
        newcomer = self.teams["harbour"].people["newcomer"] = Member(self.url, LATE)
        self.invitations = {role: invitation(self.teams["harbour"], role) for role in ("member", "observer")}
        accept(newcomer, self.invitations["member"])
        self._tell({name: state for name, state in STATES.items() if state.late})
        for name in {visit.told for visit in self.visits} & set(MEETINGS):
            self.meetings[name] = Holding(self.teams["harbour"]).plays(MEETINGS[name])
        return self

    @property
    def names(self) -> set[str]:
        return {person.name for team in self.teams.values() for person in team.people.values()}

    def who(self, state: str, role: str) -> Member | None:
        """The account that plays this role in this state; nobody where nobody is signed in."""
        if role == "signed-out":
            return None
        return self.teams[team_of(state)].people.get(role) or self.teams["harbour"].people[role]

    def slug_of(self, state: str) -> str:
        return self.teams[team_of(state)].slug

    def _gather(self) -> None:
        harbour = self.teams["harbour"] = gather(self.url, "Harbour crew", AIM, PARTS)
        asked = {team_of(visit.told) for visit in self.visits}
        if "far-away" in asked:
            self.teams["far-away"] = gather(self.url, "فريق الميناء", "تخرج القوارب وتعود سالمة.", FAR_AWAY)
        if "long-names" in asked:
            self.teams["long-names"] = gather(self.url, LONG_NAME, LONG_AIM, OF_LONG_NAME)
        founder = {"facilitator": Member(self.url, "Eve Esposito")}
        self.teams["empty"] = gather(self.url, "A team of one", "", {}, founder)
        harbour.people |= {"founder": founder["facilitator"], "homeless": Member(self.url, "Hal Homeless")}
        if "crowd" in asked:
            core = {part: harbour.people[part] for part in PARTS}
            many = {f"one-of-many-{n}": Member(self.url, f"Number {n:02d} Ofmany") for n in range(CROWD - len(core))}
            self.teams["crowd"] = gather(self.url, "The whole harbour", AIM, {}, core | many)

    def _tell_in_time(self, states: dict[str, State]) -> None:
        """What happened longest ago first, when it was."""
        told = sorted(states, key=lambda name: -states[name].days_ago)
        for days, names in groupby(told, key=lambda name: states[name].days_ago):
            self.time.shows(timedelta(days=-days))
            self._tell({name: states[name] for name in names})
        self.time.shows(timedelta())

    def _tell(self, states: dict[str, State]) -> None:
        asked = {visit.told for visit in self.visits} | set(USUALLY)
        for name, state in states.items():
            if name not in asked:
                continue
            told = Telling(self.teams[state.team], state.texts).plays(state.steps)
            snapshot = self.teams[state.team].people["author"].does("GET", f"proposals/{told.id}/")
            assert snapshot["phase"] == state.phase, (name, snapshot["phase"])
            self.decisions[name] = told.id


def team_of(state: str) -> str:
    """A state of a page may have the name of the team that it is about."""
    kinds = {"empty": "empty", "crowd": "crowd", "far-away": "far-away", "long": "long-names"}
    return STATES[state].team if state in STATES else kinds.get(state, "harbour")
