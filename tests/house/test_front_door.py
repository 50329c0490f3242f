"""`run.py` says what is missing and the command that mends it, before it does anything long."""

import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).resolve().parents[2]


def knock(*words: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    env = dict(os.environ) | surroundings
    command = [sys.executable, "run.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        yield busy.getsockname()[1]


def test_help_lists_every_command() -> None:
    told = knock("--help")
    assert told.returncode == 0
    assert all(f"  {name} " in told.stdout for name in run.COMMANDS)


@pytest.mark.parametrize(
    ("says", "code", "comes_to", "in_words"),
    [
        ("found 0 vulnerabilities", 0, 0, "Nothing harmful is known of it"),
        ("1 high severity vulnerability", 1, 1, "Look at this"),
        ("error: Request failed after 3 retries", 2, 2, "NOT CHECKED: it"),
        ("npm error audit endpoint returned an error", 1, 2, "NOT CHECKED: it"),
    ],
)
def test_an_audit_that_reached_nobody_is_not_taken_for_a_clean_one(
    capsys: pytest.CaptureFixture[str], says: str, code: int, comes_to: int, in_words: str
) -> None:
    command = (sys.executable, "-c", f"import sys; print({says!r}, file=sys.stderr); sys.exit({code})")
    assert run.asked("it", command, ROOT) == comes_to
    assert in_words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "built"),
    [((), False), (("--report",), False), (("--seed", "7"), False), (("R19",), True), (("--full",), True)],
)
def test_faults_have_the_pages_built_where_some_of_their_tests_open_them(
    words: tuple[str, ...], built: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[object] = []
    monkeypatch.setattr(run, "prepare", lambda *chains: prepared.extend(chains))
    monkeypatch.setattr(run, "call", lambda *_: 0)
    run.faults(words)
    assert (run.FRONT_END in prepared) == built


STANDS_IN = """#!/bin/sh
case "$2" in audit) exit "$AUDIT";; test) echo tested; exit "$TESTS";; esac
"""


@pytest.mark.parametrize(
    ("audit", "tests", "comes_to"), [(0, 0, "green"), (1, 0, "red"), (2, 0, "green"), (0, 1, "red"), (2, 1, "red")]
)
def test_ci_is_red_for_a_known_hole_and_not_where_nobody_could_be_asked(
    audit: int, tests: int, comes_to: str, tmp_path: Path
) -> None:
    for name in ("python3", "chromium", "redis-server", "openssl", "nginx", "initdb"):
        (tmp_path / name).write_text(STANDS_IN)
        (tmp_path / name).chmod(0o755)
    env = {"PATH": f"{tmp_path}{os.pathsep}{os.defpath}", "AUDIT": str(audit), "TESTS": str(tests)}
    done = subprocess.run(["bash", ".ci/run"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert "tested" in done.stdout  # whatever is known of the packages, the tests have their say
    assert ("green" if done.returncode == 0 else "red") == comes_to


def test_the_list_of_parts_has_every_package_that_is_shipped_as_it_is_locked(tmp_path: Path) -> None:
    assert run.sbom([str(tmp_path)]) == 0
    listed = {
        name: {
            part["name"]: part["version"]
            for part in json.loads((tmp_path / f"{name}.cdx.json").read_text())["components"]
        }
        for name in ("python", "pages")
    }
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [*wanted["dependencies"], *wanted["optional-dependencies"]["scale"]]
    assert {re.split(r"[\[<>=;]", one)[0].strip() for one in named} <= set(listed["python"])
    locked = {one["name"]: one["version"] for one in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    assert listed["python"].items() <= locked.items()
    pages = json.loads((ROOT / "frontend" / "package.json").read_text())
    assert set(pages["dependencies"]) <= set(listed["pages"])
    assert not set(listed["python"]) & {"pytest", "ruff"}


def test_a_port_in_use_is_named_with_one_that_is_free(taken: int) -> None:
    told = knock(PORT=str(taken))
    assert told.returncode == 1
    assert f"Port {taken} on 127.0.0.1 is in use" in told.stderr
    assert "PORT=" in told.stderr.split("in use", 1)[1]


def test_a_port_that_is_no_number_is_named() -> None:
    assert "PORT must be a number" in knock(PORT="eight").stderr


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = knock(RONDO_DATA=str(tmp_path / "file" / "data"), PORT="18765")
    assert told.returncode == 1
    assert "cannot be written" in told.stderr
    assert "RONDO_DATA=" in told.stderr


def test_a_word_that_is_no_command_gets_the_list() -> None:
    told = knock("srve")
    assert told.returncode == 1
    assert "There is no command 'srve'" in told.stderr


def a_node(folder: Path, version: str) -> None:
    (folder / "node").write_text(f"#!/bin/sh\necho {version}\n")
    (folder / "node").chmod(0o755)


@pytest.mark.parametrize("version", ["v18.19.0", "v20.18.3"])
def test_an_old_node_is_named_with_what_brings_a_new_one(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_node(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit):
        run.need_node()
    assert f"this is Node {version[1:]}" in capsys.readouterr().err


def test_a_missing_node_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit):
        run.need_node()
    assert "there is no `node` here" in capsys.readouterr().err


def test_a_missing_venv_module_is_named_with_the_package_that_has_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        run.need_venv()
    assert "apt-get install python3-venv" in capsys.readouterr().err


def test_an_old_python_is_told_which_one_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit):
        run.need_python()
    assert "Rondo needs Python 3.11 or newer; this is Python 3.9.2." in capsys.readouterr().err


def test_a_step_is_taken_once_and_again_when_its_ingredients_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "NOTES", tmp_path / ".run")
    (tmp_path / "source").write_text("one")
    bake = "print('x', end='', file=open('bread', 'a'))"
    step = run.Step("bake", "Baking", ((sys.executable, "-c", bake),), ("source",), "bread", tmp_path)
    run.prepare((step,))
    run.prepare((step,))
    assert (tmp_path / "bread").read_text() == "x"
    (tmp_path / "source").write_text("two")
    run.prepare((step,))
    assert (tmp_path / "bread").read_text() == "xx"


def test_a_step_that_does_not_work_shows_what_was_said_and_how_to_repeat_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "NOTES", tmp_path / ".run")
    bake = (sys.executable, "-c", "raise SystemExit('no flour')")
    step = run.Step("bake", "Baking", (bake,), folder=tmp_path)
    with pytest.raises(SystemExit):
        run.prepare((step,))
    told = capsys.readouterr().err
    assert "no flour" in told
    assert "Baking did not work" in told


def test_what_fails_ends_what_goes_on_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "NOTES", tmp_path / ".run")
    long = (sys.executable, "-c", "import time; time.sleep(50)")
    short = (sys.executable, "-c", "raise SystemExit('no flour')")
    began = time.monotonic()
    with pytest.raises(SystemExit):
        run.prepare((run.Step("dig", "Digging", (long,)),), (run.Step("bake", "Baking", (short,)),))
    assert time.monotonic() - began < 20
    told = capsys.readouterr().err
    assert "Baking did not work" in told
    assert "Digging did not work" not in told


def test_nothing_is_begun_while_something_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "NOTES", tmp_path / ".run")
    bake = run.Step("bake", "Baking", ((sys.executable, "-c", "open('bread', 'w')"),), makes="bread", folder=tmp_path)
    eat = run.Step("eat", "Eating", (), checks=(lambda: run.stop("There is no table."),))
    with pytest.raises(SystemExit):
        run.prepare((bake,), (eat,))
    assert not (tmp_path / "bread").exists()


@pytest.mark.parametrize(
    ("home", "version", "stands"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_an_environment_made_by_another_python_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: bool, version: bool, stands: bool
) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    (tmp_path / ".venv").mkdir()
    place = os.path.dirname(os.path.realpath(run.BASE_PYTHON)) if home else "/usr/elsewhere"
    number = f"3.{sys.version_info[1] if version else 8}.1"
    (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"home = {place}\nversion = {number}\n")
    assert run.stands_on_this_python() is stands


def test_what_python_has_compiled_is_kept_whatever_the_surroundings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in run.environment()
