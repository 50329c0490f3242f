"""Journals and what is to be found in each: the same for both verifiers, the Python tool and the page in the browser.

`python -m tests.tools.vectors` writes them anew; a test says when they are behind.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from .journals import SALT, TAMPERINGS, Document, by_hand

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("vectors.json")
TOOL = ROOT / "tools" / "verify_journal.py"
Vector = dict[str, Any]


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_journal", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = tool()

STRANGE = 'a\u2028b\x00c\x7f\ud83d \U0001f6a2 "q" \\ \t'
ODD: dict[str, Any] = {
    "\U0001f6a2": 1,
    "\ufb00": 2,
    "\ue000": -3,
    "__proto__": {"constructor": []},
    "10": True,
    "9": False,
    "big": 123456789012345678901234567890,
    "controls": "\x00\x08\x0b\x0c\n\r\t\x1f\x7f\u2028\u2029/",
    "half": "\udc00\ud800",
    "none": None,
    "empty": {},
    "nested": [{"text": "deep"}, ["deeper"]],
}
"""Whatever two languages might write or sort in two ways: names beyond the first plane, control characters, numbers
too big for one of them, halves of characters, names that mean something to JavaScript."""


def odd() -> Document:
    texts = {path: {"salt": SALT, "text": text} for path, text in {"text": STRANGE, "nested.0": "deep"}.items()}
    committed = {path: {"sha256": VERIFIER.commitment(text)} for path, text in texts.items()}
    data = {**ODD, "text": committed["text"], "nested": [committed["nested.0"], ["deeper"]]}
    entry = {"seq": 1, "event": "ödd", "at": "2026-11-21T14:01:07.123Z", "by": None, "via": None, "prev": "0" * 64}
    whole = {**entry, "data": data, "texts": texts}
    hash = VERIFIER.hash_of("proposal-1", whole)
    return {
        "format": "rondo-journal-1",
        "proposal": "proposal-1",
        "head": {"seq": 1, "hash": hash},
        "entries": [{**whole, "hash": hash}],
    }


def without_texts() -> Document:
    document = by_hand()
    document["entries"][1]["texts"].clear()
    return document


def tampered() -> dict[str, Document]:
    found = {}
    for tamper, _ in TAMPERINGS:
        document = by_hand()
        tamper(document)
        found[tamper.__name__] = document
    return found


def unreadable() -> dict[str, str]:
    sound = json.dumps(by_hand())
    return {
        "nothing": "",
        "no JSON": "{",
        "a list": "[]",
        "something after it": sound + "x",
        "a mark before it": "\ufeff" + sound,
        "another format": sound.replace("rondo-journal-1", "rondo-journal-9"),
        "no head": json.dumps({**by_hand(), "head": None}),
        "no entries": json.dumps({**by_hand(), "entries": {}}),
        "an entry that is none": json.dumps({**by_hand(), "entries": [1]}),
        "a number that is no whole one": sound.replace('"seq": 2', '"seq": 2.0'),
        "a number with an exponent": sound.replace('"seq": 2', '"seq": 2e0'),
        "a number that begins with nought": sound.replace('"seq": 2', '"seq": 02'),
        "no number": sound.replace('"seq": 2', '"seq": NaN'),
        "true for a number": sound.replace('"seq": 1,', '"seq": true,'),
        "a name twice": sound.replace('"by": "fay"', '"by": "fay", "by": "eve"'),
        "a text without salt": sound.replace(f'"salt": "{SALT}", ', ""),
        "a line break in a text": sound.replace("Until when?", "Until\nwhen?"),
        "an escape that is none": sound.replace("Until when?", "Until\\x41when?"),
        "a comma too many": sound.replace("}],", "},],").replace("}]}", "},]}"),
        "an entry without its maker": sound.replace('"by": "fay", ', ""),
    }


def made() -> list[Vector]:
    """Every vector, with what the tool finds in it."""
    receipts = [f"4:{by_hand()['entries'][3]['hash'][:32]}", "4:0000", "9:aaaa"]
    documents = {"sound": by_hand(), "odd": odd(), "without texts": without_texts(), **tampered()}
    texts = {name: json.dumps(document) for name, document in documents.items()} | unreadable()
    texts["sound, in another form"] = json.dumps(by_hand(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return [_vector(name, text, receipts) for name, text in texts.items()]


def _vector(name: str, text: str, receipts: list[str]) -> Vector:
    try:
        document = VERIFIER.read(text)
    except VERIFIER.Unreadable:
        return {"name": name, "text": text, "readable": False}
    return {
        "name": name,
        "text": text,
        "readable": True,
        "faults": _found(document),
        "hidden": VERIFIER.unopened(document["entries"]),
        "hashes": [VERIFIER.hash_of(document["proposal"], entry) for entry in document["entries"]],
        "receipts": {noted: _found(document, noted) == _found(document) for noted in receipts},
    }


def _found(document: Document, *receipts: str) -> list[str]:
    found: list[str] = VERIFIER.faults(document, [VERIFIER.receipt(noted) for noted in receipts])
    return found


def written() -> str:
    return json.dumps(made(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written())
