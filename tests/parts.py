"""Everything that `run.py test` runs, as a table: each part a command, what it needs, and how it went."""

import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
MADE = ROOT / ".run"
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
SYSTEM_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))
MAIL = ("EMAIL_URL", "RONDO_MAIL_FROM", "RONDO_URL")
TESTED = ("python", "walk", "browser")  # the groups that pytest runs

COUNTED = ("passed", "failed", "skipped", "error")


@dataclass(frozen=True)
class Need:
    """Something a part cannot run without, and the command that brings it."""

    name: str
    find: Callable[[], str | None]
    mend: str


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def find_initdb() -> str | None:
    return shutil.which("initdb") or next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))), None)


CHROMIUM = Need("Chromium", find_chromium, "apt-get install chromium (or CHROMIUM=/where/it/is)")
POSTGRES = Need("PostgreSQL", find_initdb, "apt-get install postgresql")
NGINX = Need("nginx", lambda: shutil.which("nginx", path=SYSTEM_PATH), "apt-get install nginx-light")
REDIS = Need("Redis", lambda: shutil.which("redis-server"), "apt-get install redis-server")


@dataclass(frozen=True)
class Part:
    """A command that must end well, and perhaps a file it makes that must equal the committed one."""

    name: str
    group: str
    command: tuple[str, ...]
    folder: Path = ROOT
    same: tuple[str, str] | None = None
    needs: tuple[Need, ...] = ()


@dataclass
class Result:
    part: Part
    word: str  # ok, failed, skipped, missing
    seconds: float = 0.0
    note: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def python(*words: str) -> tuple[str, ...]:
    return (sys.executable, *words)


def node(tool: str, *words: str) -> tuple[str, ...]:
    return (str(FRONTEND / "node_modules" / ".bin" / tool), *words)


WORKERS = str(min(os.cpu_count() or 1, 8))
BESIDE_SERVERS = ("-m", "tests.servers")
PYTEST = ("-m", "pytest", "-q", "--durations=5", "-n", WORKERS)
PLAIN = ("-m", "not browser and not redis and not postgres and not faults")
PURE = ("process", "house", "tools")  # these folders know no database: once is enough
SIMULATED = ("bench/test_simulated.py", "bench/test_fitted.py")  # nor do these
# … and thousands of calls say of rights what tests/api says of them on both databases.
ONCE = (*PURE, *SIMULATED, "security")
WIDE = ("-p", "tests.own_redis", "-m", "not browser and not faults", *(f"--ignore=tests/{path}" for path in ONCE))
# What only looks at pages has no clock to keep, so it goes side by side; the rest is seen by everybody within a second.
LOOKED_AT = tuple(f"tests/browser/test_{name}.py" for name in ("walkabout", "seen_otherwise"))
IN_TIME = tuple(f"--ignore={path}" for path in LOOKED_AT)
SCHEMA, TYPES, KNOWN_TYPES = ".run/openapi.yaml", ".run/schema.d.ts", "frontend/src/api/schema.d.ts"
SPECTACULAR = ("manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", SCHEMA)
OPENAPI_TYPES = ("../docs/openapi.yaml", "-o", f"../{TYPES}")

PARTS = (
    Part("ruff", "lint", python("-m", "ruff", "check", ".")),
    Part("format", "lint", python("-m", "ruff", "format", "--check", "--quiet", ".")),
    Part("mypy", "lint", python("-m", "mypy")),
    Part("imports", "lint", (str(Path(sys.executable).parent / "lint-imports"),)),
    Part("django", "lint", python("manage.py", "check", "--fail-level", "WARNING")),
    Part("migrations", "lint", python("manage.py", "makemigrations", "--check", "--dry-run")),
    Part("schema", "lint", python(*SPECTACULAR), same=(SCHEMA, "docs/openapi.yaml")),
    Part("types", "lint", node("openapi-typescript", *OPENAPI_TYPES), FRONTEND, (TYPES, KNOWN_TYPES)),
    Part("eslint", "lint", node("eslint", "."), FRONTEND),
    Part("prettier", "lint", node("prettier", "--check", "--log-level", "warn", "."), FRONTEND),
    Part("svelte-check", "lint", ("npm", "run", "--silent", "check"), FRONTEND),
    Part("vitest", "pages", ("npm", "run", "--silent", "test"), FRONTEND),
    Part("pytest", "python", python(*PYTEST, *PLAIN)),
    Part("pytest-scale", "python", python(*BESIDE_SERVERS, *PYTEST, *WIDE), needs=(POSTGRES, REDIS, NGINX)),
    Part("faults", "faults", python("-m", "tests.faults"), needs=(POSTGRES, REDIS)),
    Part("walk", "walk", python(*PYTEST, "-m", "browser", *LOOKED_AT), needs=(CHROMIUM,)),
    Part("browser", "browser", python("-m", "pytest", "-v", "-m", "browser", *IN_TIME), needs=(CHROMIUM,)),
)


