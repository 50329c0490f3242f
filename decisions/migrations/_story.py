"""The state of a proposal from its journal, for migrations that fill columns which the journal tells."""

import json
from collections.abc import Iterator
from typing import Any

from decisions.journal import Entry, Text, event_of
from decisions.process.engine import replay
from decisions.process.state import Proposal


def state_of(apps: Any, row: Any) -> Proposal:
    return replay(Proposal(row.pk, row.team_id, row.author_id), map(event_of, _story(apps, row.pk)))


def _story(apps: Any, proposal: str) -> Iterator[Entry]:
    texts: dict[int, dict[str, Text | None]] = {}
    for text in apps.get_model("decisions", "JournalText").objects.filter(entry__proposal=proposal).order_by("pk"):
        kept = None if text.salt is None or text.text is None else Text(text.salt, text.text)
        texts.setdefault(text.entry_id, {})[text.path] = kept
    for one in apps.get_model("decisions", "JournalEntry").objects.filter(proposal=proposal).order_by("seq"):
        said = texts.get(one.pk, {})
        yield Entry(
            proposal, one.seq, one.event, one.at, one.by_id, one.via, json.loads(one.data), one.prev, one.hash, said
        )
