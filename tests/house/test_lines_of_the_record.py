"""Each act is one line in the record: whatever the rules can bring about has words on the pages."""

import re
from pathlib import Path

from decisions.process.events import EVENTS

PHRASES = Path(__file__).resolve().parents[2] / "frontend" / "src" / "words" / "phrases.ts"


def test_every_event_has_a_line_in_words() -> None:
    lines = PHRASES.read_text().split("export function eventLine")[1].split("\nfunction ")[0]
    assert set(EVENTS) - set(re.findall(r"^    (\w+): \(\) =>", lines, re.MULTILINE)) == set()
