"""The arrows that must never exist are found: each is drawn in a copy of the tree, and a contract breaks."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "conventions", "notices", "teams", "decisions", "meetings", "trying")
ARROWS = {
    "the rules to Django": ("decisions/process/engine.py", "import django.utils"),
    "the rules to anything of ours": ("decisions/process/engine.py", "from conventions import clock"),
    "the rules to rows": ("decisions/process/engine.py", "from decisions import models"),
    "teams to decisions": ("teams/flows.py", "from decisions import read"),
    "the outbox to teams": ("notices/outbox.py", "from teams import models"),
    "teams to the outbox's rows": ("teams/flows.py", "from notices import models"),
    "conventions to teams": ("conventions/ids.py", "from teams import flows"),
    "live to submit": ("decisions/live/hub.py", "from decisions import submit"),
    "read to live": ("decisions/read.py", "from decisions.live import hub"),
    "read to submit": ("decisions/read.py", "from decisions import submit"),
    "store to live": ("decisions/store.py", "from decisions.live import hub"),
    "inputs to rows": ("decisions/api/inputs.py", "from decisions import models"),
    "decisions to meetings": ("decisions/gathering.py", "from meetings import store"),
    "a meeting's rules to decisions": ("meetings/process/engine.py", "from decisions import read"),
    "a meeting to the rows of decisions": ("meetings/store.py", "from decisions import models"),
    "decisions to trying": ("decisions/read.py", "from trying import visits"),
    "trying to rows": ("trying/visits.py", "from decisions import models"),
    "the product to its tests": ("config/urls.py", "import tests.whole"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def judged(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_tree_as_it_is_keeps_every_contract(copy: Path) -> None:
    told = judged(copy)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(("place", "line"), ARROWS.values(), ids=ARROWS)
def test_this_arrow_breaks_a_contract(copy: Path, place: str, line: str) -> None:
    source = copy / place
    before = source.read_text()
    source.write_text(f"{before}\n{line}\n")
    try:
        told = judged(copy)
    finally:
        source.write_text(before)
    assert told.returncode == 1
    assert "BROKEN" in told.stdout
