"""Bad input at each step of the story: a clear problem with the right status and code, and nothing changes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conventions.ids import new_id
from decisions.api.commands import COMMANDS
from teams.models import Account
from tests.decisions.conftest import Clients
from tests.decisions.rows import everything
from tests.decisions.story import Json, Story

Call = tuple[str, str, str]
"""(who, method, address with {names})."""

AMISS: dict[str, Json] = {
    "empty": "",
    "blank": " \n\t ",
    "null": None,
    "a number": 7,
    "true": True,
    "a list": ["words"],
    "an object": {"words": 1},
    "a bell": "ding\x07",
    "an escape": "red\x1b[31m",
}
LONG = 4_000

# What cannot be read as one plain JSON object, whatever it was meant to say.
UNREADABLE: dict[str, tuple[bytes, str, int]] = {
    "half an object": (b'{"text": ', "malformed", 400),
    "a list": (b"[]", "malformed", 400),
    "a string": (b'"text"', "malformed", 400),
    "null": (b"null", "malformed", 400),
    "false": (b"false", "malformed", 400),
    "a name twice": (b'{"text": "one", "text": "two"}', "malformed", 400),
    "NaN": (b'{"text": NaN}', "malformed", 400),
    "not UTF-8": (b'{"text": "\xff"}', "malformed", 400),
    "a NUL": (b'{"text": "a\\u0000b"}', "malformed", 400),
    "half a surrogate pair": (b'{"text": "\\ud800"}', "malformed", 400),
    "a hundred levels": (b'{"text": ' + b"[" * 100 + b"]" * 100 + b"}", "malformed", 400),
    "a hundred thousand levels": (b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "malformed", 400),
    "more than 256 KiB": (b'{"text": "' + b"x" * 256 * 1024 + b'"}', "too_large", 413),
}

# Until which step → what can be written then: (call, the field with words, what else the call needs).
WRITTEN: dict[str, list[tuple[Call, str, dict[str, Json]]]] = {
    "propose": [
        (("pia", "POST", "teams/{team}/proposals/"), "title", {"body": "We merge daily."}),
        (("pia", "POST", "teams/{team}/proposals/"), "body", {"title": "Trunk"}),
        (("pia", "PATCH", "proposals/{id}/"), "title", {}),
        (("pia", "PATCH", "proposals/{id}/"), "body", {}),
    ],
    "open": [(("max", "POST", "rounds/{round}/questions/"), "text", {})],
    "ask_a_question": [(("pia", "POST", "questions/{question}/answer/"), "text", {})],
    "clear": [(("max", "POST", "rounds/{round}/reactions/"), "text", {})],
    "ask_for_consent": [
        (("max", "PUT", "rounds/{round}/response/"), "text", {"kind": "objection"}),
        (("max", "PUT", "rounds/{round}/response/"), "text", {"kind": "concern"}),
    ],
    "return_now": [(("pia", "POST", "objections/{objection}/restate/"), "text", {})],
    "confirm": [(("pia", "POST", "proposals/{id}/revisions/"), "body", {"answers": "{answers}"})],
}
LIMITS = {"title": 200, "body": 40_000}

DRAFT = {"title": "Trunk", "body": "We merge daily."}
RISK = {"kind": "objection", "text": "Risk."}

# Until which step → a call whose shape is wrong somewhere, and the field that the answer must name.
SHAPES: dict[str, list[tuple[Call, Json, str]]] = {
    "propose": [
        (("pia", "POST", "teams/{team}/proposals/"), {"title": "T", "body": "B", "review_on": "soon"}, "review_on"),
        (
            ("pia", "POST", "teams/{team}/proposals/"),
            {"title": "T", "body": "B", "review_on": "2020-01-01"},
            "review_on",
        ),
        (("pia", "POST", "teams/{team}/proposals/"), {"title": "T", "body": "B", "driver": 4}, "driver"),
        (("pia", "PATCH", "proposals/{id}/"), {"review_on": [1]}, "review_on"),
        (("pia", "POST", "proposals/{id}/open/"), {"facilitator": "nobody"}, "facilitator"),
        (("pia", "POST", "proposals/{id}/open/"), {"facilitator": {"id": 1}}, "facilitator"),
        (("pia", "POST", "proposals/{id}/open/"), {"due_at": "tomorrow"}, "due_at"),
        (("pia", "POST", "proposals/{id}/open/"), {"due_at": "2026-12-24T18:00:00"}, "due_at"),
        (("pia", "POST", "proposals/{id}/open/"), {"due_at": "2020-01-01T00:00:00Z"}, "due_at"),
        (("pia", "POST", "proposals/{id}/open/"), {"due_at": "9999-12-31T23:59:59-23:00"}, "due_at"),
        (("pia", "POST", "proposals/{id}/open/"), {"due_at": 1_800_000_000}, "due_at"),
    ],
    "open": [
        (("max", "POST", "rounds/{round}/clear/"), {"nothing_to_add": "perhaps"}, "nothing_to_add"),
        (("pia", "POST", "proposals/{id}/due/"), {}, "due_at"),
        (("pia", "POST", "proposals/{id}/due/"), {"due_at": None}, "due_at"),
        (("pia", "POST", "proposals/{id}/due/"), {"due_at": "later"}, "due_at"),
        (("pia", "POST", "proposals/{id}/withdraw/"), {"reason": ["none"]}, "reason"),
        (("pia", "POST", "proposals/{id}/withdraw/"), {"reason": "x" * 4001}, "reason"),
        (("pia", "POST", "proposals/{id}/withdraw/"), {"on": {"round": 1}}, "on"),
        (("pia", "POST", "proposals/{id}/withdraw/"), {"on": "x" * 17}, "on"),
    ],
    "react": [
        (("pia", "POST", "proposals/{id}/ask-for-consent/"), {"sealed": "maybe"}, "sealed"),
        (("pia", "POST", "proposals/{id}/ask-for-consent/"), {"due_at": "2020-01-01T00:00:00Z"}, "due_at"),
        (("pia", "POST", "proposals/{id}/revisions/"), {}, "body"),
    ],
    "ask_for_consent": [
        (("max", "PUT", "rounds/{round}/response/"), {}, "kind"),
        (("max", "PUT", "rounds/{round}/response/"), {"kind": "abstain"}, "kind"),
        (("max", "PUT", "rounds/{round}/response/"), {"kind": ["consent"]}, "kind"),
        (("max", "PUT", "rounds/{round}/response/"), {"kind": "objection"}, "text"),
        (
            ("max", "PUT", "rounds/{round}/response/"),
            {**RISK, "suggestion": 3},
            "suggestion",
        ),
    ],
    "restate": [
        (("max", "POST", "objections/{objection}/confirm/"), {"heard": "nearly"}, "heard"),
        (("max", "POST", "objections/{objection}/confirm/"), {"heard": False, "text": 5}, "text"),
        (("max", "POST", "objections/{objection}/confirm/"), {"heard": False, "text": "x" * 4001}, "text"),
    ],
    "confirm": [
        (("pia", "POST", "proposals/{id}/revisions/"), {"body": "B", "answers": ["none"]}, "answers"),
        (("pia", "POST", "proposals/{id}/revisions/"), {"body": "B", "answers": {"any": 5}}, "answers.any"),
        (("pia", "POST", "proposals/{id}/revisions/"), {"body": "B", "title": ""}, "title"),
        (("pia", "POST", "proposals/{id}/revisions/"), {"body": "B", "note": "x" * 4001}, "note"),
        (("pia", "POST", "proposals/{id}/revisions/"), {"body": "B", "review_on": "2020-02-30"}, "review_on"),
    ],
}


class Names(dict[str, str]):
    """What an address may name at this step of a story, looked up when it is named."""

    def __init__(self, story: Story) -> None:
        super().__init__(team=story.team, id=story.id)
        self._now = story.snapshot("pia")

    def __missing__(self, name: str) -> str:
        if name == "round":
            return str(self._now["round"]["id"])
        return str(list(self._now[f"{name}s"])[-1])


def sent(client: Any, call: Call, names: dict[str, str], raw: bytes, kind: str = "application/json") -> Any:
    return client.generic(call[1], "/api/v1/" + call[2].format_map(names), data=raw, content_type=kind)


def assert_a_problem(answer: Any, status: int, code: str) -> Json:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.content
    problem = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= problem.keys()
    assert (problem["status"], problem["code"]) == (status, code), problem
    assert problem["detail"]
    return problem


def filled(body: dict[str, Json], story: Story) -> dict[str, Json]:
    return {**body, "answers": {story.objection: "So."}} if "answers" in body else body


@pytest.mark.parametrize("step", WRITTEN)
def test_words_that_are_missing_or_no_words_are_named_and_change_nothing(
    story: Story, circle: Clients, step: str
) -> None:
    names = Names(story.play(until=step))
    before = everything()
    for call, name, body in WRITTEN[step]:
        words: list[Json] = [*AMISS.values(), "x" * (LIMITS.get(name, LONG) + 1)]
        bodies = [{**filled(body, story), name: each} for each in words]
        if call[1] != "PATCH":
            bodies.append(filled(body, story))
        for wrong in bodies:
            answer = sent(circle[call[0]], call, names, json.dumps(wrong).encode())
            problem = assert_a_problem(answer, 400, "invalid")
            assert list(problem["errors"]) == [name], (call, wrong)
    assert everything() == before


@pytest.mark.parametrize("step", SHAPES)
def test_a_wrong_shape_is_named_by_its_field_and_changes_nothing(story: Story, circle: Clients, step: str) -> None:
    names = Names(story.play(until=step))
    before = everything()
    for call, wrong, name in SHAPES[step]:
        problem = assert_a_problem(sent(circle[call[0]], call, names, json.dumps(wrong).encode()), 400, "invalid")
        assert list(problem["errors"]) == [name], (call, wrong)
    assert everything() == before


@pytest.mark.parametrize("step", ["propose", "open", "confirm"])
def test_a_body_that_is_not_one_plain_object_is_refused_at_every_step(story: Story, circle: Clients, step: str) -> None:
    names = Names(story.play(until=step))
    before = everything()
    for call, _, _ in WRITTEN[step][:1]:
        for raw, code, status in UNREADABLE.values():
            assert_a_problem(sent(circle[call[0]], call, names, raw), status, code)
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            assert_a_problem(sent(circle[call[0]], call, names, b"text=x", kind), 415, "unsupported_media_type")
    assert everything() == before


READS = ("", "journal/", "export/", "export.csv", "receipts/")


def addresses() -> list[tuple[str, str, str]]:
    """(method, address, what its id names) of everything that names something by its id."""
    reads = [("GET", f"proposals/<str:id>/{tail}", "proposal") for tail in READS]
    own = [("PATCH", "proposals/<str:id>/", "proposal"), ("DELETE", "proposals/<str:id>/", "proposal")]
    commands = [(m, address, c.names) for address, calls in COMMANDS.items() for m, c in calls.items()]
    opening = [("POST", f"proposals/<str:id>/{tail}/", "proposal") for tail in ("open", "screens")]
    return [*reads, *own, *opening, *commands]


def named(story: Story) -> dict[str, str]:
    now = story.snapshot("pia")
    kinds = ("rounds", "questions", "objections")
    return {"proposal": story.id, **{kind[:-1]: next(iter(now[kind])) for kind in kinds}}


def test_what_belongs_to_another_team_looks_as_if_it_were_not_there(
    story: Story, elsewhere: Story, circle: Clients
) -> None:
    story.play(until="open")
    theirs = named(elsewhere.play(until="object"))
    before = everything()
    for method, address, kind in addresses():
        paths = ["/api/v1/" + address.replace("<str:id>", id) for id in (theirs[kind], new_id())]
        body = b'{"text": "words", "kind": "consent"}'
        answers = [circle["fay"].generic(method, path, data=body, content_type="application/json") for path in paths]
        assert {answer.status_code for answer in answers} == {404}, (method, address)
        assert len({answer.content for answer in answers}) == 1, (method, address)
        assert len({repr(sorted(a.headers.items())) for a in answers}) == 1, (method, address)
    assert everything() == before


@pytest.mark.parametrize("id", ["x", "ü" * 40, "0" * 300, "..%2f..", "'--", "🚢"])
def test_an_id_that_cannot_be_one_is_not_there(circle: Clients, id: str) -> None:
    for path in (f"proposals/{id}/", f"proposals/{id}/journal/"):
        assert circle["fay"].get(f"/api/v1/{path}").status_code == 404
    for path in (f"rounds/{id}/questions/", f"questions/{id}/answer/", f"objections/{id}/confirm/"):
        assert_a_problem(circle["fay"].post(f"/api/v1/{path}", {"text": "words"}), 404, "not_found")


def test_a_nul_in_an_address_is_told_plainly(story: Story, circle: Clients) -> None:
    story.play(until="open")
    for method, address, _ in addresses():
        path = "/api/v1/" + address.replace("<str:id>", "a%00b")
        answer = circle["fay"].generic(method, path, data=b"{}", content_type="application/json")
        assert answer.status_code in (400, 404), (method, address, answer.status_code)


def test_everything_needs_somebody_who_is_signed_in(story: Story, anonymous: Any) -> None:
    ids = named(story.play(until="object"))
    before = everything()
    for method, address, kind in addresses():
        path = "/api/v1/" + address.replace("<str:id>", ids[kind])
        answer = anonymous.generic(method, path, data=b"{}", content_type="application/json")
        assert_a_problem(answer, 401, "not_signed_in")
    assert everything() == before


def test_a_method_that_an_address_does_not_take_is_a_405(story: Story, circle: Clients) -> None:
    ids = named(story.play(until="object"))
    known: dict[str, set[str]] = {}
    for method, address, _ in addresses():
        known.setdefault(address, {"OPTIONS", "HEAD"}).add(method)
    kinds = {address: kind for _, address, kind in addresses()}
    before = everything()
    for address, methods in known.items():
        path = "/api/v1/" + address.replace("<str:id>", ids[kinds[address]])
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            answer = circle["fay"].generic(method, path, data=b"{}", content_type="application/json")
            assert_a_problem(answer, 405, "method_not_allowed")
    assert everything() == before


def test_fields_that_nobody_knows_are_ignored(story: Story, circle: Clients, cast: dict[str, Account]) -> None:
    story.play(until="open")
    body = {"text": "Who keeps the flags?", "by": cast["fay"].pk, "at": "2020-01-01T00:00:00Z", "colour": "red"}
    answer = circle["max"].post(f"/api/v1/rounds/{story.round}/questions/", body)
    (entry,) = answer.json()["entries"]
    assert entry["by"] == cast["max"].pk
    assert entry["at"] > "2026"
    assert "colour" not in json.dumps(entry)


QUERIES = [
    "proposals/?phase=asleep",
    "proposals/?waiting_for=fay",
    "proposals/?q=a%00b",
    "proposals/?cursor=cD1nYXJiYWdl",
    "proposals/?cursor=cD0yMDI2LTEzLTQwVDk5",
    "teams/harbour/proposals/?cursor=cD1nYXJiYWdl",
    "proposals/{id}/journal/?after=-1",
    "proposals/{id}/journal/?after=x",
    "proposals/{id}/journal/?after=99999999999",
    "proposals/{id}/journal/?after=%C2%B2",
    "proposals/{id}/journal/?page_size=201",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_that_makes_no_sense_is_told_so(story: Story, circle: Clients, query: str) -> None:
    story.play(until="open")
    answer = circle["fay"].get("/api/v1/" + query.format(id=story.id))
    assert answer.status_code in (400, 404), answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