def chosen(words: Sequence[str]) -> list[Part]:
    """The parts these words name; the other words go on to pytest, alone unless a part is named too."""
    names = {name for part in PARTS for name in (part.name, part.group)}
    wanted = [word for word in words if word in names]
    rest = tuple(word for word in words if word not in names)
    if rest and not wanted:
        wanted = ["pytest"]
    parts = [part for part in PARTS if not wanted or part.name in wanted or part.group in wanted]
    return [replace(part, command=part.command + rest) if part.group in TESTED else part for part in parts]


def attempt(part: Part) -> Result:
    missing = [need for need in part.needs if not need.find()]
    if missing:
        mends = "; ".join(f"{need.name} is missing: {need.mend}" for need in missing)
        return Result(part, "missing" if IN_CI else "skipped", note=mends)
    print(f"\n── {part.name} " + "─" * max(4, 100 - len(part.name)), flush=True)
    began = time.monotonic()
    code, counts = watched(part)
    word, note = judged(part, code, counts)
    return Result(part, word, time.monotonic() - began, note, counts)


def judged(part: Part, code: int, counts: dict[str, int]) -> tuple[str, str]:
    if code:
        return "failed", f"exit code {code}"
    if part.same and not same_bytes(*part.same):
        return "failed", f"{part.same[1]} is behind the code: python3 run.py schema"
    if IN_CI and counts.get("skipped"):
        return "failed", f"{counts['skipped']} skipped, and in CI nothing may be"
    return "ok", ""


def same_bytes(made: str, committed: str) -> bool:
    known = ROOT / committed
    return known.exists() and (ROOT / made).read_bytes() == known.read_bytes()


def watched(part: Part) -> tuple[int, dict[str, int]]:
    """Run a part with its output shown, and keep the figures of its closing line."""
    counts: dict[str, int] = {}
    process = subprocess.Popen(
        part.command,
        cwd=part.folder,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        for raw in process.stdout or ():
            sys.stdout.buffer.write(raw)
            sys.stdout.buffer.flush()
            counts = figures(raw.decode(errors="replace")) or counts
        return process.wait(), counts
    finally:
        process.terminate()
        process.wait()


def figures(line: str) -> dict[str, int]:
    """The figures of a closing line such as `41 passed, 1 skipped in 3.20s` or `Tests  12 passed (12)`."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", line).strip(" =\r\n")
    begins = re.match(r"(Tests\s+)?\d+ (passed|failed|skipped|error)", plain)
    ends = re.search(r" in [\d.]+s( \([\d:]+\))?$|\(\d+\)$", plain)
    found = re.findall(r"(\d+) (passed|failed|skipped|error)", plain) if begins and ends else []
    return {word: int(number) for number, word in found}


def surroundings() -> dict[str, str]:
    """The tests see neither the operator's database, nor data folder, nor mail server."""
    mine = {"RONDO_DATA": str(MADE / "test-data"), "RONDO_ENV": "local", "CHROMIUM": find_chromium() or ""}
    mine |= {"FORCE_COLOR": "1"} if sys.stdout.isatty() else {"NO_COLOR": "1"}  # they write into a pipe of ours
    theirs = (
        "DATABASE_URL",
        "RONDO_OWNER_URL",
        "REDIS_URL",
        "DJANGO_SETTINGS_MODULE",
        "HOST",
        "PORT",
        "SECRET_KEY",
        *MAIL,
    )
    return {name: value for name, value in os.environ.items() if name not in theirs} | mine


def summed_up(results: Sequence[Result], seconds: float) -> int:
    print("\n── summary " + "─" * 93)
    for result in results:
        told = ", ".join(f"{number} {word}" for word, number in result.counts.items())
        note = " · ".join(filter(None, (told, result.note)))
        print(f"{result.part.name:14} {result.word:8} {result.seconds:6.1f} s   {note}")
    words = [result.word for result in results]
    red = words.count("failed") + words.count("missing")
    print(f"\n{len(words)} parts: {words.count('ok')} ok, {red} failed, {words.count('skipped')} not run")
    print(f"===== {totals(results)} in {seconds:.2f}s =====", flush=True)
    return 1 if red else 0


def totals(results: Sequence[Result]) -> str:
    total = {word: sum(result.counts.get(word, 0) for result in results) for word in COUNTED}
    told = {word: number for word, number in total.items() if number or word in ("passed", "failed")}
    return ", ".join(f"{number} {word}" for word, number in told.items())


def main(words: Sequence[str]) -> int:
    (MADE / "test-data").mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    results = [attempt(part) for part in chosen(words)]
    return summed_up(results, time.monotonic() - began)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
