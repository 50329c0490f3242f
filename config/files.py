"""The files of the pages, from this release and from those before it.

The build puts a hash into the names below `assets/`: what stands under one never changes, and those of several releases
lie side by side. Each process puts its own into the data folder when it starts. So a page that was opened before an
update still gets its parts, and a process that is not restarted yet gives out those of the new pages.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from servestatic import ServeStatic

from config import guards

log = logging.getLogger("rondo.files")

KEPT = 30 * 24 * 3600.0  # seconds since a process last started with them
ASSETS = "/static/assets/"


class Files(ServeStatic):  # type: ignore[misc]  # has no types
    def __init__(self, application: Any, built: Path, kept: Path) -> None:
        super().__init__(application, immutable_file_test=made_once, max_age=60, add_headers_function=guards.of_file)
        if built.is_dir():
            self.add_files(str(built), prefix="static/")
        if keep(built / "assets", kept):
            self.insert_directory(f"{kept}{os.sep}", ASSETS)
            # From what is kept and not from what was built, each found when it is asked for: a process beside this one
            # may be throwing some away just now.
            for path in [path for path in self.files if path.startswith(ASSETS)]:
                del self.files[path]

    def __call__(self, asked: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = str(asked.get("PATH_INFO", ""))
        if path.startswith(ASSETS) and path not in self.files and (found := self.find_file(path)):
            self.files[path] = found
        try:
            answer: Iterable[bytes] = super().__call__(asked, start_response)
        except FileNotFoundError:  # thrown away as too old by a process beside this one
            self.files.pop(path, None)
            answer = self.application(asked, start_response)
        return answer


def made_once(path: str, url: str) -> bool:
    return url.startswith(ASSETS)


def keep(built: Path, kept: Path) -> bool:
    """Puts these files beside those that are kept, and throws away what nobody has started with for long. Whether
    there is such a place: with a full disk the files are given out from where they were built."""
    try:
        kept.mkdir(parents=True, exist_ok=True)
        # The compressed forms end later in the alphabet than what they belong to, and have to be there before it.
        for file in sorted(built.glob("*"), reverse=True):
            put(file, kept / file.name)
        for old in kept.iterdir():
            with suppress(FileNotFoundError):  # a process beside this one was quicker
                if old.stat().st_mtime < time.time() - KEPT:
                    old.unlink()
    except OSError as trouble:
        log.warning("The files of the pages are not kept for those who have them open: %s", trouble)
        return False
    return True


def put(file: Path, there: Path) -> None:
    """Whole from the moment at which it is there, for processes that start at the same time."""
    if not there.exists():
        half = there.parent.with_name(f"{there.parent.name}.{os.getpid()}")
        shutil.copyfile(file, half)
        half.replace(there)
    os.utime(there)
