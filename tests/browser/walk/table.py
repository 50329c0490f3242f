"""What is visited, as data: every page, in which states, as whom, how wide and in which light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.browser.walk.holding import MEETINGS
from tests.browser.walk.states import STATES

CIRCLE = ("author", "facilitator", "inside", "elsewhere", "observer", "newcomer")
IN_ROOM = tuple(name for name in STATES if "room" in name)
ROLES = ("participant", "author", "facilitator", "observer", "steward")
DECIDED = tuple(name for name in STATES if name != "draft")

SITUATIONS = {
    "loading": "consent-open",
    "server-away": "consent-open",
    "broken": "consent-open",
    "not-connected": "consent-open",
    "refused": "tuning",
}
"""What may happen to a page, and the state in which it happens."""

PLAIN = "usual"
"""The state of a page that has but one."""


@dataclass(frozen=True)
class Page:
    """`path` may name the decision, the team and an invitation. `turn`: it has the one line that says what is asked."""

    path: str
    states: dict[str, tuple[str, ...]]
    turn: bool = False


def as_(*roles: str, states: tuple[str, ...] = (PLAIN,)) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(states, roles)


def seen_by_circle(states: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Whoever came late is in the harbour alone."""
    return {name: CIRCLE if STATES[name].team == "harbour" else CIRCLE[:-1] for name in states}


PAGES: dict[str, Page] = {
    "welcome": Page("/", as_("signed-out")),
    "signin": Page("/signin", as_("signed-out", states=(PLAIN, "wrong-password"))),
    "signup": Page("/signup", as_("signed-out", states=(PLAIN, "incomplete"))),
    "join": Page(
        "/join/{invitation}",
        as_("signed-out", "homeless", "inside")
        | as_("homeless", states=("loading", "server-away"))
        | as_("signed-out", "homeless", states=("unknown",)),
    ),
    "password": Page("/password", as_("signed-out")),
    "password-new": Page("/password/{invitation}", as_("signed-out", states=("unknown",))),
    "confirm": Page("/confirm/{invitation}", as_("homeless", states=("unknown",))),
    "verify": Page("/verify", as_("signed-out", "inside")),
    "try": Page("/try", as_("signed-out")),
    "screen": Page("/s/{invitation}", as_("signed-out", states=("unknown",))),
    "site": Page("/site", as_("inside", states=("unknown",))),
    "help": Page("/help", as_("signed-out", "inside")),
    "help-role": Page("/help/{state}", as_("signed-out", states=(*ROLES, "unknown"))),
    "home": Page(
        "/home",
        as_(*CIRCLE) | as_("homeless", "founder", states=("empty",)) | as_("inside", states=("server-away",)),
    ),
    "me": Page("/me", as_("author", "observer", "homeless")),
    "team-new": Page("/teams/new", as_("homeless")),
    "team": Page(
        "/t/{team}",
        as_(*CIRCLE)
        | as_("founder", states=("empty",))
        | as_("facilitator", "observer", states=("crowd", "far-away", "long"))
        | as_("homeless", states=("unknown",))
        | as_("inside", states=("loading",)),
    ),
    "agreements": Page("/t/{team}/agreements", as_("author", "observer") | as_("founder", states=("empty",))),
    "settings": Page(
        "/t/{team}/settings",
        as_("facilitator", "inside", "observer")
        | as_("founder", states=("empty",))
        | as_("facilitator", states=("crowd", "far-away", "long")),
    ),
    "new": Page("/t/{team}/new", as_("author", "founder") | as_("author", states=("far-away",))),
    "edit": Page("/d/{id}/edit", as_("author", "observer", states=("draft",))),
    "decision": Page(
        "/d/{id}",
        as_("author", "observer", "signed-out", states=("draft",))
        | seen_by_circle(DECIDED)
        | as_("elsewhere", states=("loading", "server-away", "broken", "not-connected"))
        | as_("author", states=("refused",)),
        turn=True,
    ),
    "live": Page(
        "/d/{id}/live",
        seen_by_circle(("consent-open", "adopted", *IN_ROOM)) | as_("inside", states=("loading", "broken")),
        turn=True,
    ),
    "compare": Page(
        "/d/{id}/v/1..2",
        seen_by_circle(("second-consent", "adopted", "long-second", "far-away-second"))
        | as_("inside", states=("tuning",)),
    ),
    "record": Page(
        "/d/{id}/record",
        seen_by_circle(("consent-sealed-answered", "revising-corrected", "adopted", "withdrawn"))
        | seen_by_circle(("long-second", "far-away-second", "crowd-room"))
        | as_("author", states=("draft",))
        | as_("inside", states=("loading",)),
    ),
    "meetings": Page("/t/{team}/meetings", as_("inside", "observer") | as_("founder", states=("empty",))),
    "meeting-new": Page("/t/{team}/meetings/new", as_("facilitator")),
    "meeting": Page("/m/{meeting}", as_(*CIRCLE, states=tuple(MEETINGS)), turn=True),
    "meeting-edit": Page("/m/{meeting}/edit", as_("facilitator", states=("meeting-planned",))),
    "minutes": Page("/m/{meeting}/minutes", as_(*CIRCLE, states=("meeting-item", "meeting-over"))),
    "nowhere": Page("/nowhere/at/all", as_("signed-out", "inside")),
}


@dataclass(frozen=True)
class Look:
    width: int
    theme: str


LOOKS = (
    *(Look(width, theme) for width in (360, 1280) for theme in ("light", "dark")),
    Look(768, "light"),
    Look(1920, "dark"),
)
"""A phone and a desk in both lights; what lies between them, and what lies beyond, in one."""


@dataclass(frozen=True)
class Visit:
    """One page loaded once, in one state and by one role, and how it is looked at."""

    page: str
    state: str
    role: str
    looks: tuple[Look, ...] = LOOKS

    def __str__(self) -> str:
        return f"{self.page}-{self.state}-{self.role}"

    @property
    def told(self) -> str:
        """The state of a decision in which this happens."""
        return SITUATIONS.get(self.state, self.state)


def everything() -> list[Visit]:
    return list(_visits())


def _visits() -> Iterator[Visit]:
    for name, page in PAGES.items():
        for state, roles in page.states.items():
            for role in roles:
                yield Visit(name, state, role)


def covering() -> list[Visit]:
    """Each page in each state once, as one role after the other, in one width and one light after the other."""
    chosen: list[Visit] = []
    for name, page in PAGES.items():
        for nth, (state, roles) in enumerate(page.states.items()):
            look = LOOKS[len(chosen) % len(LOOKS)]
            chosen.append(Visit(name, state, roles[nth % len(roles)], (look,)))
    return chosen
