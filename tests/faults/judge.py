"""Compares what people were answered with what the database holds, read by plain SQL beside the product."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from decisions.journal import START, entry_hash
from tests.faults.run import Run

ENTRIES = (
    "SELECT proposal_id, seq, event, at, by_id, via, data, prev, hash FROM decisions_journalentry "
    "ORDER BY proposal_id, seq"
)
HEADS = "SELECT id, seq, head, phase FROM decisions_proposal WHERE seq > 0"
TEXTS = (
    "SELECT t.text FROM decisions_journaltext t JOIN decisions_journalentry e ON e.id = t.entry_id "
    "WHERE e.event = 'reacted'"
)
ADOPTED = """
SELECT p.id FROM decisions_proposal p
LEFT JOIN decisions_round r
ON r.proposal_id = p.id AND r.revision = p.revision AND r.kind = 'consent' AND r.outcome = 'adopted'
"""
IMPOSSIBLE = {
    "adopted by no consent round to its text": f"{ADOPTED} WHERE p.phase = 'adopted' AND r.id IS NULL",
    "adopted without the two rounds before": f"""{ADOPTED} WHERE p.phase = 'adopted' AND 2 > (
        SELECT count(*) FROM decisions_round b WHERE b.proposal_id = p.id AND b.revision = p.revision
        AND b.kind IN ('clarifying', 'reaction') AND b.closed_at <= r.opened_at)""",
    "adopted beside an objection that stands": f"""{ADOPTED}
        JOIN decisions_objection o ON o.proposal_id = p.id AND o.revision = p.revision
        WHERE p.phase = 'adopted' AND o.status = 'standing'""",
    "adopted against an answer": f"""{ADOPTED}
        JOIN decisions_response a ON a.round_id = r.id WHERE p.phase = 'adopted' AND a.kind = 'objection'""",
    "adopted without an answer": f"""{ADOPTED}
        JOIN decisions_participant w ON w.proposal_id = p.id AND w.since <= r.closed_at AND NOT w.left
        LEFT JOIN decisions_response a ON a.round_id = r.id AND a.by_id = w.account_id
        WHERE r.id IS NOT NULL AND a.id IS NULL AND CAST(r.absent AS TEXT) NOT LIKE '%' || w.account_id || '%'""",
    "adopted by one alone": f"""{ADOPTED} WHERE r.id IS NOT NULL AND 2 > (
        SELECT count(*) FROM decisions_response a WHERE a.round_id = r.id)""",
}
"""What no decision may be (spec 9.1 and 9.2), and how to find those that are."""
MAILS = "SELECT address FROM notices_mail"


@dataclass(frozen=True)
class Acked:
    """A command that was answered: the entry that the answer named, and the text where nobody else sent
    the same."""

    proposal: str
    seq: int
    hash: str
    text: str = ""


THOUGHT = "Thought "
"""So begins what a writer writes, each time in other words; calls by chance may say the same twice."""


class Rows:
    """A database, SQLite by its path or PostgreSQL by its address."""

    def __init__(self, where: str | Path) -> None:
        self.where = where

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        if isinstance(self.where, Path):
            with sqlite3.connect(self.where) as there:
                found = there.execute(statement).fetchall()
            there.close()
            return found
        import psycopg

        with psycopg.connect(self.where) as cluster:
            return cluster.execute(statement).fetchall()  # type: ignore[arg-type,unused-ignore]

    def journal(self) -> list[tuple[Any, ...]]:
        return self.ask(ENTRIES)

    def heads(self) -> list[tuple[Any, ...]]:
        return self.ask(HEADS)


def moment(at: Any) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)


def chain(run: Run, rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[int, str]]:
    """Counts gaps and false hashes; where each journal ends."""
    ends = {}
    for proposal, entries in groupby(rows, key=lambda row: row[0]):
        prev, number = START, 0
        for number, (_, seq, event, at, by, via, data, before, hash) in enumerate(entries, 1):
            if seq != number:
                run.found("gaps", f"{proposal}: {seq} where {number} should stand")
                break
            made = entry_hash(proposal, seq, event, moment(at), by, via, json.loads(data), before)
            if (before, hash) != (prev, made):
                run.found("bad_hash", f"{proposal}: entry {seq}")
            prev = hash
        ends[proposal] = (number, prev)
    return ends


def judge(run: Run, database: str | Path, acked: Sequence[Acked]) -> None:
    """N1, N2, N3 and N5: everything answered for is there, once, in an unbroken chain, and nothing impossible."""
    rows = Rows(database)
    journal = rows.journal()
    answered_for(run, journal, acked)
    once(run, Counter(text for (text,) in rows.ask(TEXTS)), acked)
    ends = chain(run, journal)
    for proposal, seq, head, _ in rows.heads():
        if ends.get(proposal) != (seq, head):
            run.found("bad_hash", f"{proposal}: the head of the rows is not the end of the journal")
    nothing_impossible(run, rows)
    run.acked += len(acked)


def nothing_impossible(run: Run, rows: Rows) -> None:
    for what, statement in IMPOSSIBLE.items():
        for (proposal,) in rows.ask(statement):
            run.found("impossible", f"{proposal}: {what}")


def answered_for(run: Run, journal: Iterable[tuple[Any, ...]], acked: Sequence[Acked]) -> None:
    kept = {(row[0], row[1]): row[8] for row in journal}
    for one in acked:
        if kept.get((one.proposal, one.seq)) != one.hash:
            run.found("lost", f"{one.proposal}: entry {one.seq} ({one.text})")


def once(run: Run, texts: Counter[str], acked: Sequence[Acked]) -> None:
    for text, often in texts.items():
        if often > 1 and text.startswith(THOUGHT):
            run.found("dup", f"{text} stands {often} times")
    for one in acked:
        if one.text and one.text not in texts:
            run.found("lost", f"the words of {one.text}")
