"""What the pages for readers promise exists."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import get_commands

import run

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@EVERY_PAGE
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    near = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert not [link for link in near if not (page.parent / link).exists()]


@EVERY_PAGE
def test_every_command_of_the_front_door_exists(page: Path) -> None:
    words = re.findall(r"(?:python3 |`|\./)run\.py ([a-z]+)", page.read_text())
    assert not set(words) - set(run.COMMANDS)


@EVERY_PAGE
def test_every_command_of_the_server_exists(page: Path) -> None:
    words = re.findall(r"(?:manage\.py|run\.py manage) ([a-z_]+)", page.read_text())
    assert not set(words) - set(get_commands())


def test_every_setting_from_the_environment_is_described() -> None:
    described = (ROOT / "docs" / "operating.md").read_text()
    sources = [*ROOT.glob("config/*.py"), *ROOT.glob("decisions/live/*.py")]
    read = r"(?:env(?:\.\w+)?\(|environ(?:\.get\(|\[))\s*\"([A-Z][A-Z_]+)\""
    names = {name for path in sources for name in re.findall(read, path.read_text())}
    known = set(re.findall(r"`([A-Z…][A-Z_]+)`", described)) | {"RONDO_FRONTEND", "DEBUG"}
    assert {"HOST", "PORT", "RONDO_DATA"} <= known
    assert not {name for name in names if not {name, name.replace("RONDO_ALLOW_", "…_")} & known}


ASSESSMENT = (ROOT / "docs" / "security.md").read_text()


def test_every_test_that_the_assessment_names_exists() -> None:
    named = set(re.findall(r"`(\w+/test_\w+\.py)(?:::(\w+))?`", ASSESSMENT))
    places = set(re.findall(r"`((?:config|conventions|decisions|tools|frontend|security)/[\w/.-]+)`", ASSESSMENT))
    files = {name for name, _ in named}
    assert len(files) > 20
    assert not [name for name, test in named if not test]
    assert not [name for name in files if not (ROOT / "tests" / name).exists()]
    assert not [f"{name}::{test}" for name, test in sorted(named) if test not in names_in(name)]
    assert not [name for name in places if not (ROOT / name).exists() and not (ROOT / "tests" / name).exists()]


def names_in(name: str) -> set[str]:
    return set(re.findall(r"^(?:async )?def (test_\w+)\(", (ROOT / "tests" / name).read_text(), re.MULTILINE))


def test_every_line_of_the_assessment_has_its_number_and_its_test_or_says_that_there_is_none() -> None:
    rows = [line.strip("| ").split(" | ") for line in ASSESSMENT.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 60
    for number, asked, so, *where in rows:
        assert re.fullmatch(r"–|V\d+(\.\d+){0,2}(, V\d+\.\d+\.\d+)*", number), asked
        assert so in ("yes", "in part", "no", "n.a."), asked
        assert so not in ("yes", "in part") or "::test_" in where[0] or "no test" in where[0], asked


def decisions() -> list[Path]:
    return sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(page.name[:4]) for page in decisions()]
    assert numbers[0] == 1
    assert all(after == before + 1 for before, after in pairwise(numbers))


def test_each_decision_says_what_was_not_taken_and_is_listed() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text()
    for page in decisions():
        assert page.name in listed
        assert page.read_text().startswith(f"# {int(page.name[:4])}. ")
        assert "**Not taken.**" in page.read_text()


def test_the_changelog_names_the_version_that_is_being_made() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()
