"""When all journals were last checked, and how they were found: a note in the data folder, for the administrator."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from conventions import clock
from conventions.clock import rfc3339


def _place() -> Path:
    return Path(settings.DATA) / "journal-check.json"


def note(journals: int, faulty: int) -> None:
    """A folder that cannot be written is no reason for a check to fail."""
    told = {"at": rfc3339(clock.now()), "journals": journals, "faulty": faulty}
    with suppress(OSError):
        _place().write_text(json.dumps(told))


def last() -> dict[str, Any] | None:
    """None where there was no check yet, or on another machine."""
    try:
        told = json.loads(_place().read_text())
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and {"at", "journals", "faulty"} <= told.keys() else None
