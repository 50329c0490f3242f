"""What is read back in several threads was prepared in one."""

from __future__ import annotations

import subprocess
import sys

STORY = """
import django
django.setup()
from decisions import journal, shelves
from decisions.process import events, state
from meetings import store
from meetings.process import events as meeting_events
from meetings.process.state import Meeting
read_back = [state.Room, Meeting, *events.EVENTS.values(), *meeting_events.EVENTS.values()]
print([kind.__name__ for kind in read_back if "__msgspec_cache__" not in vars(kind)])
"""


def test_every_type_that_is_read_back_is_prepared_when_its_module_is_imported() -> None:
    told = subprocess.run([sys.executable, "-c", STORY], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
