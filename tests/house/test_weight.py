"""The pages stay light: what has to come before the first look is counted as it travels, compressed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

BUILT = Path(__file__).resolve().parents[2] / "frontend" / "dist"
ENTRY = "index.html"
SCRIPTS, STYLES = 60_000, 20_000
PAGES = ["Welcome", "SignIn", "Home", "Team", "DecisionPage", "LivePage", "MeetingPage"]
"""Where people arrive."""


def needed(page: str) -> set[str]:
    """Every file without which the page cannot be shown: its own, and what they import at once."""
    listed: dict[str, Any] = json.loads((BUILT / ".vite" / "manifest.json").read_text())
    files: set[str] = set()
    wanted = [ENTRY, f"src/pages/{page}.svelte"]
    while wanted:
        entry = listed[wanted.pop()]
        if entry["file"] in files:
            continue
        files |= {entry["file"], *entry.get("css", [])}
        wanted += entry.get("imports", [])
    return files


def weight(files: set[str], kind: str) -> int:
    return sum(len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in files if name.endswith(kind))


@pytest.mark.parametrize("page", PAGES)
def test_the_first_look_needs_no_more_than_sixty_kilobytes_of_script(page: str) -> None:
    assert weight(needed(page), ".js") <= SCRIPTS


@pytest.mark.parametrize("page", PAGES)
def test_the_first_look_needs_no_more_than_twenty_kilobytes_of_style(page: str) -> None:
    assert weight(needed(page), ".css") <= STYLES


def test_every_file_of_the_pages_is_there_compressed_too() -> None:
    for path in (BUILT / "assets").iterdir():
        if path.suffix in (".js", ".css"):
            assert path.with_name(path.name + ".br").is_file()
            assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()
