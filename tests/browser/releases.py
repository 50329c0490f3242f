"""Another release of the pages, and a server of the release after this one: `python -m tests.browser.releases`.

What that one does otherwise is what a later release may do: entries of a kind that these pages do not know, fields that
they do not know, and a rule with a refusal of its own.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any, cast

from config import server

PROGRAM = "tests.browser.releases"
KIND = "applauded"
LATE = "after hours"
REFUSED = "Questions rest between eight in the evening and seven."


def another(built: Path, to: Path) -> Path:
    """The same pages as another build would have them: every file below `assets/` has another name."""
    packed = (".gz", ".br")
    shutil.copytree(built, to, ignore=shutil.ignore_patterns(*(f"*{end}" for end in packed)))
    assets = {file.name: f"next-{file.name}" for file in (to / "assets").iterdir()}
    named = re.compile("|".join(re.escape(name) for name in sorted(assets, key=len, reverse=True)))
    for file in [*to.glob("assets/*.js"), to / "index.html", to / ".vite" / "manifest.json"]:
        file.write_text(named.sub(lambda found: assets[found[0]], file.read_text()))
    for name, other in assets.items():
        (to / "assets" / name).rename(to / "assets" / other)
    return to


def entries_of_another_kind() -> None:
    from decisions import journal
    from decisions.process.events import EVENTS, Reacted

    Reacted.name = KIND
    EVENTS[KIND] = Reacted
    content = journal.content
    journal.content = lambda event: {**content(event), "mood": "warm"}


def fields_that_nobody_knows() -> None:
    from decisions.picture import Painter

    picture = Painter._picture
    Painter._picture = lambda self, state: {  # type: ignore[method-assign]
        **picture(self, state),
        "weather": {"sky": "clear", "seq": state.seq},
    }


def a_refusal_of_its_own() -> None:
    from decisions import submit
    from decisions.process.commands import AskQuestion
    from decisions.process.engine import Refused, decide
    from decisions.process.refusals import CONFLICTS, Refusal

    cast("dict[str, str]", CONFLICTS)["quiet_hours"] = REFUSED

    def decide_in_hours(state: Any, command: Any) -> Any:
        if isinstance(command, AskQuestion) and LATE in command.text:
            raise Refused(Refusal("quiet_hours"))
        return decide(state, command)

    cast("Any", submit).decide = decide_in_hours


def main() -> int:
    import config.asgi  # noqa: F401 - sets Django up

    entries_of_another_kind()
    fields_that_nobody_knows()
    a_refusal_of_its_own()
    return server.main()


if __name__ == "__main__":
    sys.exit(main())
