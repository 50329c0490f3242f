"""A request holds plain, bounded, unambiguous JSON, or gets a clear 400."""

import json
from typing import Any

import pytest
from rest_framework.exceptions import ParseError
from rest_framework.test import APIClient

from conventions.body import DEPTH_LIMIT, read
from conventions.problems import BODY_LIMIT
from teams.models import Account, Team
from tests.conftest import Client


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"", {}),
        (b"  ", {}),
        (b'{"text": "caf\xc3\xa9 \\ud83d\\ude00"}', {"text": "café 😀"}),
        (b'{"a": {"b": [1, 2.5, null, true]}}', {"a": {"b": [1, 2.5, None, True]}}),
    ],
)
def test_plain_json_is_read(raw: bytes, value: Any) -> None:
    assert read(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"{'a': 1}",
        b"\xef\xbb\xbf{}",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": "x\\u0000y"}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_programs_read_in_different_ways_is_refused(raw: bytes) -> None:
    with pytest.raises(ParseError):
        read(raw)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"1" + b"]" * depth


def test_json_is_nested_up_to_the_limit_and_no_deeper() -> None:
    read(nested(DEPTH_LIMIT))
    for depth in (DEPTH_LIMIT + 1, 1_000, 10_000, 100_000):
        with pytest.raises(ParseError, match="deeper"):
            read(nested(depth))


def test_deep_objects_count_as_deep_lists_do() -> None:
    value: Any = 1
    for _ in range(DEPTH_LIMIT + 1):
        value = {"a": value}
    with pytest.raises(ParseError, match="deeper"):
        read(json.dumps(value).encode())


def test_a_malformed_body_is_a_problem_and_changes_nothing(fay: Account, script: Client) -> None:
    answer = script(fay).post("/api/v1/teams/", data=b'{"name": ', content_type="application/json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "malformed"
    assert not Team.objects.exists()


@pytest.mark.parametrize("size", [BODY_LIMIT + 1, 2 * BODY_LIMIT])
@pytest.mark.parametrize("key", [{}, {"HTTP_IDEMPOTENCY_KEY": "one"}])
def test_a_body_over_the_limit_is_413(fay: Account, script: Client, size: int, key: dict[str, Any]) -> None:
    body = b'{"name": "' + b"x" * (size - 12) + b'"}'
    answer = script(fay).post("/api/v1/teams/", data=body, content_type="application/json", **key)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_length_that_lies_reads_no_more_than_it_says(fay: Account, script: Client) -> None:
    answer = script(fay).post(
        "/api/v1/teams/", data=b'{"name": "Harbour"}', content_type="application/json", CONTENT_LENGTH="8"
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null"])
def test_a_body_is_an_object(fay: Account, script: Client, body: bytes) -> None:
    answer = script(fay).post("/api/v1/teams/", data=body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_anything_but_json_is_415(fay: Account, script: Client) -> None:
    for content_type in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        answer = script(fay).post("/api/v1/teams/", data=b"name=Harbour", content_type=content_type)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_json_is_json_however_its_type_is_spelled(fay: Account, script: Client) -> None:
    answer = script(fay).post(
        "/api/v1/teams/", data=b'{"name": "Harbour"}', content_type="Application/JSON; charset=utf-8"
    )
    assert answer.status_code == 201


def test_an_answer_is_json_whatever_was_asked_for(fay: Account, script: Client) -> None:
    for accept in ("text/html", "image/png", "*/*", "nonsense"):
        answer = script(fay).get("/api/v1/me/", HTTP_ACCEPT=accept)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"


def test_only_what_changes_something_needs_a_body(anonymous: APIClient) -> None:
    assert anonymous.get("/api/v1/me/", CONTENT_TYPE="text/plain").status_code == 401
