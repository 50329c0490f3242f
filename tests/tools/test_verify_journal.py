"""The stand-alone verifier: whatever is changed in an exported journal is found, and named by its entry."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conventions.clock import rfc3339
from decisions import journal
from decisions.process.events import EVENTS, Event
from decisions.process.state import Answer
from tests.process.story import FAY, MAX, PIA, Story

from .journals import SALT, TAMPERINGS, Document, by_hand, chained, committed
from .vectors import FILE, ODD, TOOL, VERIFIER, made, written


def verify(document: Any, *words: str) -> tuple[int, str]:
    """Runs the tool by itself, with Python's isolated mode: nothing of Rondo is in its reach."""
    text = document if isinstance(document, str) else json.dumps(document)
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(TOOL), *words],
        input=text.encode(),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert run.stderr == b"" or run.returncode == 2
    return run.returncode, run.stdout.decode()


# ── the form ──────────────────────────────────────────────────────────────────────────────────────────────────────

PLAIN = st.none() | st.booleans() | st.integers() | st.text()
ANYTHING = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(st.dictionaries(st.text(), ANYTHING))
@settings(max_examples=50)
@example(ODD)
def test_rondo_and_the_tool_give_the_same_content_the_same_hash(data: dict[str, Any]) -> None:
    at = datetime(2026, 11, 21, 14, 1, 7, 123000, UTC)
    entry = {"seq": 1, "event": "ödd", "at": rfc3339(at), "by": None, "via": "é", "prev": "0" * 64, "data": data}
    ours = journal.entry_hash("proposal-1", 1, "ödd", at, None, "é", data, "0" * 64)
    assert ours == VERIFIER.hash_of("proposal-1", entry)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_no_event_holds_a_fraction_which_others_may_write_otherwise(event: type[Event]) -> None:
    assert '"type": "number"' not in json.dumps(msgspec.json.schema(event))


# ── sound ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sound_journal_ends_with_0() -> None:
    code, told = verify(by_hand())
    assert code == 0, told
    assert "5 entries" in told
    assert "Sound" in told


def test_it_reads_a_file_or_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "journal.json"
    file.write_text(json.dumps(by_hand(), ensure_ascii=False, indent=2), encoding="utf-8")
    assert verify("", str(file))[0] == verify(by_hand(), "-")[0] == 0


def test_an_erased_or_sealed_text_is_counted_and_the_chain_still_verifies() -> None:
    document = by_hand()
    del document["entries"][1]["texts"]["text"]
    document["entries"][0]["texts"].clear()
    code, told = verify(document)
    assert code == 0
    assert "3 recorded texts are not in this document" in told


def test_a_journal_without_entries_is_sound() -> None:
    empty = {**by_hand(), "entries": [], "head": {"seq": 0, "hash": "0" * 64}}
    assert verify(empty)[0] == 0


def test_texts_in_lists_and_mappings_are_found_by_their_dotted_path() -> None:
    document = by_hand()
    revised = document["entries"][4]
    revised["data"]["answers"] = {"objection-1": committed("so")}
    revised["data"]["given"] = [{"by": "max", "text": committed("thus")}]
    texts = {"answers.objection-1": "so", "given.0.text": "thus"}
    revised["texts"] = {path: {"salt": SALT, "text": text} for path, text in texts.items()}
    assert verify(chained(document))[0] == 0
    revised["texts"]["given.0.text"]["text"] = "otherwise"
    code, told = verify(document)
    assert code == 1
    assert "the text at given.0.text is not the one that was recorded" in told


def test_what_rondo_exports_is_what_the_tool_verifies() -> None:
    story = Story().to_revising(MAX)
    story.revises(note="I heard Max")
    story.to_consent(sealed=True)
    story.objects_sealed(FAY)
    story.consents(PIA)
    entries: list[journal.Entry] = []
    for seq, event in enumerate(story.journal, 1):
        prev = entries[-1].hash if entries else journal.START
        entries.append(journal.enter("proposal", seq, event, None, prev))
    document = json.loads(json.dumps(journal.exported("proposal", entries)))
    code, told = verify(document)
    assert code == 0, told
    assert "2 recorded texts are not in this document" in told
    document["entries"][4]["by"] = "eve"
    assert verify(document)[0] == 1


# ── tampering ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("tamper", "named"), TAMPERINGS, ids=lambda one: getattr(one, "__name__", ""))
def test_tampering_is_found_and_named(tamper: Callable[[Document], None], named: str) -> None:
    document = by_hand()
    tamper(document)
    code, told = verify(document)
    assert code == 1
    assert named in told
    assert "Broken" in told


# ── the other verifier ──────────────────────────────────────────────────────────────────────────────────────


def test_what_the_page_in_the_browser_is_measured_by_is_what_this_tool_finds() -> None:
    assert FILE.read_text() == written(), "python -m tests.tools.vectors"
    vectors = {vector["name"]: vector for vector in made()}
    assert vectors["sound"]["faults"] == vectors["odd"]["faults"] == vectors["without texts"]["faults"] == []
    assert all(vectors[tamper.__name__]["faults"] for tamper, _ in TAMPERINGS)
    assert sum(not vector["readable"] for vector in vectors.values()) == 20


# ── receipts ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rewritten_chain_is_found_by_a_receipt_alone() -> None:
    document = by_hand()
    noted = f"4:{document['entries'][3]['hash'][:8]}"
    document["entries"][2]["by"] = "eve"
    chained(document, since=3)
    assert verify(document)[0] == 0
    code, told = verify(document, "--receipt", noted)
    assert code == 1
    assert f"receipt {noted}: entry 4 has the hash" in told


