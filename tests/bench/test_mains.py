"""Each bench comes to its end, as small as can be, and notes what the page of speed is made from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench import commands, fanout, growth, http, idle, start, storm
from bench.parts import notes
from bench.parts.targets import TARGETS

MAINS: dict[str, tuple[Callable[[], Any], str, set[str]]] = {
    "http": (
        http.main,
        "--rounds 1 --seconds 0.1",
        {"snapshot_per_s", "nested_per_s", "bare_per_s", "own_ms_p99", "snapshot_times_bare", "own_kib"},
    ),
    "commands": (
        commands.main,
        "--rounds 1 --each 4",
        {"database", "proposals", "command_ms", "bare_ms", "statements", "answered_ms_p99"},
    ),
    "storm": (storm.main, "--rounds 1 --sockets 30", {"sockets", "joined_s", "unasked_s", "usual_s"}),
    "start": (start.main, "--rounds 1", {"started_s_most"}),
    "idle": (
        idle.main,
        "--sockets 20 --commands 6 --rest 0.2",
        {"sockets", "cpu_percent_idle", "answered_alone_ms_p99", "ratio_to_alone"},
    ),
    "growth": (
        growth.main,
        "--rounds 1 --decisions 8 --members 4",
        {"of", "from", "to", "list_ms_few", "command_ms_many"},
    ),
    "fanout": (
        fanout.main,
        "--rounds 1 --sockets 20",
        {"sockets", "rondo_last_ms", "websockets_burst_per_s", "stopped_readers_cut", "kib_per_idle_socket"},
    ),
}
SMALL = {
    (idle, "ROOM"): 4,
    (commands, "PROPOSALS"): (2,),
    (commands, "WRITERS"): 3,
    (fanout, "ENTRIES"): 10,
    (fanout, "SELDOM"): 5,
}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small everywhere, on SQLite, and noted in a place of this test's own."""
    monkeypatch.setattr(notes, "KEPT", tmp_path / "bench.jsonl")
    monkeypatch.setattr(commands, "postgres", not_here)
    monkeypatch.setenv("BENCH_TIMES", "1")
    monkeypatch.setenv("BENCH_PEOPLE", "9")
    for (module, name), value in SMALL.items():
        monkeypatch.setattr(module, name, value)
    return notes.KEPT


def not_here() -> None:
    raise RuntimeError("PostgreSQL is left out here.")


@pytest.mark.parametrize("name", MAINS)
def test_a_bench_ends_well_and_says_what_it_found(
    name: str, kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main, words, keys = MAINS[name]
    monkeypatch.setattr("sys.argv", [name, *words.split()])
    ended = main()
    if asyncio.iscoroutine(ended):
        asyncio.run(ended)
    lines = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {key: value for key, value in line.items() if key not in ("at", "machine")} for line in lines
    ]
    assert lines
    aimed = {figure for figure, *_ in TARGETS[name] if figure != "ratio_over_redis"}
    for line in lines:
        assert line["bench"] == name
        assert keys | aimed | {"rounds", "quick"} - ({"rounds"} if name in ("commands", "idle") else set()) <= {*line}
        assert all(value > 0 for key, value in line.items() if key.startswith(("ratio_to", "command_", "list_")))
