"""What is asked of each bench's figures, and what each bench is about, as docs/performance.md says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.parts import sized

Line = Mapping[str, Any]
Verdict = tuple[str, float, str, float, bool]
"""What, found, at most or at least, target, whether it was met."""

APART = ("sockets", "database", "proposals", "of", "teams", "members", "setup", "pace_s")
"""What tells two runs of one bench apart."""
MOST, LEAST = "at most", "at least"
TEAMS = 50  # of twelve, that decide at once
HALL = 200  # members in one room
START_MIB = round(85e6 / sized.MIB)

TARGETS: Mapping[str, Sequence[tuple[str, str, float, Line]]] = {
    "fanout": (
        ("ratio_to_c", MOST, 1.5, {"sockets": 1000}),
        ("p99_to_c", MOST, 1.4, {"sockets": 1000}),
        ("ratio_to_c", MOST, 1.3, {"sockets": 5000}),
        ("ratio_to_websockets", MOST, 0.7, {"sockets": 1000}),
        ("ratio_to_tutorial", MOST, 0.125, {"sockets": 1000}),
        ("burst_times_c", LEAST, 1.5, {}),
        ("burst_times_tutorial", LEAST, 25, {"sockets": 1000}),
        ("ratio_over_redis", MOST, 1.3, {}),
        ("ratio_with_stopped_reader", MOST, 1.2, {}),
        ("ratio_among_readers", MOST, 1.5, {"sockets": 1000}),
        ("processor_times_tutorial", LEAST, 12, {"sockets": 1000}),
    ),
    "http": (
        ("snapshot_times_nested", LEAST, 8, {}),
        ("empty_times_stock", LEAST, 6, {}),
        ("written_times_stock", LEAST, 2.2, {}),
    ),
    "commands": (("ratio_to_bare", MOST, 3, {}), ("p99_to_p50", MOST, 3, {})),
    "storm": (("ratio_to_unasked", MOST, 1.7, {}), ("usual_times_ours", LEAST, 3, {})),
    "start": (("started_s", MOST, 0.8, {}), ("mib", MOST, START_MIB, {})),
    "idle": (
        ("kib_per_idle_socket", MOST, 30, {}),
        ("cpu_percent_idle", MOST, 5, {}),
        ("answered_ms_p99", MOST, 150, {}),
    ),
    "growth": tuple(
        (f"{name}_times", MOST, 1.3, {"of": "decisions"}) for name in ("list", "search", "snapshot", "command")
    ),
    "meeting": (
        ("turn_ms_p95", MOST, sized.PUSH_MS, {"members": HALL}),
        *(
            (name, MOST, most, rooms)
            for rooms in ({"members": HALL, "teams": 1}, {"teams": TEAMS})
            for name, most in (("answer_ms_p95", sized.ANSWER_MS), ("push_ms_p95", sized.PUSH_MS), ("errors", 0))
        ),
    ),
    "capacity": (("rooms", LEAST, TEAMS, {"setup": "redis"}),),
}
NEIGHBOURS: Mapping[str, Mapping[bool, str]] = {
    name: {True: name.replace("p95", "p99"), False: name.replace("p95", "p50")} for name in ("turn_ms_p95",)
}
"""What judges where a run did not note the figure itself: it is met if so is the one above it, and missed if so is
the one below."""
ABOUT = {
    "fanout": "From an entry's announcement to the last of the sockets having read it, beside a C loop around epoll "
    "that sends each entry by itself, a bare `websockets` `broadcast()`, and the group of the Channels tutorial. "
    "`ratio_with_stopped_reader`: with one among them who stopped reading, beside the same without. "
    "`ratio_among_readers`: while four people ask the same process over HTTP as fast as they are answered, beside the "
    "same while it rests. `processor_times_tutorial`: the processor that the tutorial's server takes for an entry to "
    "all of them, in Rondo's, whose entry is a command that was recorded.",
    "http": "The snapshot of a decision over HTTP, beside nested DRF serializers over the same rows and bare SQL into "
    "msgspec, which asks nobody who they are. Rondo's is warm: its process keeps the picture while the journal's head "
    "stays the same, and still asks each time who asks and whether they may see it; the first round is left out. The "
    "other two read every row each time, as such views do. `own`: what a page asks for, each person's own sealed "
    "answers in it; `snapshot`: with `?shared`, what everybody may see, the same for all. The headlines "
    "`snapshot_times_nested` and `snapshot_times_bare` are of `own`, `shared_times_nested` is of the other. `at_once`: "
    "so many people, each of whom asks again as soon as they are answered. `empty` and `written`, beside the same "
    "with `stock` before it: an empty view, and a question asked or taken back, under Django's own ASGI handler. "
    "`empty` stands behind five of Django's middlewares, and the one that the account library insists on; `site_empty` "
    "behind all those of the site, which reckon the same on both sides. `written` is the very same site.",
    "commands": "A command through `submit`, beside the very statements that it made, sent bare to a copy; and 16 "
    "people who write at once through the server. PostgreSQL runs with fsync off: the bare side gains most by it.",
    "storm": "All join in the same moment, each with a token of their own (`Authorization: Bearer`, no cookie), beside "
    "the same with nobody asked who they are or what they may see. It ends when the last of them is told `subscribed`; "
    "what a page then asks for, its snapshot first of all, is not in it. `usual`: the same people, each with a "
    "session, through Channels' `AuthMiddlewareStack`, a look through `database_sync_to_async` at whether they may see "
    "it, and a group.",
    "start": "A server on SQLite from nothing until it listens, with all that is compiled once compiled, and what is "
    "resident then, the pages that it shares with other programs included.",
    "idle": "Sockets on which nothing happens, and how a room of fifty is answered meanwhile. `cpu_percent_idle`: what "
    "they take of one processor, of which there are as many as stand under the machine below.",
    "growth": "What one request costs as decisions become many, and as members do. In one process, without a network, "
    "on SQLite. Lists and searches grow with members because they say more: each row names everybody whom its decision "
    "waits for, in twenty of the fifty rows of a list a thousand people each. The command asks the first question of a "
    "round or takes it back.",
    "meeting": "One room over two servers, PostgreSQL and Redis, cut off again and again; and rooms that keep a pace, "
    "many of twelve at once or one of two hundred, on the same two or in one process on SQLite, as `setup` says: each "
    "acts every `pace_s` seconds, 5 being what is asked for, 30 the pace of people who talk with each other. `answer`: "
    "until the command was answered; `push`: from the press until everybody in the room has it. In the room that is "
    "cut off nobody waits to think: `turn` is from the press until everybody has it where one speaks after another, "
    "`at_once` the same in the rounds in which all press in the same moment, so that the last of two hundred waits for "
    "all before them; nothing is asked of that figure, as no two hundred people press within the same second. That "
    "room has a PostgreSQL with fsync off, those that keep a pace one with fsync on, as each table says.",
}


def judged(lines: Iterable[Line]) -> list[Verdict]:
    """Every figure that has a target."""
    found = []
    for line in lines:
        for name, which, target, only in TARGETS.get(line["bench"], ()):
            if all(line.get(key) == value for key, value in only.items()):
                found += [
                    (f"{title(line)}: {one}", line[one], which, target, met)
                    for one, met in standing_for(name, which, target, line)
                ]
    return found


def standing_for(name: str, which: str, target: float, line: Line) -> list[tuple[str, bool]]:
    """The figure that can be judged, and whether it is within its target; none where nothing can be said."""

    def met(one: str) -> bool:
        return bool(line[one] <= target if which == MOST else line[one] >= target)

    if name in line:
        return [(name, met(name))]
    return [(one, right) for right, one in NEIGHBOURS.get(name, {}).items() if one in line and met(one) == right]


def title(line: Line) -> str:
    """`fanout (sockets 1000)`."""
    apart = ", ".join(f"{name} {line[name]}" for name in APART if name in line)
    return f"{line['bench']} ({apart})" if apart else str(line["bench"])
