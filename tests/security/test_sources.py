"""What the sources and lock files themselves have to be: where chance comes from, which hashes, whose packages."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

from tests.security.test_attacks import ROOT, modules

INDEX = "https://pypi.org/simple"
WEAK = {"md5", "sha1", "crypt"}
SECRET = re.compile(r"(?i)\b(secret|password|token|api_?key)\w*\s*[:=]\s*[\"'][A-Za-z0-9+/_-]{20,}[\"']")


def imported(path: Path) -> set[str]:
    tree = ast.walk(ast.parse(path.read_text()))
    return {name.name for node in tree if isinstance(node, ast.Import | ast.ImportFrom) for name in node.names} | {
        str(node.module) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)
    }


def test_chance_that_can_be_foretold_is_used_for_waiting_times_alone() -> None:
    using = {str(path.relative_to(ROOT)) for path in modules() if "random" in imported(path)}
    assert using == {"notices/delivery.py"}  # for how long a mail rests that could not be delivered


def test_no_broken_hash_is_used_for_anything() -> None:
    using = {path for path in modules() if re.search(rf"\b({'|'.join(WEAK)})\b\(", path.read_text())}
    assert using == set()


def test_no_source_holds_a_secret() -> None:
    sources = [*modules(), *ROOT.glob("*.py"), *ROOT.glob("deploy/*"), *ROOT.glob("frontend/src/**/*.ts")]
    found = {str(path.relative_to(ROOT)): SECRET.findall(path.read_text()) for path in sources}
    assert {path for path, secrets in found.items() if secrets} == set()


def test_every_python_package_is_locked_by_its_hash_and_comes_from_one_index() -> None:
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    others = [one for one in packages if one["source"] != {"registry": INDEX}]
    assert [one["name"] for one in others] == ["rondo"]
    files = [file for one in packages for file in (*one.get("wheels", ()), *filter(None, [one.get("sdist")]))]
    assert len(files) > len(packages)
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", file["hash"]) for file in files)


def test_every_package_of_the_pages_is_locked_by_its_hash() -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    whole = {name: one for name, one in packages.items() if name}  # the nameless one is ours
    assert len(whole) > 100
    assert [name for name, one in whole.items() if not one.get("integrity", "").startswith("sha512-")] == []
