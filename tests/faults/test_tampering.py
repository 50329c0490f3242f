"""R15: twelve things that somebody with the database in their hands may do, each found by the means named for it.

`chain`, `texts`, `head` and `rows` are what `manage.py verify_journal` looks at. Who rewrites all of that as well is
found by what people kept: their receipts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from django.db import connection, transaction

from decisions import entries, journal, models, store
from decisions.append_only import ENTRY, TEXT
from decisions.process.events import EVENTS
from tests.decisions.conftest import Clients
from tests.decisions.rows import owning, without_rules
from tests.decisions.story import Story
from tests.faults.run import Run, running

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

TOLD, RESPONSE = models.ToldEntry._meta.db_table, models.Response._meta.db_table
FAR = 50_000  # a number that no entry has
CHAIN, TEXTS, HEAD, ROWS, RECEIPT = "chain", "texts", "head", "rows", "receipt"
SAYS = {
    CHAIN: ("its hash does not fit", "does not follow the entry before it", "is missing: the next one is"),
    TEXTS: ("is not the one that was recorded", "has lost its text"),
    HEAD: ("is not the end of the journal",),
    ROWS: ("the rows differ from the journal",),
}


@dataclass(frozen=True)
class Scene:
    """Two adopted decisions and a third one under way, with the receipt that Max kept of what he said last."""

    id: str
    other: str
    last: int
    people: dict[str, str]


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def at(scene: Scene, seq: int) -> str:
    return f"proposal_id = '{scene.id}' AND seq = {seq}"


def gone(scene: Scene, seq: int) -> None:
    entry = f"(SELECT id FROM {ENTRY} WHERE {at(scene, seq)})"
    sql(f"DELETE FROM {TOLD} WHERE entry_id = {entry}", f"DELETE FROM {TEXT} WHERE entry_id = {entry}")
    sql(f"DELETE FROM {ENTRY} WHERE {at(scene, seq)}")


def number_of(scene: Scene, event: str) -> int:
    entry = models.JournalEntry.objects.filter(proposal=scene.id, event=event).order_by("seq").last()
    assert entry is not None
    return entry.seq


def edit_a_text(scene: Scene) -> None:
    entry = f"(SELECT id FROM {ENTRY} WHERE {at(scene, number_of(scene, 'question_asked'))})"
    sql(f"UPDATE {TEXT} SET text = 'Nobody asked.' WHERE entry_id = {entry}")


def turn_a_consent_into_an_objection(scene: Scene) -> None:
    sql(f"UPDATE {ENTRY} SET event = 'objection_raised' WHERE {at(scene, number_of(scene, 'consented'))}")


def change_who_it_was(scene: Scene) -> None:
    sql(f"UPDATE {ENTRY} SET by_id = '{scene.people['fay']}' WHERE {at(scene, number_of(scene, 'question_asked'))}")


def change_the_time(scene: Scene) -> None:
    sql(f"UPDATE {ENTRY} SET at = '2026-01-01 00:00:00.000+00:00' WHERE {at(scene, 4)}")


def delete_one_in_the_middle(scene: Scene) -> None:
    gone(scene, 5)


def delete_the_last(scene: Scene) -> None:
    gone(scene, scene.last)


def put_one_in_between(scene: Scene) -> None:
    entry = models.JournalEntry.objects.get(proposal=scene.id, seq=4)
    sql(f"UPDATE {ENTRY} SET seq = seq + {FAR} + 1 WHERE proposal_id = '{scene.id}' AND seq >= 5")
    sql(f"UPDATE {ENTRY} SET seq = seq - {FAR} WHERE seq > {FAR}")
    entry.pk, entry.seq = None, 5
    entry.save(force_insert=True)


def exchange_two_entries(scene: Scene) -> None:
    for seq, now in ((4, 9001), (5, 4), (9001, 5)):
        sql(f"UPDATE {ENTRY} SET seq = {now} WHERE {at(scene, seq)}")


def exchange_two_decisions(scene: Scene) -> None:
    away = f"seq + {FAR} WHERE proposal_id = '{scene.id}'"
    sql(
        f"UPDATE {ENTRY} SET seq = {away}",
        f"UPDATE {ENTRY} SET proposal_id = '{scene.id}' WHERE proposal_id = '{scene.other}'",
        f"UPDATE {ENTRY} SET proposal_id = '{scene.other}', seq = seq - {FAR} WHERE seq > {FAR}",
    )


def rewrite_the_whole_chain(scene: Scene) -> None:
    """With fitting texts, hashes, head, rows and what everybody is told: inside there is nothing left to find."""
    row = models.Proposal.objects.get(pk=scene.id)
    prev, seq = journal.START, number_of(scene, "reacted")
    for was in entries.of(row.pk):
        entry = forged(was, "Curious.", "Appalled.") if was.seq == seq else was
        hash = journal.entry_hash(row.pk, entry.seq, entry.event, entry.at, entry.by, entry.via, entry.data, prev)
        models.JournalEntry.objects.filter(proposal=row.pk, seq=entry.seq).update(
            data=journal.canonical(entry.data), prev=prev, hash=hash
        )
        for path, text in entry.texts.items():
            if text is not None:
                kept = models.JournalText.objects.filter(entry__proposal=row.pk, entry__seq=entry.seq, path=path)
                kept.update(text=text.text)
        told = json.dumps(journal.told(replace(entry, prev=prev, hash=hash)), separators=(",", ":"), ensure_ascii=False)
        models.ToldEntry.objects.filter(entry__proposal=row.pk, entry__seq=entry.seq).update(told=told)
        prev = hash
    models.Proposal.objects.filter(pk=row.pk).update(head=prev)
    models.Reaction.objects.filter(round__proposal=row.pk, text="Curious.").update(text="Appalled.")


def forged(entry: journal.Entry, words: str, others: str) -> journal.Entry:
    texts = {
        path: journal.Text(text.salt, text.text.replace(words, others)) for path, text in entry.texts.items() if text
    }

    def commit(path: tuple[str, ...], value: object) -> object:
        return journal.commitment(texts[".".join(path)])

    data = journal.replaced(dict(entry.data), EVENTS[entry.event].personal, commit)
    return replace(entry, data=data, texts=texts)


def restore_an_old_backup(scene: Scene) -> None:
    """As if the last entry had never been: `test_tamperings` restores the rows of before it."""


def change_the_rows_alone(scene: Scene) -> None:
    sql(f"UPDATE {RESPONSE} SET kind = 'concern', text = 'Hm.' WHERE kind = 'consent'")


TAMPERINGS: dict[str, tuple[Callable[[Scene], None], str]] = {
    "a text edited": (edit_a_text, TEXTS),
    "a consent turned into an objection": (turn_a_consent_into_an_objection, CHAIN),
    "somebody else named": (change_who_it_was, CHAIN),
    "another time": (change_the_time, CHAIN),
    "one deleted in the middle": (delete_one_in_the_middle, CHAIN),
    "the last one deleted": (delete_the_last, HEAD),
    "one put in between": (put_one_in_between, CHAIN),
    "two exchanged": (exchange_two_entries, CHAIN),
    "two decisions exchanged": (exchange_two_decisions, CHAIN),
    "the whole chain rewritten": (rewrite_the_whole_chain, RECEIPT),
    "an old backup restored": (restore_an_old_backup, RECEIPT),
    "the rows alone changed": (change_the_rows_alone, ROWS),
}


def faults(scene: Scene) -> list[str]:
    return [fault for one in (scene.id, scene.other) for fault in store.verified(one)]


def test_twelve_tamperings_are_found_each_by_the_means_that_is_named(story: Story, circle: Clients) -> None:
    with running("R15") as run:
        other = Story(story.ask, story.team, story.people).play()
        story.play(until="second_rounds")
        before = transaction.savepoint()
        story.adopt()
        receipts = kept_by_max(story)
        scene = Scene(story.id, other.id, story.snapshot()["seq"], dict(story.people))
        assert faults(scene) == []
        assert all(stands(circle, receipt) for receipt in receipts)
        for what, (tamper, means) in TAMPERINGS.items():
            if tamper is restore_an_old_backup:
                continue
            with transaction.atomic():
                without_rules()
                with owning():
                    tamper(scene)
                judge_tampering(run, what, means, faults(scene), circle, receipts)
                transaction.set_rollback(True)
            store._known.clear()
        transaction.savepoint_rollback(before)  # the backup of before the last answers
        store._known.clear()
        judge_tampering(run, "an old backup restored", RECEIPT, faults(scene), circle, receipts)
        run.figures |= {"found": f"{sum(run.faults.values()) - run.counts['bad_hash']} of {len(TAMPERINGS)}"}
        assert len(run.faults) == len(TAMPERINGS)


def judge_tampering(run: Run, what: str, means: str, found: list[str], circle: Clients, receipts: list[str]) -> None:
    run.fault(what)
    if means is RECEIPT:
        if found or all(stands(circle, receipt) for receipt in receipts):
            run.found("bad_hash", f"{what}: {found or 'every receipt still stands'}")
    elif not any(words in fault for fault in found for words in SAYS[means]):
        run.found("bad_hash", f"{what} is not found by {means}: {found}")


def kept_by_max(story: Story) -> list[str]:
    mine = [entry for entry in story.seen if entry["by"] == story.people["max"]]
    return [f"rondo:{story.id}:{entry['seq']}:{entry['hash'][:32]}" for entry in mine]


def stands(circle: Clients, receipt: str) -> bool:
    answer = circle["max"].get("/api/v1/receipts/", {"receipt": receipt})
    return answer.status_code == 200 and answer.json()["stands"] is True
