"""The words of Rondo in its languages: gathered from the sources of both sides, kept in `locale/`, compiled.

    python3 run.py words                    gather every text anew, and compile
    python3 run.py words missing de         what German lacks, as JSON: [{text, plural?, f}]
    python3 run.py words take de FILE …     take translations in: {text: translation, or [singular, plural]}

English is what stands in the sources, and has no catalogue. A text that did not change keeps its translations, one that
is gone drops out. Server and pages share the catalogues: what the pages need is sorted out when they are built.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
FRONTEND = ROOT / "frontend"
LANGUAGES = ("de", "nl", "fr", "es")
"""Beside English. Each has its folder in `locale/`, and stands in the settings by its own name."""

SERVER = ("config", "conventions", "notices", "teams", "decisions", "meetings", "trying")
KEYWORDS: dict[str, Any] = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")) | {"ngettext": (1, 2)}
TABLES = ("decisions/process/refusals.py", "meetings/process/refusals.py")
"""The rules import nothing but Python, so their texts stand unmarked, as the values of tables."""

BEGUN = datetime(2026, 11, 26, tzinfo=UTC)
# Dates that move would be a change each time, and names we know from the history.
MOVES = re.compile(rb'^"(POT-|PO-|Report-|Last-|Language-Team|Generated-).*\n', re.MULTILINE)

Found = tuple[str, str | tuple[str, str]]
"""A file, and a text or its two forms."""


def texts() -> Iterator[Found]:
    """Everything that people read, wherever it is said."""
    yield from texts_of_the_pages()
    for path in sorted(path for folder in SERVER for path in (ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for _line, text, _comments, _context in extract_from_file("python", path, KEYWORDS):
            yield name, text if isinstance(text, str) else (text[0], text[1])
    for name in TABLES:
        for text in _values(ast.parse((ROOT / name).read_text())):
            yield name, text


def texts_of_the_pages() -> Iterator[Found]:
    program = (shutil.which("node") or "node", "tools/words.mjs")
    told = subprocess.run(program, cwd=FRONTEND, stdout=subprocess.PIPE, check=True)
    for one in json.loads(told.stdout):
        yield f"frontend/{one['f']}", (one["text"], one["plural"]) if "plural" in one else one["text"]


def _values(tree: ast.Module) -> Iterator[str]:
    tables = (node.value for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict))
    for value in (value for table in tables for value in table.values):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> Catalog:
    """What is known in a language; empty where it is new."""
    path = path_of(language)
    if not path.exists():
        return Catalog(language, domain="django")
    with path.open("rb") as file:
        return read_po(file, language, domain="django")


def brought_up(language: str, found: Iterable[Found]) -> Catalog:
    """The catalogue with exactly these texts, translated where they were before."""
    known = catalogue(language)
    fresh = Catalog(
        language, "django", header_comment=f"# Rondo: {language}", project="Rondo", version="1", fuzzy=False
    )
    for file, text in found:
        fresh.add(text, locations=[(file, 0)])
    for message in fresh:
        before = known.get(message.id[0] if isinstance(message.id, tuple) else message.id)
        if message.id and before is not None and before.id == message.id:
            message.string = before.string
    return fresh


def as_po(found: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, found, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return MOVES.sub(b"", file.getvalue())


def as_mo(found: Catalog) -> bytes:
    """Without what has no translation: there the English text stands in."""
    spoken = Catalog(found.locale, "django", creation_date=BEGUN, revision_date=BEGUN, charset="utf-8", fuzzy=False)
    for message in found:
        if message.id and is_translated(message):
            spoken[message.id] = message
    file = BytesIO()
    write_mo(file, spoken)
    return file.getvalue()


def write(language: str, found: Catalog) -> None:
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_po(found))
    path.with_suffix(".mo").write_bytes(as_mo(found))


def is_translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(forms) and all(forms)


def missing(found: Catalog) -> list[Message]:
    return [message for message in found if message.id and not is_translated(message)]


# ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────


def gather() -> None:
    found = list(texts())
    for language in LANGUAGES:
        fresh = brought_up(language, found)
        write(language, fresh)
        print(f"{language}: {len(fresh)} texts, {len(missing(fresh))} without a translation")


def tell_missing(language: str) -> None:
    rows = []
    for message in missing(brought_up(language, texts())):
        one, many = message.id if isinstance(message.id, tuple) else (message.id, None)
        rows.append({"text": one, **({"plural": many} if many else {}), "f": message.locations[0][0]})
    print(json.dumps(rows, ensure_ascii=False, indent=0))


def take(language: str, files: Sequence[str]) -> None:
    """A translation of a text that nobody says any more is left out; one of the wrong kind is an error."""
    given: dict[str, Any] = {}
    for file in files:
        given |= json.loads(Path(file).read_text())
    found = brought_up(language, texts())
    for message in found:
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        if not one or one not in given:
            continue
        translation = given[one]
        if isinstance(message.id, tuple) != isinstance(translation, list):
            sys.exit(f"{language}: {one!r} needs {'two forms' if isinstance(message.id, tuple) else 'one form'}")
        message.string = tuple(translation) if isinstance(translation, list) else translation
    write(language, found)
    print(f"{language}: {len(missing(found))} of {len(found)} without a translation")


def main(words: Sequence[str]) -> None:
    match words:
        case []:
            gather()
        case ["missing", language] if language in LANGUAGES:
            tell_missing(language)
        case ["take", language, *files] if language in LANGUAGES and files:
            take(language, files)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
