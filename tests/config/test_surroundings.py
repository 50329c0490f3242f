"""What the surroundings say, and what is refused of it in production."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

KEY = "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("RONDO_ENV", "SECRET_KEY", "RONDO_HOSTS", "DEBUG", "RONDO_DATA"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_first_start_makes_a_key_that_only_its_owner_reads(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = environment.secret_key(tmp_path, local=True)
    assert len(first) >= 50
    assert environment.secret_key(tmp_path, local=True) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_starts_at_the_same_moment_share_one_key(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: environment.secret_key(tmp_path, local=True), range(8)))
    assert len(keys) == 1
    assert keys != {""}


@pytest.mark.parametrize("weak", ["", "short", "a" * 60, "django-insecure-" + KEY])
def test_production_refuses_a_missing_or_weak_key(bare: pytest.MonkeyPatch, tmp_path: Path, weak: str) -> None:
    bare.setenv("SECRET_KEY", weak)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        environment.secret_key(tmp_path, local=False)


@pytest.mark.parametrize("hosts", ["", "*", "rondo.example,*"])
def test_production_names_its_hosts(bare: pytest.MonkeyPatch, hosts: str) -> None:
    bare.setenv("RONDO_HOSTS", hosts)
    with pytest.raises(ImproperlyConfigured, match="RONDO_HOSTS"):
        environment.hosts(local=False)


def test_production_shows_no_secrets_to_visitors(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("DEBUG", "1")
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        environment.debug(local=False)


def test_surroundings_are_local_or_production(bare: pytest.MonkeyPatch) -> None:
    assert environment.which() == "local"
    bare.setenv("RONDO_ENV", "staging")
    with pytest.raises(ImproperlyConfigured, match="RONDO_ENV"):
        environment.which()


def test_a_data_folder_that_cannot_be_made_is_said_to_be_so(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    bare.setenv("RONDO_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(ImproperlyConfigured, match="RONDO_DATA"):
        environment.data_folder()


def test_production_passes_the_check_for_deployment(tmp_path: Path) -> None:
    told = {"RONDO_ENV": "production", "SECRET_KEY": KEY, "RONDO_HOSTS": "rondo.example", "RONDO_DATA": str(tmp_path)}
    surroundings = {**os.environ, **told, "RONDO_HSTS_SUBDOMAINS": "1"}
    surroundings.pop("DEBUG", None)
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=surroundings, cwd=environment.BASE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    problems = [line for line in checked.stderr.splitlines() if "(security." in line]
    assert problems == [] or all("W021" in line for line in problems), checked.stderr