def test_receipts_that_fit_are_said_to_fit() -> None:
    document = by_hand()
    receipts = [f"{e['seq']}:{e['hash'][:n].upper()}" for e, n in zip(document["entries"], (8, 12, 64), strict=False)]
    code, told = verify(document, *(word for noted in receipts for word in ("--receipt", noted)))
    assert code == 0
    assert "3 of 3 receipts fit" in told


def test_a_receipt_in_its_long_form_fits_its_own_proposal_alone() -> None:
    document = by_hand("7h2k9d4m7h2k9d4m")
    noted = f"rondo:{document['proposal']}:4:{document['entries'][3]['hash'][:32]}"
    assert verify(document, "--receipt", noted)[0] == 0
    code, told = verify(by_hand(), "--receipt", noted)
    assert code == 1
    assert "it is one of another proposal, 7h2k9d4m7h2k9d4m" in told


def test_a_receipt_for_an_entry_that_is_gone_does_not_fit() -> None:
    document = by_hand()
    noted = f"5:{document['entries'][4]['hash']}"
    del document["entries"][4]
    code, told = verify(chained(document), "--receipt", noted)
    assert code == 1
    assert "there is no entry 5" in told


def mailed(tmp_path: Path, *lines: str) -> tuple[str, str]:
    """A checkpoint with these lines, as somebody's mailbox may save it: nothing of it can be read as it lies there."""
    mail = EmailMessage()
    mail.set_content("Stände der Protokolle\n\n" + "\n".join(lines), cte="base64")
    (tmp_path / "checkpoint.eml").write_bytes(bytes(mail))
    return "--mail", str(tmp_path / "checkpoint.eml")


def test_a_rewritten_chain_is_found_by_a_checkpoint_that_a_steward_was_mailed(tmp_path: Path) -> None:
    document = by_hand("7h2k9d4m7h2k9d4m")
    mine = f"rondo:{document['proposal']}:5:{document['entries'][4]['hash'][:32]}"
    mail = mailed(tmp_path, f"rondo:{'a' * 16}:2:{'0' * 32}", mine)
    code, told = verify(document, *mail)
    assert code == 0
    assert "1 of 1 receipts fit" in told
    document["entries"][2]["by"] = "eve"
    chained(document, since=3)
    assert verify(document)[0] == 0
    code, told = verify(document, *mail)
    assert code == 1
    assert "entry 5 has the hash" in told
    assert "the chain was rewritten" in told


def test_a_checkpoint_that_does_not_name_the_journal_says_nothing_of_it(tmp_path: Path) -> None:
    code, told = verify(by_hand("7h2k9d4m7h2k9d4m"), *mailed(tmp_path, f"rondo:{'a' * 16}:2:{'0' * 32}"))
    assert code == 2
    assert "names no entry of this journal" in told


@pytest.mark.parametrize("noted", ["", "4", "4:", ":abc", "four:abc", "4:xyz", "4:" + "a" * 65, "rondo:4:abc"])
def test_what_is_no_receipt_is_said_to_be_none(noted: str) -> None:
    assert verify(by_hand(), "--receipt", noted)[0] == 2


# ── unreadable ───────────────────────────────────────────────────────────────────────────────────────────────


def without(name: str) -> str:
    document = by_hand()
    del document["entries"][1][name]
    return json.dumps(document)


UNREADABLE = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "another format": json.dumps({**by_hand(), "format": "rondo-journal-9"}),
    "no entries": json.dumps({"format": "rondo-journal-1", "proposal": "p", "head": {"seq": 0, "hash": ""}}),
    "no head": json.dumps({**by_hand(), "head": None}),
    "an entry that is none": json.dumps({**by_hand(), "entries": [1]}),
    "a number that is no whole one": json.dumps(by_hand()).replace('"seq": 2', '"seq": 2.0'),
    "true for a number": json.dumps(by_hand()).replace('"seq": 1,', '"seq": true,'),
    "a name twice": json.dumps(by_hand()).replace('"by": "fay"', '"by": "fay", "by": "eve"'),
    "a text without salt": json.dumps(by_hand()).replace(f'"salt": "{SALT}", ', ""),
    "too deep": "[" * 100_000,
    **{f"an entry without {name}": without(name) for name in ("seq", "event", "by", "prev", "hash", "texts")},
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_journal_ends_with_2(text: str) -> None:
    code, told = verify(text)
    assert code == 2
    assert told.startswith("Not readable: ")


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    assert verify("", str(tmp_path / "none.json"))[0] == 2
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{}")
    assert verify("", str(tmp_path / "bytes.json"))[0] == 2


def test_the_tool_imports_nothing_but_pythons_own() -> None:
    imports = [line.split()[1] for line in TOOL.read_text().splitlines() if line.startswith(("import ", "from "))]
    assert set(imports) <= set(sys.stdlib_module_names) | {"__future__"}


@pytest.mark.parametrize("kind", list(Answer))
def test_a_sealed_answer_is_not_in_what_is_exported(kind: Answer) -> None:
    story = Story().to_consent(sealed=True)
    story.objects_sealed(MAX, kind=kind, text="a secret of Max")
    last = journal.enter("proposal", 1, story.journal[-1], None, journal.START)
    exported = journal.exported("proposal", [last])
    assert "a secret of Max" not in json.dumps(exported)
    assert verify(exported)[0] == 0
