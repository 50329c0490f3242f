"""The last guard: the database refuses to change the journal; verification finds and names what was changed."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from conventions import clock
from conventions.ids import new_id
from decisions import entries, journal, models, store
from decisions.append_only import ENTRY, TEXT

from .rows import everything, owning, without_rules
from .story import Story

VERIFIER = str(Path(__file__).parents[2] / "tools" / "verify_journal.py")
TOLD = models.ToldEntry._meta.db_table
PROPOSAL = models.Proposal._meta.db_table


def sql(statement: str) -> None:
    """As whoever owns the tables: what they may not do, nobody may."""
    with transaction.atomic(), owning() as cursor:
        cursor.execute(statement)


REFUSED = [
    f"UPDATE {ENTRY} SET data = '{{}}' WHERE seq = 1",
    f"UPDATE {ENTRY} SET hash = hash WHERE seq = 2",
    f"UPDATE {ENTRY} SET by_id = NULL",
    f"DELETE FROM {ENTRY} WHERE seq > 2",
    f"DELETE FROM {ENTRY}",
    f"UPDATE {TEXT} SET text = 'Something else.'",
    f"UPDATE {TEXT} SET text = NULL, salt = 'another'",
    f"UPDATE {TEXT} SET text = NULL, salt = NULL, path = 'elsewhere'",
    f"DELETE FROM {TEXT}",
]


def test_the_database_refuses_to_change_or_delete_an_entry_or_a_text(story: Story) -> None:
    story.play(until="ask_a_question")
    before = everything()
    for statement in REFUSED:
        with pytest.raises(DatabaseError, match=r"append-only|only be erased"):
            sql(statement)
    assert everything() == before


def test_the_journal_cannot_be_emptied_at_a_stroke(story: Story) -> None:
    story.play(until="open")
    before = everything()
    for table in (ENTRY, TEXT):
        with pytest.raises(DatabaseError):  # SQLite knows no TRUNCATE, and refuses it as what it is not
            sql(f"TRUNCATE {table} CASCADE")
    assert everything() == before


def again(row: Any, **changes: Any) -> Any:
    """A new row that is the same as this one but for its key."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    key = {"id": new_id()} if isinstance(row.pk, str) else {}
    return type(row)(**{**key, **values, **changes})


TWICE: dict[Any, dict[str, Any]] = {
    models.JournalEntry: {},
    models.JournalText: {},
    models.Revision: {},
    models.Participant: {},
    models.Round: {"closed_at": None, "outcome": None},
    models.Reaction: {},
    models.Response: {},
    models.Objection: {"status": "standing", "answer": None},
}


def test_the_database_refuses_what_there_can_only_be_once(story: Story) -> None:
    story.play(until="object")
    for model, changes in TWICE.items():
        row = model.objects.order_by("pk").last()
        with pytest.raises(DatabaseError), transaction.atomic():
            again(row, **changes).save(force_insert=True)


IMPOSSIBLE: list[tuple[type[Any], dict[str, Any]]] = [
    (models.Proposal, {"phase": "decided"}),
    (models.Proposal, {"phase": "adopted"}),
    (models.Proposal, {"phase": "draft"}),
    (models.Proposal, {"seq": 0}),
    (models.Round, {"kind": "voting"}),
    (models.Round, {"closed_at": None}),
    (models.Response, {"kind": "abstention"}),
    (models.Response, {"kind": "consent"}),
    (models.Response, {"text": ""}),
    (models.Response, {"text": None}),
    (models.Objection, {"reason": ""}),
    (models.Objection, {"status": "overruled"}),
    (models.Objection, {"status": "answered"}),
]


def test_the_database_refuses_what_cannot_be(story: Story) -> None:
    story.play(until="return_now")
    for model, wrong in IMPOSSIBLE:
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**wrong)


def test_a_number_is_given_once_in_a_team(story: Story) -> None:
    story.play(until="open")
    another = Story(story.ask, story.team, story.people).play(until="open")
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Proposal.objects.filter(pk=another.id).update(number=1)


def test_whoever_said_something_in_a_decision_cannot_be_deleted(story: Story) -> None:
    story.play(until="object")
    author = models.Proposal.objects.get(pk=story.id).author
    with pytest.raises(ProtectedError):
        author.delete()


def verified(*ids: str) -> str:
    """What the command prints; where it finds faults, with its last words."""
    out = StringIO()
    try:
        call_command("verify_journal", *ids, stdout=out)
    except CommandError as end:
        return f"{out.getvalue()}{end} [{end.returncode}]"
    return out.getvalue()


