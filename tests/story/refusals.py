"""What is refused after each step of the story, by whom it is tried, and with which code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.decisions.story import Story

Json = Any


@dataclass(frozen=True)
class Bad:
    """A call that must change nothing. `path` may name {id}, {round}, {first}, {question} and {objection}."""

    who: str
    method: str
    path: str
    body: Json
    status: int
    code: str


def post(who: str, path: str, body: Json, status: int, code: str) -> Bad:
    return Bad(who, "POST", path, body, status, code)


def put(who: str, body: Json, status: int, code: str, round: str = "{round}") -> Bad:
    return Bad(who, "PUT", f"rounds/{round}/response/", body, status, code)


QUESTIONS, CLEAR, REACTIONS = "rounds/{round}/questions/", "rounds/{round}/clear/", "rounds/{round}/reactions/"
ASK, REVISIONS, RETURN = "proposals/{id}/ask-for-consent/", "proposals/{id}/revisions/", "proposals/{id}/return/"
RESTATE, CONFIRM = "objections/{objection}/restate/", "objections/{objection}/confirm/"
TEXT = {"text": "Some words."}
CONSENT = {"kind": "consent"}
BETTER = {"body": "Better.", "on": "1"}
TOO_LONG = {"text": "a" * 4_001}
DEEP = b'{"text":' + b"[" * 40 + b"]" * 40 + b"}"

REFUSED: dict[str, list[Bad]] = {
    "propose": [
        Bad("max", "GET", "proposals/{id}/", None, 404, "not_found"),
        post("max", "proposals/{id}/open/", {}, 404, "not_found"),
        Bad("pia", "PATCH", "proposals/{id}/", {"title": " "}, 400, "invalid"),
        post("pia", "proposals/{id}/open/", {"due_at": "tomorrow"}, 400, "invalid"),
        post("pia", "proposals/{id}/open/", {"facilitator": "nobody"}, 400, "invalid"),
        post("pia", "proposals/{id}/open/", b"{", 400, "malformed"),
    ],
    "open": [
        Bad("eve", "GET", "proposals/{id}/", None, 404, "not_found"),
        Bad("eve", "GET", "proposals/{id}/journal/", None, 404, "not_found"),
        Bad("eve", "GET", "proposals/{id}/export/", None, 404, "not_found"),
        post("eve", QUESTIONS, TEXT, 404, "not_found"),
        post("obi", QUESTIONS, TEXT, 403, "not_a_participant"),
        post("pia", QUESTIONS, TEXT, 403, "not_the_author"),
        post("max", QUESTIONS, {"text": " \n "}, 400, "invalid"),
        post("max", QUESTIONS, {"text": "a\0b"}, 400, "malformed"),
        post("max", QUESTIONS, {"text": ["a"]}, 400, "invalid"),
        post("max", QUESTIONS, TOO_LONG, 400, "invalid"),
        post("max", QUESTIONS, [], 400, "malformed"),
        post("max", QUESTIONS, b'{"text": NaN}', 400, "malformed"),
        post("max", QUESTIONS, DEEP, 400, "malformed"),
        post("max", QUESTIONS, b'{"text": "' + b"a" * 300_000 + b'"}', 413, "too_large"),
        post("max", "rounds/nowhere/questions/", TEXT, 404, "not_found"),
        post("pia", CLEAR, {}, 403, "not_the_author"),
        post("max", REACTIONS, TEXT, 409, "wrong_phase"),
        put("max", CONSENT, 409, "wrong_phase"),
        post("pia", "proposals/{id}/open/", {}, 409, "wrong_phase"),
        Bad("pia", "PATCH", "proposals/{id}/", {"title": "Another"}, 409, "wrong_phase"),
        Bad("pia", "DELETE", "proposals/{id}/", None, 409, "wrong_phase"),
    ],
    "ask_a_question": [
        post("max", CLEAR, {}, 409, "question_open"),
        post("fay", "questions/{question}/answer/", TEXT, 403, "only_the_author"),
        post("pia", "questions/{question}/answer/", {"text": ""}, 400, "invalid"),
        post("pia", "questions/{question}/answer/", {**TEXT, "on": "another"}, 409, "round_closed"),
        Bad("fay", "DELETE", "questions/{question}/", None, 403, "only_its_asker"),
    ],
    "answer_it": [
        Bad("max", "DELETE", "questions/{question}/", None, 409, "nothing_given"),
        post("fay", CLEAR, {"nothing_to_add": "perhaps"}, 400, "invalid"),
        post("fay", CLEAR, {"nothing_to_add": True}, 409, "first_revision"),
    ],
    "clear": [
        post("max", "rounds/{first}/questions/", TEXT, 409, "round_closed"),
        post("max", REACTIONS, {}, 400, "invalid"),
        post("obi", "rounds/{round}/pass/", {}, 403, "not_a_participant"),
        post("pia", ASK, {}, 409, "wrong_phase"),
    ],
    "react": [
        post("max", ASK, {"on": "1"}, 403, "only_the_author"),
        post("pia", ASK, {"on": "2"}, 409, "revision_replaced"),
        post("pia", ASK, {"on": "1", "due_at": "2020-01-01T00:00:00Z"}, 400, "invalid"),
        post("pia", REVISIONS, {"body": " ", "on": "1"}, 400, "invalid"),
        post("fay", REVISIONS, {"body": "Mine.", "on": "1"}, 403, "only_the_author"),
    ],
    "ask_for_consent": [
        put("max", {"kind": "abstain"}, 400, "invalid"),
        put("max", {"kind": "objection"}, 400, "invalid"),
        put("max", {"kind": "objection", "text": " "}, 400, "invalid"),
        put("max", {"kind": "concern"}, 400, "invalid"),
        put("obi", CONSENT, 403, "not_a_participant"),
        put("eve", CONSENT, 404, "not_found"),
        post("fay", RETURN, {"on": "{round}"}, 409, "no_objection"),
        Bad("max", "DELETE", "rounds/{round}/response/", None, 409, "nothing_given"),
        post("pia", REVISIONS, {"body": "Other words."}, 409, "wrong_phase"),
    ],
    "object": [
        post("max", RETURN, {"on": "{round}"}, 403, "only_the_facilitator"),
        post("fay", "objections/{objection}/withdraw/", {}, 403, "only_its_objector"),
        post("fay", RESTATE, TEXT, 403, "only_the_author"),
        post("max", CONFIRM, {}, 409, "not_restated"),
        post("eve", CONFIRM, {}, 404, "not_found"),
    ],
    "return_now": [
        put("max", CONSENT, 409, "round_closed", "{first}"),
        post("pia", REVISIONS, BETTER, 409, "unanswered_objections"),
        post("pia", REVISIONS, BETTER | {"answers": {"{objection}": " "}}, 409, "unanswered_objections"),
        post("pia", REVISIONS, BETTER | {"answers": "none"}, 400, "invalid"),
        post("pia", ASK, {"on": "1"}, 409, "wrong_phase"),
        post("pia", RESTATE, {"text": ""}, 400, "invalid"),
    ],
    "restate": [
        post("fay", CONFIRM, {}, 403, "only_its_objector"),
        post("pia", CONFIRM, {}, 403, "only_its_objector"),
        post("max", CONFIRM, {"heard": "perhaps"}, 400, "invalid"),
    ],
    "confirm": [
        post("pia", REVISIONS, BETTER | {"on": "2", "answers": {"{objection}": "So."}}, 409, "revision_replaced"),
        post("max", REVISIONS, BETTER, 403, "only_the_author"),
    ],
    "revise": [
        post("pia", REVISIONS, {"body": "Again.", "on": "1"}, 409, "revision_replaced"),
        put("max", CONSENT, 409, "round_closed", "{first}"),
        post("max", "objections/{objection}/withdraw/", {}, 409, "wrong_phase"),
    ],
    "second_rounds": [
        post("max", "rounds/{first}/questions/", TEXT, 409, "round_closed"),
        post("fay", RETURN, {"on": "{round}"}, 409, "no_objection"),
        post("pia", "proposals/{id}/withdraw/", {"on": "another"}, 409, "round_closed"),
    ],
    "adopt": [
        put("max", {"kind": "objection", "text": "Now."}, 409, "round_closed", "{first}"),
        post("pia", REVISIONS, {"body": "Again."}, 409, "wrong_phase"),
        post("pia", ASK, {}, 409, "wrong_phase"),
        post("pia", "proposals/{id}/withdraw/", {}, 409, "wrong_phase"),
    ],
}


def refusals(step: str, story: Story) -> list[Bad]:
    """Those of this step, with the names in their addresses filled in."""
    now = story.snapshot("pia")
    names = {
        "id": story.id,
        "round": (now["round"] or {}).get("id", "none"),
        "first": next(iter(now["rounds"]), "none"),
        "question": next(iter(now["questions"]), "none"),
        "objection": next(iter(now["objections"]), "none"),
    }
    return [filled(bad, lambda text: text.format(**names)) for bad in REFUSED[step]]


def filled(bad: Bad, fill: Callable[[str], str]) -> Bad:
    def deep(value: Json) -> Json:
        if isinstance(value, dict):
            return {fill(key): deep(item) for key, item in value.items()}
        return fill(value) if isinstance(value, str) else value

    return Bad(bad.who, bad.method, fill(bad.path), deep(bad.body), bad.status, bad.code)
