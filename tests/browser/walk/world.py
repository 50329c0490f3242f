"""Everything that the walk looks at, made once: the teams, and a decision in each state."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.browser.walk.members import Member, Team, gather, invitation, join
from tests.browser.walk.states import CROWD, FAR_AWAY, LATE, OF_LONG_NAME, PARTS, STATES, State
from tests.browser.walk.telling import Telling

AIM = "Boats leave on time and come back safe."
LONG_AIM = f"{AIM} " * 20
LONG_NAME = "Donaudampfschifffahrtsgesellschaft und alle ihre Freunde an beiden Ufern"


@dataclass
class World:
    """`asked` names the states that are wanted; nothing else is made."""

    url: str
    asked: frozenset[str]
    teams: dict[str, Team] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    invitations: dict[str, str] = field(default_factory=dict)

    def make(self) -> World:
        self._gather()
        self._tell({name: state for name, state in STATES.items() if not state.late})
        newcomer = self.teams["harbour"].people["newcomer"] = Member(self.url, LATE)
        join(self.teams["harbour"], newcomer)
        self._tell({name: state for name, state in STATES.items() if state.late})
        self.invitations = {role: invitation(self.teams["harbour"], role) for role in ("member", "observer")}
        return self

    @property
    def names(self) -> set[str]:
        return {person.name for team in self.teams.values() for person in team.people.values()}

    def who(self, state: str, role: str) -> Member | None:
        """The account that plays this role in this state; nobody where nobody is signed in."""
        if role == "signed-out":
            return None
        team = self.teams[STATES[state].team if state in STATES else "harbour"]
        return team.people.get(role) or self.teams["harbour"].people[role]

    def team_of(self, state: str) -> str:
        kinds = {"empty": "empty", "crowd": "crowd", "far-away": "far-away", "long": "long-names"}
        return self.teams[kinds.get(state, "harbour")].slug

    def _gather(self) -> None:
        harbour = self.teams["harbour"] = gather(self.url, "Harbour crew", AIM, PARTS)
        self.teams["far-away"] = gather(self.url, "فريق الميناء", "تخرج القوارب وتعود سالمة.", FAR_AWAY)
        self.teams["long-names"] = gather(self.url, LONG_NAME, LONG_AIM, OF_LONG_NAME)
        founder = {"facilitator": Member(self.url, "Eve Esposito")}
        self.teams["empty"] = gather(self.url, "A team of one", "", {}, founder)
        harbour.people |= {"founder": founder["facilitator"], "homeless": Member(self.url, "Hal Homeless")}
        core = {part: harbour.people[part] for part in PARTS}
        many = {f"one-of-many-{n}": Member(self.url, f"Number {n:02d} Ofmany") for n in range(CROWD - len(core))}
        self.teams["crowd"] = gather(self.url, "The whole harbour", AIM, {}, core | many)

    def _tell(self, states: dict[str, State]) -> None:
        for name, state in states.items():
            if name not in self.asked:
                continue
            told = Telling(self.teams[state.team], state.texts).plays(state.steps)
            snapshot = self.teams[state.team].people["author"].does("GET", f"proposals/{told.id}/")
            assert snapshot["phase"] == state.phase, (name, snapshot["phase"])
            self.decisions[name] = told.id
