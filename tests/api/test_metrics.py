"""How a process fares is told to whoever shows the operator's token, in kinds and numbers alone."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from conventions.ids import new_id
from tests.decisions.conftest import Clients
from tests.decisions.story import Story
from tests.story.rondo import ROOT

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-the-operator"


@pytest.fixture
def asked(settings: Any, client: Client) -> Any:
    settings.RONDO_METRICS_TOKEN = TOKEN
    return lambda shown=TOKEN: client.get("/metrics", headers={"Authorization": f"Bearer {shown}"})


def value(text: str, start: str) -> float:
    found = re.search(rf"^{re.escape(start)}\S* (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize("shown", ["", "another", TOKEN + " "])
def test_without_the_token_there_is_no_such_address(asked: Any, shown: str) -> None:
    assert asked(shown).status_code == 404


def test_where_no_token_is_set_nobody_is_told(settings: Any, client: Client) -> None:
    settings.RONDO_METRICS_TOKEN = ""
    for headers in ({}, {"Authorization": "Bearer "}):
        assert client.get("/metrics", headers=headers).status_code == 404


def test_a_refusal_is_counted_by_its_code(asked: Any, story: Story, circle: Clients) -> None:
    story.play(until="open")
    start = 'rondo_refusals_total{code="only_the_author"}'
    before = value(asked().content.decode(), start)
    circle["max"].post(f"/api/v1/proposals/{story.id}/withdraw/", {"reason": "x"}, format="json")
    assert value(asked().content.decode(), start) == before + 1


def test_no_measure_names_a_person_a_team_or_a_decision(asked: Any, story: Story, circle: Clients) -> None:
    story.play(until="open")
    circle["max"].get(f"/api/v1/proposals/{story.id}/")
    circle["max"].get(f"/api/v1/teams/{story.team}/")
    circle["max"].get(f"/nowhere/{new_id()}")
    told = asked().content.decode()
    assert 'address="api/v1/proposals/<str:id>/"' in told
    assert story.id not in told
    assert story.team not in told
    assert not re.search(r'"[0-9a-z]{16}"', told)


def test_a_log_of_json_has_an_object_a_line() -> None:
    words = "import logging, django; django.setup(); logging.getLogger('rondo.x').warning('Something %s', 'happened')"
    env = {"DJANGO_SETTINGS_MODULE": "config.settings", "RONDO_LOG_FORM": "json", "RONDO_ENV": "local", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    told = json.loads(done.stderr)
    assert (told["level"], told["logger"], told["message"]) == ("WARNING", "rondo.x", "Something happened")
    assert "at" in told
    assert logging.getLogger("rondo.x").level == logging.NOTSET
