"""R12: calls made from the description of the interface, by chance, as a member, as an outsider and as nobody."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
import requests  # as schemathesis asks: it passes on headers that others do not

from tests.faults import slow_calls
from tests.faults.circle import a_circle, database
from tests.faults.judge import judge
from tests.faults.run import FULL, Run, running
from tests.faults.slow_calls import LATE
from tests.story.people import Cast
from tests.story.rondo import ROOT, Rondo

pytestmark = [pytest.mark.faults, pytest.mark.timeout(14400)]

TOOL = str(Path(sys.executable).parent / "schemathesis")
MADE = re.compile(r"^\s*(\d+) generated", re.MULTILINE)
OFTEN = ("--max-examples", "500") if FULL else ("--max-time", "6")
MORE = 100 << 10  # KiB that the server may hold more than before
TRIES = 3
LEFT_OUT = ("content-length", "host", "idempotency-key")
"""With its key it would get the answer that is kept."""


def test_whatever_is_called_with_whatever_the_server_has_an_answer_soon_and_holds_no_more_memory() -> None:
    with running("R12") as run, a_circle() as (rondo, cast, _told):
        before = rondo.resident(0)
        for who, shown in voices(cast).items():
            called(run, rondo, who, shown)
        run.figures["memory_more_kib"] = more = rondo.resident(0) - before
        if more > MORE:
            run.found("impossible", f"the server holds {more} KiB more than before")
        none_is_slow(run, rondo.folder / "slow")
        judge(run, database(rondo), [])
        assert rondo.is_up(0)
        if complaints := rondo.complaints():
            run.found("server_errors", complaints[:2000])
        assert "all sound" in rondo.manage("verify_journal")


def voices(cast: Cast) -> dict[str, str]:
    """A header for each: Max has a voice in the team, Eve belongs to none of it."""
    eve = cast["eve"].make_token(cast.rondo.url(0))
    return {
        "a member": f"Authorization: Bearer {cast['max'].token}",
        "an outsider": f"Authorization: Bearer {eve}",
        "nobody": "X-Nobody: 1",
    }


def called(run: Run, rondo: Rondo, who: str, shown: str) -> None:
    described = str(ROOT / "docs" / "openapi.yaml")
    words = ["run", described, "--url", rondo.url(0), "--header", shown, "--checks", "not_a_server_error"]
    words += ["--phases", "examples,coverage,fuzzing", *OFTEN, "--warnings", "off"]
    words += ["--seed", str(run.seed), "--max-failures", "5", "--no-color", "--generation-database", ":memory:"]
    hooks = {"SCHEMATHESIS_HOOKS": slow_calls.__name__, "PYTHONPATH": str(ROOT)}
    env = {**os.environ, **hooks, slow_calls.FILE: str(rondo.folder / "slow")}
    done = subprocess.run([TOOL, *words], cwd=rondo.folder, env=env, capture_output=True, text=True, check=False)
    made = MADE.search(done.stdout)
    run.fault(f"calls as {who}", int(made[1]) if made else 0)
    if done.returncode or not made:
        run.found("server_errors", f"as {who}: {done.stdout[-1500:]}{done.stderr[-500:]}")


def none_is_slow(run: Run, file: Path) -> None:
    """What was answered late is asked again, alone: was it the call, or a machine that had other things to do?"""
    late = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    alone = [min(seconds(call) for _ in range(TRIES)) for call in late]
    for call, took in zip(late, alone, strict=True):
        if took > LATE:
            run.found("impossible", f"{call['method']} {call['url'][:200]} takes {took:.1f} s, alone too")
    run.figures["answers_later_than_1_s"] = len(late)
    run.figures["of_these_alone_at_most_ms"] = round(max(alone, default=0) * 1000)


def seconds(call: dict[str, Any]) -> float:
    headers = {name: value for name, value in call["headers"].items() if name.lower() not in LEFT_OUT}
    began = time.monotonic()
    requests.request(call["method"], call["url"], headers=headers, data=b64decode(call["body"]), timeout=60)
    return time.monotonic() - began