FORGED = '{"a":1}'
TAMPERED: dict[str, tuple[list[str], str]] = {
    "an entry's contents": (
        [f"UPDATE {ENTRY} SET data = REPLACE(data, 'false', 'true') WHERE seq = 5"],
        "entry 5 (cleared) was changed: its hash does not fit",
    ),
    "who it was": (
        [f"UPDATE {ENTRY} SET by_id = (SELECT author_id FROM {PROPOSAL}) WHERE seq = 5"],
        "entry 5 (cleared) was changed",
    ),
    "by what way": ([f"UPDATE {ENTRY} SET via = 'token:holder' WHERE seq = 5"], "entry 5 (cleared) was changed"),
    "what it was": ([f"UPDATE {ENTRY} SET event = 'consented' WHERE seq = 5"], "entry 5 (consented) was changed"),
    "something unknown": ([f"UPDATE {ENTRY} SET event = 'overruled' WHERE seq = 5"], "entry 5 (overruled) was changed"),
    "contents that are none": ([f"UPDATE {ENTRY} SET data = 'x' WHERE seq = 5"], "entry 5 (cleared) was changed"),
    "its hash": ([f"UPDATE {ENTRY} SET hash = prev WHERE seq = 5"], "entry 5 (cleared) was changed"),
    "its place": ([f"UPDATE {ENTRY} SET prev = hash WHERE seq = 5"], "entry 5 does not follow the entry before it"),
    "an entry gone": (
        [f"DELETE FROM {TOLD} WHERE entry_id IN (SELECT id FROM {ENTRY} WHERE seq = 5)",
         f"DELETE FROM {ENTRY} WHERE seq = 5"],
        "entry 5 is missing: the next one is 6",
    ),
    "the end cut off": (
        [f"DELETE FROM {TOLD} WHERE entry_id IN (SELECT id FROM {ENTRY} WHERE seq = 8)",
         f"DELETE FROM {ENTRY} WHERE seq = 8"],
        "the proposal's head, entry 8, is not the end of the journal",
    ),
    "the end cut off and the head with it": (
        [f"DELETE FROM {TOLD} WHERE entry_id IN (SELECT id FROM {ENTRY} WHERE seq = 8)",
         f"UPDATE {PROPOSAL} SET seq = 7, head = (SELECT prev FROM {ENTRY} WHERE seq = 8)",
         f"DELETE FROM {ENTRY} WHERE seq = 8"],
        "the rows differ from the journal: rounds",
    ),
    "somebody's words": (
        [f"UPDATE {TEXT} SET text = 'Nobody.' WHERE entry_id = (SELECT id FROM {ENTRY} WHERE seq = 3)"],
        "entry 3 (question_asked) has a text at text that is not the one that was recorded",
    ),
    "a text gone without a trace": (
        [f"DELETE FROM {TEXT} WHERE entry_id = (SELECT id FROM {ENTRY} WHERE seq = 3)"],
        "entry 3 (question_asked) has lost its text at text",
    ),
    "what everybody is told": (
        [f"UPDATE {TOLD} SET told = REPLACE(told, 'keeps', 'sells') "
         f"WHERE entry_id = (SELECT id FROM {ENTRY} WHERE seq = 3)"],
        "entry 3 (question_asked) is told otherwise than it was recorded",
    ),
    "a row": ([f"UPDATE {PROPOSAL} SET author_id = facilitator_id"], "the rows differ from the journal: author"),
    "another row": (
        [f"UPDATE {models.Question._meta.db_table} SET answer = 'No.'"],
        "the rows differ from the journal: questions",
    ),
}  # fmt: skip


def test_whatever_is_tampered_with_is_found_and_named(story: Story) -> None:
    story.play(until="clear")
    for what, (statements, words) in TAMPERED.items():
        assert verified() == "1 journal checked: all sound.\n"
        with transaction.atomic():
            without_rules(*statements)
            found = verified(story.id)
            assert f"{story.id}: {words}" in found, (what, found)
            assert found.endswith("1 of 1 journal with faults. [1]")
            transaction.set_rollback(True)


def test_a_journal_rewritten_with_fitting_hashes_no_longer_leads_to_the_rows(story: Story) -> None:
    story.play(until="clear")
    with transaction.atomic():
        without_rules()
        row = models.Proposal.objects.get(pk=story.id)
        forged, prev = [], journal.START
        for entry in entries.of(row.pk):
            by = story.people["fay"] if entry.event == "question_asked" else entry.by
            made = (entry.seq, entry.event, entry.at, by, entry.via, entry.data, prev)
            forged.append((entry.seq, by, prev, journal.entry_hash(row.pk, *made)))
            prev = forged[-1][-1]
        without_rules(
            *(f"UPDATE {ENTRY} SET by_id='{b}', prev='{p}', hash='{h}' WHERE seq={n}" for n, b, p, h in forged),
            f"UPDATE {PROPOSAL} SET head = '{prev}'",
        )
        found = store.faults(models.Proposal.objects.get(pk=story.id))
        assert "the rows differ from the journal: questions" in found
        transaction.set_rollback(True)


