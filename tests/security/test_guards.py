"""What browsers are told to keep pages from: in the head of every answer, whatever was asked and however it ended."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from config.guards import UNUSED, USED
from tests.security.addresses import ASKED_WITH, METHODS, OPERATORS, all_of, shown_at
from tests.security.matrix import EVERYTHING
from tests.security.test_matrix import filled
from tests.security.world import brought_to

A_YEAR = 365 * 24 * 3600
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POWERFUL = (
    "camera",
    "microphone",
    "geolocation",
    "display-capture",
    "usb",
    "serial",
    "hid",
    "payment",
    "midi",
)

NOBODYS = {"meeting": "0" * 16, "item": "0" * 16, "screen": "0" * 16}
PICTURES = ("image/svg+xml", "image/png")
FIGURES = "text/plain; version="  # Prometheus's own
JSON = ("application/json", "application/problem+json")


@pytest.fixture
def answers(db: None, client: Client, settings: LazySettings, tmp_path: Path) -> list[tuple[str, Any]]:
    """By every method from every address, asked by nobody in particular: pages, answers, refusals and faults."""
    settings.SECURE_HSTS_SECONDS, settings.FRONTEND = A_YEAR, tmp_path
    settings.RONDO_METRICS_TOKEN = OPERATORS
    (tmp_path / "index.html").write_text("<html><head></head></html>")
    client.raise_request_exception = False
    paths = sorted({as_asked(address) for address, _ in all_of()} | {"home", "d/nowhere"})
    asked = [(method, path) for path in paths for method in METHODS]
    return [
        (f"{method} {path}", client.generic(method, f"/{path}", secure=True, headers=shown_at(path)))
        for method, path in asked
    ]


@pytest.fixture
def seen(db: None) -> list[tuple[str, Any]]:
    """What can be looked at in a team, by who may."""
    world = brought_to("adopted")
    paths = sorted({filled(row.address, {**NOBODYS, **world.names}) for row in EVERYTHING if row.method == "GET"})
    return [(f"{role} {path}", world.ask(role, "GET", path)) for path in paths for role in ("steward", "administrator")]


def as_asked(address: str) -> str:
    """An address with something in its gaps, and with what it has to be asked with."""
    plain = re.sub(r"<[^>]+>|\{[^}]+\}", "0000000000000000", ASKED_WITH.get(address, address))
    return "" if plain.startswith("^") else plain


def test_every_answer_carries_its_guards(answers: list[tuple[str, Any]]) -> None:
    assert {answer.status_code for _, answer in answers} >= {200, 302, 400, 401, 404, 405}
    for what, answer in answers:
        head = answer.headers
        assert {name: head.get(name) for name in GUARDS} == GUARDS, what
        assert "frame-ancestors 'none'" in head["Content-Security-Policy"], what
        assert head["Strict-Transport-Security"] == f"max-age={A_YEAR}", what
        assert features(head["Permissions-Policy"]) == {
            **dict.fromkeys(UNUSED, "()"),
            **dict.fromkeys(USED, "(self)"),
        }, what


def test_every_answer_is_of_the_type_that_it_says(answers: list[tuple[str, Any]], seen: list[tuple[str, Any]]) -> None:
    """JSON is always UTF-8; of all other words the type says so."""
    kinds = set()
    for what, answer in (*answers, *seen):
        kind = answer.headers.get("Content-Type", "")
        if not answer.content:
            continue
        kinds.add(kind)
        if kind in JSON:
            assert is_json(answer.content), (what, answer.content[:200])
        else:
            assert kind.endswith("; charset=utf-8") or kind in PICTURES or kind.startswith(FIGURES), (what, kind)
    assert {*JSON, "text/html; charset=utf-8"} <= kinds


def is_json(content: bytes) -> bool:
    try:
        json.loads(content.decode())
    except ValueError:
        return False
    return True


def features(told: str) -> dict[str, str]:
    return dict(part.split("=") for part in told.split(", "))


def test_no_powerful_feature_of_browsers_is_left_to_the_pages() -> None:
    assert set(POWERFUL) <= set(UNUSED)
    assert not set(UNUSED) & set(USED)
