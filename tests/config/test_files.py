"""The files of several releases side by side: who opened a page before an update still gets its parts."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from config.files import KEPT, Files

NOT_A_FILE = "404 Not Found"


def release(folder: Path, **files: str) -> Path:
    (folder / "assets").mkdir(parents=True)
    for name, text in files.items():
        (folder / "assets" / f"{name}.js").write_text(text)
    return folder


class Process:
    """One that serves a release, with this place for what is kept."""

    def __init__(self, built: Path, kept: Path) -> None:
        self.files = Files(self._nothing, built, kept)

    def _nothing(self, environ: Any, start: Any) -> list[bytes]:
        start(NOT_A_FILE, [])
        return []

    def get(self, path: str) -> str:
        """What is given out, or the status in its place."""
        seen: list[str] = []
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/static/{path}"}
        body = b"".join(self.files(environ, lambda status, headers, exc=None: seen.append(status)))
        return body.decode() if seen[0].startswith("200") else seen[0]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return release(tmp_path / "old", Team_1a="old team")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return release(tmp_path / "new", Team_2b="new team")


def test_during_an_update_each_process_gives_out_the_files_of_both_releases(
    tmp_path: Path, old: Path, new: Path
) -> None:
    first = Process(old, tmp_path / "kept")
    assert first.get("assets/Team_2b.js") == NOT_A_FILE
    second = Process(new, tmp_path / "kept")
    for process in (first, second):
        assert process.get("assets/Team_1a.js") == "old team"
        assert process.get("assets/Team_2b.js") == "new team"


def test_pages_that_are_built_anew_beneath_a_process_take_none_of_its_files_away(tmp_path: Path, old: Path) -> None:
    process = Process(old, tmp_path / "kept")
    (old / "assets" / "Team_1a.js").unlink()
    assert process.get("assets/Team_1a.js") == "old team"


def test_what_nobody_started_with_for_a_month_is_thrown_away_and_is_simply_not_there(
    tmp_path: Path, old: Path, new: Path
) -> None:
    first = Process(old, tmp_path / "kept")
    long_ago = time.time() - KEPT - 1
    os.utime(tmp_path / "kept" / "Team_1a.js", (long_ago, long_ago))
    Process(new, tmp_path / "kept")
    assert first.get("assets/Team_1a.js") == NOT_A_FILE


def test_a_process_that_starts_again_with_old_files_keeps_them(tmp_path: Path, old: Path, new: Path) -> None:
    Process(old, tmp_path / "kept")
    long_ago = time.time() - KEPT - 1
    os.utime(tmp_path / "kept" / "Team_1a.js", (long_ago, long_ago))
    Process(old, tmp_path / "kept")
    assert Process(new, tmp_path / "kept").get("assets/Team_1a.js") == "old team"


def test_without_a_place_to_keep_them_the_files_come_from_where_they_were_built(tmp_path: Path, old: Path) -> None:
    (tmp_path / "kept").write_text("no folder")
    assert Process(old, tmp_path / "kept").get("assets/Team_1a.js") == "old team"


@pytest.mark.parametrize("path", ["../secret_key", "..%2fsecret_key", ".", "", "\0", "Team_1a.js/", "none.js"])
def test_nothing_but_these_files_is_given_out(tmp_path: Path, old: Path, path: str) -> None:
    (tmp_path / "secret_key").write_text("secret")
    assert Process(old, tmp_path / "kept").get(f"assets/{path}") == NOT_A_FILE


def test_a_process_that_starts_while_another_puts_its_files_there_sees_none_half(
    tmp_path: Path, old: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, copy, seen = tmp_path / "kept", shutil.copyfile, list[set[str]]()

    def copied(file: Path, half: Path) -> None:
        copy(file, half)
        seen.append({one.name for one in kept.iterdir()})

    monkeypatch.setattr(shutil, "copyfile", copied)
    Process(old, kept)
    Process(new, kept)
    assert seen == [set(), {"Team_1a.js"}]


def test_what_is_kept_is_looked_for_when_it_is_asked_for(tmp_path: Path, old: Path, new: Path) -> None:
    """Nothing is listed at the start: what a process beside this one throws away meanwhile would be missed."""
    kept = tmp_path / "kept"
    Process(old, kept)
    process = Process(new, kept)
    (kept / "Team_1a.js").unlink()
    assert process.get("assets/Team_1a.js") == NOT_A_FILE
    assert process.get("assets/Team_2b.js") == "new team"
