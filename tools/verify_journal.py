#!/usr/bin/env python3
"""Verifies an exported journal with nothing but Python 3.8 or later: no Rondo, no Django, no network.

    python3 verify_journal.py journal.json
    python3 verify_journal.py --receipt rondo:7h2k…:12:9f86d081… < journal.json
    python3 verify_journal.py --mail checkpoint.eml journal.json

Entry by entry it checks that the numbers run 1, 2, 3 …, that each hash is that of the entry's content, that each
entry names the one before it, and that every text that is present is the one that was recorded. A receipt names a
proposal, the number of an entry and the beginning of its hash, noted earlier: whoever rewrites the whole chain cannot
keep it. The number and the beginning alone (12:9f86d081) will do. A checkpoint, which stewards are mailed, holds a
receipt for each journal of their team: of a mail as it was copied or saved the one that belongs to this journal counts.

    hash = sha256(canonical({proposal, seq, event, at, by, via, data, prev})) in hex
    canonical: JSON in UTF-8, keys sorted, no spaces, no escapes that are not needed; the first prev is 64 zeros
    a text in data: {"sha256": sha256(salt + text) in hex}; texts: path in data -> {"salt": hex, "text": …}

Ends with 0 where all is sound, 1 where something is wrong, 2 where the document cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from email import message_from_bytes, policy
from typing import Any, NamedTuple

FORMAT = "rondo-journal-1"
START = "0" * 64
HASHED = ("seq", "event", "at", "by", "via", "data", "prev")
FIELDS = {"seq": int, "event": str, "at": str, "data": dict, "prev": str, "hash": str, "texts": dict}
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
HEX = re.compile(r"[0-9a-f]+")


class Receipt(NamedTuple):
    """A receipt as it was noted: an entry's number and how its hash begins, and the proposal where it is named."""

    proposal: str | None
    seq: int
    beginning: str


class Unreadable(Exception):
    """The document is not an exported journal."""


# -- reading ---------------------------------------------------------------------------------------------------


def read(text: str) -> dict[str, Any]:
    """The document, with everything in it that the checks rely on."""
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable(f"this is not JSON as journals are written: {wrong}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unreadable(f'this is not an exported journal: its format is not "{FORMAT}"')
    head = document.get("head")
    if not isinstance(document.get("proposal"), str) or not isinstance(document.get("entries"), list):
        raise Unreadable("the document names no proposal or has no entries")
    if not isinstance(head, dict) or not _is(head.get("seq"), int) or not _is(head.get("hash"), str):
        raise Unreadable("the document has no head with a number and a hash")
    for place, entry in enumerate(document["entries"], 1):
        _shaped(place, entry)
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values for one name readers would see now this, now that."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return dict(pairs)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no whole number")