def test_a_text_can_be_erased_and_the_chain_still_verifies(story: Story) -> None:
    story.play()
    before = [entry.hash for entry in entries.of(story.id)]
    sql(f"UPDATE {TEXT} SET text = NULL, salt = NULL")
    assert verified() == "1 journal checked: all sound.\n"
    assert [entry.hash for entry in entries.of(story.id)] == before
    document = story.does("fay", "GET", f"proposals/{story.id}/export/")
    assert not any(entry["texts"] for entry in document["entries"])


def test_sealed_answers_can_be_erased_and_the_chain_still_verifies(story: Story) -> None:
    story.play(until="react").ask_for_consent(sealed=True)
    story.respond("max", "objection", text="Risk.", suggestion="Less.")
    story.respond("fay", "concern", text="Hm.")
    sql(f"UPDATE {TEXT} SET text = NULL, salt = NULL")
    assert verified() == "1 journal checked: all sound.\n"


def test_an_erased_text_does_not_hide_that_somebody_elses_was_changed(story: Story) -> None:
    story.play(until="react")
    sql(f"UPDATE {TEXT} SET text = NULL, salt = NULL WHERE path = 'body'")
    models.Reaction.objects.filter(text="Curious.").update(text="Furious.")
    with transaction.atomic():
        assert "the rows differ from the journal: reactions" in verified()
    models.Reaction.objects.filter(text="Furious.").update(text="Curious.")


def test_verification_counts_what_it_checked_and_leaves_drafts_alone(story: Story) -> None:
    assert verified() == "0 journals checked: all sound.\n"
    story.play(until="propose")
    assert verified() == "0 journals checked: all sound.\n"
    story.open()
    another = Story(story.ask, story.team, story.people).play(until="open")
    assert verified() == "2 journals checked: all sound.\n"
    assert verified(another.id) == "1 journal checked: all sound.\n"
    assert verified("nobody", another.id) == "No proposal with a journal has the id nobody. [2]"


def test_verifying_a_journal_takes_a_dozen_questions_to_the_database_however_long_it_is(story: Story) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert store.verified(story.id) == []
        return len(queries)

    story.play(until="open")
    short = asked()
    story.ask_a_question()
    for _, step in story.steps()[3:]:
        step()
    assert asked() == short <= 12


def test_the_exported_journal_is_what_the_interface_exports(story: Story) -> None:
    story.play()
    out = StringIO()
    call_command("export_journal", story.id, stdout=out)
    document = json.loads(out.getvalue())
    assert document == story.does("fay", "GET", f"proposals/{story.id}/export/")
    assert document["format"] == "rondo-journal-1"
    assert document["head"] == {"seq": 31, "hash": document["entries"][-1]["hash"]}
    with pytest.raises(CommandError, match="No proposal with a journal"):
        call_command("export_journal", "nobody", stdout=out)


def verified_alone(story: Story, *words: str) -> tuple[int, str]:
    """What the verifier that needs nothing but Python says of the exported journal."""
    out = StringIO()
    call_command("export_journal", story.id, stdout=out)
    command = [sys.executable, VERIFIER, *words]
    told = subprocess.run(command, input=out.getvalue(), capture_output=True, text=True, check=False)
    return told.returncode, told.stdout + told.stderr


def test_the_verifier_that_stands_alone_agrees(story: Story) -> None:
    story.play(until="react").ask_for_consent(sealed=True)
    story.respond("max", "objection", text='Größere Gefahr \u2028 \U0001f6a2 "so".', suggestion="Less.")
    story.respond("fay", "concern", text="Hm.")
    assert verified_alone(story)[0] == 0
    story.respond("pia")
    receipt = f"{story.seen[4]['seq']}:{story.seen[4]['hash'][:10]}"
    assert verified_alone(story, "--receipt", receipt)[0] == 0
    sql(f"UPDATE {TEXT} SET text = NULL, salt = NULL WHERE path <> 'body'")
    assert verified_alone(story, "--receipt", receipt)[0] == 0
    with transaction.atomic():
        without_rules(f"UPDATE {TEXT} SET text = 'Else.' WHERE path = 'body'")
        assert verified_alone(story)[0] == 1
        transaction.set_rollback(True)


def test_a_reader_never_sees_half_of_a_command(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.play(until="open")
    row = models.Proposal.objects.select_related("team").get(pk=story.id)
    read = store.read
    store._known.clear()

    def read_while_somebody_writes(row: models.Proposal) -> Any:
        monkeypatch.setattr(store, "read", read)
        state = read(row)
        story.ask_a_question()
        store._known.clear()
        return state

    monkeypatch.setattr(store, "read", read_while_somebody_writes)
    seen = store.look(row)
    assert (seen.seq, row.seq, len(seen.questions)) == (3, 3, 1)
    assert seen == store.read(models.Proposal.objects.get(pk=story.id))


def test_times_are_kept_to_the_millisecond_that_the_hash_covers(story: Story) -> None:
    story.play(until="open")
    assert all(entry.at == clock.in_milliseconds(entry.at) for entry in entries.of(story.id))
