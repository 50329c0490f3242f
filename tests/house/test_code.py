"""What every file of the product is held to, beyond what the linters know."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("config", "conventions", "notices", "teams", "decisions", "meetings", "trying")
LONG, LONGEST = 300, 400


def modules() -> list[Path]:
    found = [path for folder in PRODUCT for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def named(paths: Iterator[Path] | list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (found for found in ast.walk(node) if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef))


def connects_a_signal(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"):
        return any(alias.name in ("receiver", "Signal") or "signals" in alias.name for alias in node.names)
    return isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".signals")


def test_no_module_listens_to_a_signal() -> None:
    assert not named(path for path in modules() if any(map(connects_a_signal, ast.walk(tree(path)))))


def test_only_the_outbox_sends_mail() -> None:
    def sends(node: ast.AST) -> bool:
        named = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        return any(name.startswith(("smtplib", "django.core.mail")) for name in (module, *named))

    found = {path.relative_to(ROOT).parts[0] for path in modules() if any(map(sends, ast.walk(tree(path))))}
    assert found == {"notices"}


def test_no_model_overrides_save_or_delete() -> None:
    hidden = {"save", "delete", "bulk_create", "refresh_from_db"}
    models = [path for path in modules() if path.name == "models.py"]
    assert models
    assert not named(path for path in models if hidden & {found.name for found in functions(tree(path))})


def test_no_import_hides_inside_a_function() -> None:
    def hides(path: Path) -> bool:
        inside = (node for function in functions(tree(path)) for node in ast.walk(function))
        return any(isinstance(node, ast.Import | ast.ImportFrom) for node in inside)

    assert not named(path for path in modules() if hides(path))


def test_every_module_begins_by_saying_what_it_is() -> None:
    spoken = [path for path in modules() if path.name != "__init__.py"]
    assert not named(path for path in spoken if not ast.get_docstring(tree(path)))


def test_hardly_a_module_is_longer_than_can_be_read_at_once() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in modules()}
    assert not named([path for path, length in lengths.items() if length > LONGEST])
    assert sum(length > LONG for length in lengths.values()) <= len(lengths) / 20


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "managers", "handlers", "common", "misc"}
    assert not named(path for path in modules() if path.stem in empty)


def test_the_front_door_can_be_read_by_an_old_python() -> None:
    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 8))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.fail("This has to run in a git clone: " + listed.stderr)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("folder", ["opt", "work", "home", "root", "Users"])
def test_no_file_names_a_place_on_somebodys_machine(folder: str) -> None:
    place = f"/{folder}/"
    assert not named(path for path in tracked() if place.encode() in path.read_bytes())


def test_nothing_that_is_made_is_committed() -> None:
    made = {"node_modules", "dist", "__pycache__", ".venv", ".run", "data"}
    assert not named(path for path in tracked() if made & set(path.relative_to(ROOT).parts))
