"""A story in the Harbour team, and the promise that at its end journal and rows are one."""

import json
from collections.abc import Callable, Iterator

import pytest
from rest_framework.test import APIClient

from decisions import models, store
from teams.models import Account, Team

from .story import Json, Story


@pytest.fixture
def circle(
    team: Team,
    browser: Callable[[Account], APIClient],
    fay: Account,
    pia: Account,
    max_: Account,
    obi: Account,
    eve: Account,
) -> dict[str, APIClient]:
    """A signed-in browser for each of the cast."""
    return {name: browser(who) for name, who in {"fay": fay, "pia": pia, "max": max_, "obi": obi, "eve": eve}.items()}


@pytest.fixture
def story(team: Team, circle: dict[str, APIClient], fay: Account, pia: Account, max_: Account) -> Iterator[Story]:
    def ask(who: str, method: str, path: str, body: Json) -> tuple[int, Json]:
        answer = circle[who].generic(
            method,
            f"/api/v1/{path}",
            data=b"" if body is None else json.dumps(body),
            content_type="application/json",
        )
        return answer.status_code, answer.json() if answer.content else None

    told = Story(ask, team.slug, {"fay": fay.pk, "pia": pia.pk, "max": max_.pk})
    yield told
    for row in models.Proposal.objects.exclude(seq=0):
        assert store.faults(row) == []
