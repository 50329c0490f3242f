"""What people noted down of their entries, asked about after the database went back to an earlier state."""

from __future__ import annotations

from collections.abc import Iterable

from tests.faults.judge import Acked, Rows
from tests.faults.run import Run
from tests.story.people import Cast


def newer_are_named(run: Run, cast: Cast, rows: Rows, acked: Iterable[Acked]) -> None:
    """The receipt of an entry stands where the entry came back, and is said not to stand where it did not; where the
    whole decision is gone it is not known, which is said beside when the database was restored."""
    kept = {(row[0], row[1]): row[8] for row in rows.journal()}
    decisions = {proposal for proposal, _ in kept}
    gone = 0
    for one in acked:
        receipt = f"rondo:{one.proposal}:{one.seq}:{one.hash[:32]}"
        status, told = cast.ask("fay", "GET", f"receipts/?receipt={receipt}")
        stands = status == 200 and told["stands"]
        if (status == 404) != (one.proposal not in decisions):
            run.found("lost", f"the receipt of entry {one.seq} of {one.proposal} is answered with {status}")
        back = kept.get((one.proposal, one.seq)) == one.hash
        gone += not back
        if stands != back or (told["restored"] is None) == (not back):
            run.found("lost", f"the receipt of entry {one.seq} of {one.proposal} says {told}")
    run.figures["receipts_named_as_gone"] = run.figures.get("receipts_named_as_gone", 0) + gone
