"""R5: the last answers of a round at the same moment, each of them first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from teams.models import Account, Team
from tests.api.test_races import press, told
from tests.conftest import bring, person
from tests.decisions.conftest import Clients, asking
from tests.decisions.story import Brief, Json, Story
from tests.faults.orders import (
    CONSENT,
    CONSENTED,
    OBJECTION,
    Pair,
    answered,
    forced,
    in_order,
    respond,
)
from tests.faults.run import running, times

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Threads see only what is committed."""


LAST_ANSWERS = (
    Pair(
        "two last consents",
        "ask_for_consent",
        CONSENTED,
        CONSENT,
        respond("max", "consent"),
        (200, 200),
        "adopted",
        {"adopted": 1, "consented": 3, "round_closed": 3},
    ),
    Pair(
        "a last consent and a last objection",
        "ask_for_consent",
        CONSENTED,
        CONSENT,
        OBJECTION,
        (200, 200),
        "revising",
        {"adopted": 0, "returned": 1},
    ),
    Pair(
        "a last objection and a last consent",
        "ask_for_consent",
        CONSENTED,
        OBJECTION,
        CONSENT,
        (200, 200),
        "revising",
        {"adopted": 0, "returned": 1},
    ),
)


class Quick(Brief):
    """Nobody has a question or a reaction, however many they are."""

    def hear_all(self) -> None:
        others = self.people.keys() - {"pia"}
        for tail, people in (("clear", others), ("pass", self.people)):
            round = self.round
            for who in people:
                self.does(who, "POST", f"rounds/{round}/{tail}/", {})

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        return [
            ("draft", self.propose),
            ("clarifying", self.open),
            ("tuning", self.hear_all),
            ("consent", self.ask_for_consent),
        ]


@pytest.fixture
def eight(team: Team, fay: Account, circle: Clients, browser: Callable[[Account], APIClient], story: Story) -> Clients:
    """The three and five more, who come to the team; the story knows them from here on."""
    more = {f"m{number}": person(f"M{number} More") for number in range(5)}
    for newcomer in more.values():
        bring(team, fay, newcomer)
    story.people = {**story.people, **{name: one.pk for name, one in more.items()}}
    three = {name: circle[name] for name in ("fay", "pia", "max")}
    return three | {name: browser(one) for name, one in more.items()}


def test_two_last_answers_come_to_one_outcome_whichever_is_let_in_first(
    fresh: Callable[[str], Story], circle: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running("R5") as run:
        for _ in range(times(3, 1000)):
            forced(run, LAST_ANSWERS, fresh, circle, monkeypatch)


KINDS: dict[str, Json] = {
    "consented": {"kind": "consent"},
    "concern_raised": {"kind": "concern", "text": "Hm."},
    "objection_raised": {"kind": "objection", "text": "Wait."},
}
ENDS = ("round_closed", "adopted", "returned")
EIGHT = {
    "eight answers, none an objection": ({"consented": 7, "concern_raised": 1}, "adopted", (3, 1, 0)),
    "eight answers, one an objection": (
        {"consented": 6, "concern_raised": 1, "objection_raised": 1},
        "revising",
        (3, 0, 1),
    ),
}
"""What is answered how often, and what it then has come to: the phase, and how often it ended."""


def test_eight_answers_at_once_come_to_one_outcome_whoever_is_let_in_first(
    eight: Clients, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = asking(eight, defaultdict(list))
    with running("R5-eight") as run:
        for _ in range(times(2, 500)):
            for name, (answers, phase, ends) in EIGHT.items():
                played = Quick(asks, story.team, story.people).play()
                people, kinds = sorted(eight), [kind for kind, often in answers.items() for _ in range(often)]
                run.chance.shuffle(people)
                path = f"rounds/{played.round}/response/"
                acts = [press(eight[who], "PUT", path, KINDS[kind]) for who, kind in zip(people, kinds, strict=True)]
                run.chance.shuffle(acts)
                said = in_order(acts, monkeypatch)
                run.fault(name)
                answered(run, name, played, said)
                codes, events = {code for code, _ in said}, Counter(told(played))
                counted, ended = {kind: events[kind] for kind in answers}, tuple(events[end] for end in ENDS)
                if (codes, counted, played.snapshot()["phase"], ended) != ({200}, answers, phase, ends):
                    run.found("impossible", f"{name}: {codes}, {counted}, {ended}")
