"""A sound journal made by hand, and everything that somebody might do to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

SALT = "00112233445566778899aabbccddeeff"
Document = dict[str, Any]


def committed(text: str, salt: str = SALT) -> dict[str, str]:
    return {"sha256": hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()}


def hashed(proposal: str, entry: Document) -> str:
    body = {key: entry[key] for key in ("seq", "event", "at", "by", "via", "data", "prev")} | {"proposal": proposal}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def chained(document: Document, since: int = 1) -> Document:
    """Gives every entry from `since` on its number, prev and hash, as whoever rewrites a chain would."""
    prev = document["entries"][since - 2]["hash"] if since > 1 else "0" * 64
    for seq, entry in enumerate(document["entries"][since - 1 :], since):
        entry.update(seq=seq, prev=prev)
        entry["hash"] = prev = hashed(document["proposal"], entry)
    document["head"] = {"seq": len(document["entries"]), "hash": prev}
    return document


def entry(event: str, by: str | None, minute: int, **texts: str) -> Document:
    return {
        "event": event,
        "at": f"2026-11-21T14:{minute:02}:07.123Z",
        "by": by,
        "via": None,
        "data": {"round": "r1", **{name: committed(text) for name, text in texts.items()}},
        "texts": {name: {"salt": SALT, "text": text} for name, text in texts.items()},
    }


def by_hand(proposal: str = "proposal-1") -> Document:
    entries = [
        entry("opened", "pia", 1, title="A quiet morning", body="Ünïted — „bis Mittag“ 🙂"),
        entry("question_asked", "max", 2, text="Until when?"),
        entry("consented", "fay", 3),
        entry("objection_raised", "max", 4, reason="It harms us"),
        entry("returned", "pia", 5),
    ]
    entries[3]["data"]["suggestion"] = None
    return chained({"format": "rondo-journal-1", "proposal": proposal, "head": {}, "entries": entries})


def edited_text(document: Document) -> None:
    document["entries"][1]["texts"]["text"]["text"] = "Until whenever?"


def edited_salt(document: Document) -> None:
    document["entries"][1]["texts"]["text"]["salt"] = "ff" * 16


def added_text(document: Document) -> None:
    document["entries"][2]["texts"]["text"] = {"salt": SALT, "text": "I never said that"}


def moved_text(document: Document) -> None:
    document["entries"][3]["texts"]["suggestion"] = document["entries"][3]["texts"].pop("reason")


def changed_commitment(document: Document) -> None:
    edited_text(document)
    document["entries"][1]["data"]["text"] = committed("Until whenever?")


def changed_kind(document: Document) -> None:
    document["entries"][3]["event"] = "concern_raised"


def changed_actor(document: Document) -> None:
    document["entries"][2]["by"] = "eve"


def changed_via(document: Document) -> None:
    document["entries"][2]["via"] = "token"


def changed_time(document: Document) -> None:
    document["entries"][2]["at"] = "2026-11-21T14:03:07.124Z"


def deleted_middle(document: Document) -> None:
    del document["entries"][2]


def deleted_beginning(document: Document) -> None:
    del document["entries"][:2]


def deleted_and_renumbered(document: Document) -> None:
    del document["entries"][2]
    for seq, kept in enumerate(document["entries"], 1):
        kept["seq"] = seq


def deleted_tail(document: Document) -> None:
    del document["entries"][4]


def deleted_all(document: Document) -> None:
    document["entries"].clear()


def inserted(document: Document) -> None:
    another = {**deepcopy(document["entries"][2]), "by": "eve", "prev": document["entries"][2]["hash"]}
    another["hash"] = hashed(document["proposal"], another)
    document["entries"].insert(3, another)


def appended(document: Document) -> None:
    last = document["entries"][-1]
    another = {**deepcopy(last), "seq": 6, "event": "adopted", "prev": last["hash"]}
    another["hash"] = hashed(document["proposal"], another)
    document["entries"].append(another)


def reordered(document: Document) -> None:
    entries = document["entries"]
    entries[2], entries[3] = entries[3], entries[2]


def another_proposals_entry(document: Document) -> None:
    document["entries"][2] = by_hand("proposal-2")["entries"][2]


def another_proposals_name(document: Document) -> None:
    document["proposal"] = "proposal-2"


def one_entry_hashed_anew(document: Document) -> None:
    changed = document["entries"][2]
    changed["by"] = "eve"
    changed["hash"] = hashed(document["proposal"], changed)


def a_word_beside(document: Document) -> None:
    document["entries"][2]["verdict"] = "adopted"


def another_head(document: Document) -> None:
    document["head"]["hash"] = "f" * 64


def another_time_form(document: Document) -> None:
    document["entries"][2]["at"] = "2026-11-21 14:03"


TAMPERINGS: tuple[tuple[Callable[[Document], None], str], ...] = (
    (edited_text, "entry 2 (question_asked): the text at text is not the one that was recorded"),
    (edited_salt, "entry 2 (question_asked): the text at text is not the one that was recorded"),
    (added_text, "entry 3 (consented): the text at text belongs to nothing that was recorded"),
    (moved_text, "entry 4 (objection_raised): the text at suggestion belongs to nothing that was recorded"),
    (changed_commitment, "entry 2 (question_asked) was changed"),
    (changed_kind, "entry 4 (concern_raised) was changed"),
    (changed_actor, "entry 3 (consented) was changed"),
    (changed_via, "entry 3 (consented) was changed"),
    (changed_time, "entry 3 (consented) was changed"),
    (deleted_middle, "before entry 4: entry 3 should stand here"),
    (deleted_beginning, "before entry 3: entries 1 to 2 should stand here"),
    (deleted_and_renumbered, "entry 3 (objection_raised) was changed"),
    (deleted_tail, "the journal goes on to entry 5, and this document ends with 4"),
    (deleted_all, "the journal goes on to entry 5, and this document ends with 0"),
    (inserted, "entry 3 stands after entry 3"),
    (appended, "the journal's head is entry 5, and this document goes on to 6"),
    (reordered, "entry 3 stands after entry 4"),
    (another_proposals_entry, "entry 3 (consented) was changed, or belongs to another proposal"),
    (another_proposals_name, "entry 1 (opened) was changed, or belongs to another proposal"),
    (one_entry_hashed_anew, "entry 4 (objection_raised) does not follow entry 3"),
    (a_word_beside, "entry 3 (consented): verdict stands beside what the chain covers"),
    (another_head, "the journal's head, entry 5, has another hash than the last entry here"),
    (another_time_form, "is not written in UTC with milliseconds"),
)