def _shaped(place: int, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise Unreadable(f"what stands at place {place} is no entry")
    for name, kind in FIELDS.items():
        if not _is(entry.get(name), kind):
            raise Unreadable(f"the entry at place {place} has no {name}, or one of another kind")
    for name in ("by", "via"):
        if name not in entry or not (entry[name] is None or isinstance(entry[name], str)):
            raise Unreadable(f"the entry at place {place} has no {name}, or one of another kind")
    for path, text in entry["texts"].items():
        if not isinstance(text, dict) or not all(_is(text.get(part), str) for part in ("salt", "text")):
            raise Unreadable(f"the text {path} of the entry at place {place} has no salt or no words")


def _is(value: object, kind: type[object]) -> bool:
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


# -- checking --------------------------------------------------------------------------------------------------


def faults(document: dict[str, Any], receipts: list[Receipt]) -> list[str]:
    """Everything that is wrong with a journal, in words."""
    proposal, entries = document["proposal"], document["entries"]
    found = _numbers([entry["seq"] for entry in entries])
    prev, before = START, 0
    for entry in entries:
        name = _named(entry)
        if entry["prev"] != prev:
            found.append(f"{name} does not follow {f'entry {before}' if before else 'the beginning'}: it names another")
        if hash_of(proposal, entry) != entry["hash"]:
            found.append(f"{name} was changed, or belongs to another proposal: its hash does not fit")
        found += [f"{name}: {what}" for what in _in_entry(entry)]
        prev, before = entry["hash"], entry["seq"]
    found += _at_the_head(document["head"], before, prev)
    return found + [what for receipt in receipts for what in _kept(receipt, document)]


def _numbers(seen: list[int]) -> list[str]:
    """The numbers run 1, 2, 3 … without a gap, a repeat or a jump back."""
    found: list[str] = []
    last = 0
    for seq in seen:
        if seq > last + 1:
            missing = f"entry {last + 1}" if seq == last + 2 else f"entries {last + 1} to {seq - 1}"
            found.append(f"before entry {seq}: {missing} should stand here")
        elif seq <= last:
            found.append(f"entry {seq} stands after entry {last}")
        last = max(last, seq)
    return found


def _named(entry: dict[str, Any]) -> str:
    return f"entry {entry['seq']} ({entry['event']})"


def hash_of(proposal: str, entry: dict[str, Any]) -> str:
    """The hash that an entry with this content has."""
    body = {name: entry[name] for name in HASHED}
    body["proposal"] = proposal
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _in_entry(entry: dict[str, Any]) -> list[str]:
    found = []
    if not TIME.fullmatch(entry["at"]):
        found.append(f"its time {entry['at']!r} is not written in UTC with milliseconds")
    beside = sorted(set(entry) - set(HASHED) - {"hash", "texts"})
    if beside:
        found.append(f"{', '.join(beside)} stands beside what the chain covers")
    committed = dict(commitments(entry["data"]))
    for path, text in sorted(entry["texts"].items()):
        if path not in committed:
            found.append(f"the text at {path} belongs to nothing that was recorded")
        elif commitment(text) != committed[path]:
            found.append(f"the text at {path} is not the one that was recorded")
    return found


def commitments(data: Any, path: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Every salted commitment in an entry's data: its dotted path and what it commits to."""
    if isinstance(data, dict):
        if set(data) == {"sha256"} and isinstance(data["sha256"], str):
            return [(".".join(path), data["sha256"])]
        items: list[tuple[Any, Any]] = list(data.items())
    else:
        items = list(enumerate(data)) if isinstance(data, list) else []
    return [found for key, value in items for found in commitments(value, (*path, str(key)))]


def commitment(text: dict[str, str]) -> str:
    """What stands in the chain for a text; nothing where the salt is none."""
    if len(text["salt"]) != 32 or not HEX.fullmatch(text["salt"]):
        return ""
    return hashlib.sha256(bytes.fromhex(text["salt"]) + text["text"].encode("utf-8", "surrogatepass")).hexdigest()


def _at_the_head(head: dict[str, Any], last: int, hash: str) -> list[str]:
    if head["seq"] > last:
        return [f"the journal goes on to entry {head['seq']}, and this document ends with {last}: its end is missing"]
    if head["seq"] < last:
        return [f"the journal's head is entry {head['seq']}, and this document goes on to {last}"]
    if head["hash"] != hash:
        return [f"the journal's head, entry {last}, has another hash than the last entry here"]
    return []


def _kept(receipt: Receipt, document: dict[str, Any]) -> list[str]:
    proposal, seq, beginning = receipt
    if proposal not in (None, document["proposal"]):
        return [f"receipt {seq}:{beginning}: it is one of another proposal, {proposal}"]
    # The hash of what stands there now: one that is only written beside it proves nothing.
    hashes = [hash_of(document["proposal"], entry) for entry in document["entries"] if entry["seq"] == seq]
    if not hashes:
        return [f"receipt {seq}:{beginning}: there is no entry {seq}"]
    if all(hash.startswith(beginning) for hash in hashes):
        return []
    return [f"receipt {seq}:{beginning}: entry {seq} has the hash {hashes[0][:16]}…: the chain was rewritten"]


# -- telling ---------------------------------------------------------------------------------------------------


def receipt(text: str) -> Receipt:
    """A receipt as it was noted: rondo:<proposal>:12:9f86d081… or 12:9f86d081."""
    noted = re.fullmatch(r"(?:rondo:([0-9a-z]+):)?([0-9]{1,9}):\s*([0-9a-f]{1,64})", text.strip().lower())
    if noted is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a receipt: an entry's number, a colon, how its hash begins")
    proposal, seq, beginning = noted.groups()
    return Receipt(proposal, int(seq), beginning)


def mailed(path: str, proposal: str) -> list[Receipt]:
    """The receipts of this proposal in a mail, as its text was copied or as it was saved."""
    raw = raw_content(path)
    parts = message_from_bytes(raw, policy=policy.default).walk()
    texts = [part.get_content() for part in parts if part.get_content_maintype() == "text"]
    noted = re.findall(r"rondo:[0-9a-z]+:[0-9]{1,9}:[0-9a-f]{1,64}", "\n".join([raw.decode(errors="replace"), *texts]))
    found = [one for one in map(receipt, sorted(set(noted))) if one.proposal == proposal]
    if not found:
        raise Unreadable(f"{path} names no entry of this journal")
    return found


def unopened(entries: list[dict[str, Any]]) -> int:
    """How many recorded texts are not in the document."""
    return sum(path not in entry["texts"] for entry in entries for path, _ in commitments(entry["data"]))


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def checked(document: dict[str, Any], receipts: list[Receipt]) -> int:
    entries, found = document["entries"], faults(document, receipts)
    tell(f"Journal of proposal {document['proposal']}: {len(entries)} {'entry' if len(entries) == 1 else 'entries'}")
    for what in found:
        tell(f"  wrong: {what}")
    hidden = unopened(entries)
    if hidden:
        tell(f"  {hidden} recorded {'text is' if hidden == 1 else 'texts are'} not in this document (erased or sealed)")
    if found:
        tell(f"Broken: {len(found)} {'fault' if len(found) == 1 else 'faults'}.")
        return 1
    kept = f", and {len(receipts)} of {len(receipts)} receipts fit" if receipts else ""
    tell(f"Sound: every number, hash and text fits{kept}. Head {document['head']['seq']}:{document['head']['hash']}")
    return 0


def content(path: str) -> str:
    try:
        return raw_content(path).decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Unreadable(f"{path} cannot be read: {wrong}") from None


def raw_content(path: str) -> bytes:
    try:
        if path == "-":
            return sys.stdin.buffer.read()
        with open(path, "rb") as file:
            return file.read()
    except OSError as wrong:
        raise Unreadable(f"{path} cannot be read: {wrong}") from None


def main(words: list[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description="Verifies an exported journal. Needs nothing but Python 3.8 or later.")
    asked.add_argument("file", nargs="?", default="-", help="the exported journal; standard input where none is named")
    asked.add_argument(
        "--receipt",
        type=receipt,
        action="append",
        default=[],
        metavar="RECEIPT",
        help="a receipt, or an entry's number, a colon and how its hash begins; may be given several times",
    )
    asked.add_argument("--mail", metavar="FILE", help="a checkpoint by mail that names this journal")
    given = asked.parse_args(words)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        document = read(content(given.file))
        return checked(document, given.receipt + (mailed(given.mail, document["proposal"]) if given.mail else []))
    except Unreadable as why:
        tell(f"Not readable: {why}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
