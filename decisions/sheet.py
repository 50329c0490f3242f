"""What people did in a decision as CSV, for those who count and sort elsewhere: a row for each entry they made.

Spreadsheets take a cell for a formula that begins with one of a few signs; ours never do. No database.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from .receipts import receipt

Told = Mapping[str, Any]

COLUMNS = (
    "entry",
    "at",
    "name",
    "account",
    "via",
    "event",
    "round",
    "revision",
    "kind",
    "text",
    "suggestion",
    "title",
    "body",
    "answers",
    "receipt",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"
"""Without it some spreadsheets read UTF-8 as something else."""
KINDS = {"consented": "consent", "concern_raised": "concern", "objection_raised": "objection"}


def safe(cell: str) -> str:
    """The cell as text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def csv_of(proposal: str, entries: Iterable[Told], names: Mapping[str, str]) -> str:
    """The entries of a journal, as everybody is told them, that people made."""
    known = list(entries)
    revealed = _revealed(known)
    out = io.StringIO()
    write = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    write.writeheader()
    for entry in known:
        if entry["by"] is not None:
            row = _row(proposal, entry, names, revealed.get(entry["seq"], {}))
            write.writerow({column: safe(str(cell)) for column, cell in row.items() if cell is not None})
    return MARK + out.getvalue()


def _row(proposal: str, entry: Told, names: Mapping[str, str], revealed: Told) -> dict[str, Any]:
    data = {**entry["data"], **revealed}
    return {
        "entry": entry["seq"],
        "at": entry["at"],
        "name": names.get(entry["by"]),
        "account": entry["by"],
        "via": entry["via"],
        "event": entry["event"],
        "round": data.get("round"),
        "revision": data.get("revision"),
        "kind": KINDS.get(entry["event"], data.get("kind")),
        "text": data.get("text") or data.get("reason") or data.get("note"),
        "suggestion": data.get("suggestion"),
        "title": data.get("title"),
        "body": data.get("body"),
        "answers": _answers(entry),
        "receipt": receipt(proposal, entry["seq"], entry["hash"]),
    }


def _answers(entry: Told) -> str | None:
    """What a new version answers to the objections against the one before."""
    return "\n\n".join(entry["data"]["answers"].values()) if entry["event"] == "revised" else None


def _revealed(entries: list[Told]) -> dict[int, Told]:
    """What a sealed answer said, by the entry that recorded it last: told only once its round has closed."""
    last = {entry["data"]["response"]: entry["seq"] for entry in entries if entry["event"] == "responded"}
    closed = (entry["data"].get("answers", ()) for entry in entries if entry["event"] == "round_closed")
    answers = (answer for round in closed for answer in round if answer["response"] in last)
    return {last[a["response"]]: {name: a[name] for name in ("kind", "text", "suggestion")} for a in answers}
