#!/usr/bin/env python3
"""Rondo's front door: `python3 run.py` serves it, `python3 run.py test` checks it, `--help` lists the rest.

It needs nothing but Python's own library, and is written so that an old Python can read it and say so.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, NoReturn, Optional, Sequence, Tuple

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
NOTES = ROOT / ".run"  # which steps were done, and what they printed
WINDOWS = os.name == "nt"
BIN = ROOT / ".venv" / ("Scripts" if WINDOWS else "bin")
PYTHON = str(BIN / ("python.exe" if WINDOWS else "python"))
BASE_PYTHON: str = getattr(sys, "_base_executable", sys.executable)
MANAGE = (PYTHON, "manage.py")
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)

Command = Tuple[str, ...]


def stop(what: str, mend: str = "") -> NoReturn:
    """End with what is wrong and the command that mends it."""
    print("\n" + what, file=sys.stderr)
    if mend:
        print("\n    " + mend.replace("\n", "\n    ") + "\n", file=sys.stderr)
    raise SystemExit(1)


# ── What must be there before anything starts ───────────────────────────────────────────────────────────────


def need_python() -> None:
    if sys.version_info >= OLDEST_PYTHON:
        return
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if runs(name)]
    mend = f"{newer[0]} run.py" if newer else "apt-get install python3.11     # or from python.org/downloads"
    here = ".".join(str(part) for part in sys.version_info[:3])
    stop(f"Rondo needs Python 3.11 or newer; this is Python {here}.", mend)


def runs(program: str) -> bool:
    quiet = subprocess.DEVNULL
    here = shutil.which(program) is not None
    return here and subprocess.call([program, "-c", ""], stdout=quiet, stderr=quiet) == 0


def need_venv() -> None:
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    stop("Python's venv module is missing, so no environment can be made.", "apt-get install python3-venv")


def node_mend() -> str:
    if sys.platform == "darwin":
        return "brew install node"
    if WINDOWS:
        return "winget install OpenJS.NodeJS.LTS"
    if (Path.home() / ".nvm").is_dir():
        return "nvm install 22"
    return "curl -fsSL https://deb.nodesource.com/setup_22.x | bash -\napt-get install -y nodejs"


def need_node() -> None:
    node = shutil.which("node")
    if node is None:
        stop("Node 20.19 or newer is needed to build the pages; there is no `node` here.", node_mend())
    told = subprocess.run([node, "--version"], stdout=subprocess.PIPE, universal_newlines=True, check=False)
    version = told.stdout.strip().lstrip("v")
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST_NODE:
        here = version or "of an unknown version"
        stop(f"Node 20.19 or newer is needed to build the pages; this is Node {here}.", node_mend())
    if shutil.which("npm") is None:
        stop("npm is needed to build the pages; there is no `npm` here.", "apt-get install npm")


def address() -> Tuple[str, int]:
    port = os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        stop(f"PORT must be a number from 1 to 65535; it is {port!r}.", "PORT=8000 python3 run.py")
    return os.environ.get("HOST", "127.0.0.1"), int(port)


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if not WINDOWS:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def need_port() -> None:
    host, port = address()
    if is_free(host, port):
        return
    if port < 1024 and hasattr(os, "geteuid") and os.geteuid() != 0:
        stop(f"Port {port} is for the system's administrator.", "PORT=8000 python3 run.py")
    other = next((near for near in range(port + 1, min(port + 50, 65536)) if is_free(host, near)), None)
    if other is None:
        stop(f"Nothing can listen on {host}, port {port}.", "HOST=127.0.0.1 PORT=8000 python3 run.py")
    stop(f"Port {port} on {host} is in use. Take another:", f"PORT={other} python3 run.py")


def data_folder() -> Path:
    return Path(os.environ.get("RONDO_DATA") or ROOT / "data").expanduser().resolve()


def need_data_folder() -> None:
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)):
            return
    except OSError as why:
        what = f"The data folder {folder} cannot be written ({why.strerror}). Take another:"
        stop(what, "RONDO_DATA=~/rondo-data python3 run.py")


# ── Steps: done once, and again when what they are made from has changed ────────────────────────────────────


@dataclass(frozen=True)
class Step:
    name: str
    says: str
    commands: Tuple[Command, ...]
    made_from: Tuple[str, ...] = ()
    makes: str = ""
    folder: Path = ROOT
    checks: Tuple[Callable[[], None], ...] = ()
    stands: Optional[Callable[[], bool]] = None  # says itself whether its product is good, whatever was noted


def packages(*wanted: str) -> Step:
    sync = (str(BIN / "uv"), "sync", "--frozen", "--inexact", *wanted)
    name = "packages" + "".join(wanted).replace("--", "-")
    return Step(name, "Installing the Python packages", (sync,), ("uv.lock",), ".venv/pyvenv.cfg")


def stands_on_this_python() -> bool:
    """An environment made by another Python (an older one, another machine's) has to be made anew."""
    noted = ROOT / ".venv" / "pyvenv.cfg"
    told = noted.read_text() if noted.exists() else ""
    home = re.search(r"^home = (.+)$", told, re.MULTILINE)
    version = re.search(r"^version(?:_info)? = (\d+)\.(\d+)", told, re.MULTILINE)
    if home is None or version is None or os.path.realpath(home[1]) != os.path.dirname(os.path.realpath(BASE_PYTHON)):
        return False
    return (int(version[1]), int(version[2])) == sys.version_info[:2]


ENVIRONMENT = Step(
    "environment",
    "Making the Python environment",
    ((BASE_PYTHON, "-m", "venv", "--clear", ".venv"), (PYTHON, "-m", "pip", "install", "--quiet", "uv>=0.13,<0.14")),
    makes=str((BIN / ("uv.exe" if WINDOWS else "uv")).relative_to(ROOT)),
    checks=(need_venv,),
    stands=stands_on_this_python,
)
PAGES_PACKAGES = Step(
    "node-packages",
    "Installing what builds the pages",
    (("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"),),
    ("frontend/package.json", "frontend/package-lock.json"),
    "frontend/node_modules/.package-lock.json",
    FRONTEND,
    (need_node,),
)
PAGES = Step(
    "pages",
    "Building the pages",
    (("npm", "run", "build"),),
    ("frontend/src/**/*", "frontend/public/**/*", "frontend/tools/*", "frontend/*.*", "locale/**/*.po"),
    "frontend/dist/index.html",
    FRONTEND,
    (need_node,),
)
FRONT_END = (PAGES_PACKAGES, PAGES)
TEST_PACKAGES = packages("--all-extras", "--group", "dev")


SCALE_PACKAGES = packages("--extra", "scale")


def serving_packages() -> Step:
    grown = os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL")
    return SCALE_PACKAGES if grown else packages()


def fingerprint(step: Step) -> str:
    stands_on = (BASE_PYTHON, sys.version) if step.folder == ROOT else ()
    seal = hashlib.sha256(repr((step.commands, str(ROOT), stands_on)).encode())
    for pattern in step.made_from:
        for name in sorted(glob.glob(str(ROOT / pattern), recursive=True)):
            if os.path.isfile(name):
                seal.update(os.path.relpath(name, str(ROOT)).encode())
                seal.update(Path(name).read_bytes())
    return seal.hexdigest()


def is_taken(step: Step) -> bool:
    """Taken with the same ingredients, and its product is still there."""
    if not (ROOT / step.makes).exists():
        return False
    if step.stands:
        return step.stands()
    stamp = NOTES / (step.name + ".stamp")
    return stamp.exists() and stamp.read_text() == fingerprint(step)


def prepare(*chains: Sequence[Step]) -> None:
    """Take the steps that are due: first look that nothing is missing, then walk the chains side by side."""
    need_python()
    due = [[step for step in chain if not is_taken(step)] for chain in chains]
    for check in (check for chain in due for step in chain for check in step.checks):
        check()
    NOTES.mkdir(exist_ok=True)
    work = Work()
    with ThreadPoolExecutor(len(chains)) as pool:
        walks = [pool.submit(work.walk, chain) for chain in due if chain]
        try:
            while wait(walks, timeout=work.pause, return_when=FIRST_EXCEPTION).not_done and not work.failed:
                work.tell()
        finally:
            work.end()
    for walk in sorted(walks, key=lambda walk: isinstance(walk.exception(), KeyboardInterrupt)):
        walk.result()  # what really went wrong comes first


class Work:
    """The steps under way, and a sign of progress: one line in a terminal, a new one now and then elsewhere."""

    def __init__(self) -> None:
        self.began, self.live = time.monotonic(), sys.stderr.isatty()
        self.pause = 0.5 if self.live else 5.0
        self.failed = False
        self.under_way: Dict[str, subprocess.Popen[bytes]] = {}

    def walk(self, steps: Sequence[Step]) -> None:
        try:
            for step in steps:
                self.take(step)
        finally:
            self.failed = self.failed or sys.exc_info()[0] is not None

    def take(self, step: Step) -> None:
        began = time.monotonic()
        if not self.live:
            self.show(f"  {step.says} …\n")
        for command in step.commands:
            self.run(step, command)
        (NOTES / (step.name + ".stamp")).write_text(fingerprint(step))
        if self.live:
            self.show(f"\r\x1b[K  {step.says} … {time.monotonic() - began:.1f} s\n")

    def run(self, step: Step, command: Command) -> None:
        """One command of a step, with its output in a log."""
        log = NOTES / (step.name + ".log")
        program = shutil.which(command[0]) or command[0]
        with log.open("wb") as sink:
            process = subprocess.Popen(
                (program, *command[1:]),
                cwd=str(step.folder),
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,  # so that it can be ended together with what it started
            )
            self.under_way[step.says] = process
            code = process.wait()
            self.under_way.pop(step.says, None)
        if code and self.failed:
            raise KeyboardInterrupt  # it was ended, for another one's fault or by Ctrl-C
        if code:
            self.failed = True
            explain(step, command, log)

    def tell(self) -> None:
        line = f"  {', '.join(list(self.under_way))} … {time.monotonic() - self.began:.0f} s"
        self.show(f"\r\x1b[K{line}" if self.live else line + "\n")

    def show(self, text: str) -> None:
        print(text, end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Where one step did not work, or somebody pressed Ctrl-C, the others need not go on."""
        if self.live:
            self.show("\r\x1b[K")
        self.failed = self.failed or sys.exc_info()[0] is not None
        for process in list(self.under_way.values()):
            with contextlib.suppress(ProcessLookupError):
                process.terminate() if WINDOWS else os.killpg(process.pid, signal.SIGTERM)


def explain(step: Step, command: Command, log: Path) -> NoReturn:
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
    print("\n" + tail, file=sys.stderr)
    where = "" if step.folder == ROOT else f"cd {os.path.relpath(str(step.folder), str(ROOT))} && "
    stop(f"{step.says} did not work. What it said is above; the same by hand:", where + " ".join(command))


def environment() -> Dict[str, str]:
    """What every child gets: our programs first, no other environment, no Python fetched from afar."""
    env = dict(os.environ, UV_PYTHON_DOWNLOADS="never", PYTHONUNBUFFERED="1")
    env["RONDO_DATA"] = str(data_folder())
    env["PATH"] = os.pathsep.join((str(BIN), env.get("PATH", os.defpath)))
    env["UV_PROJECT_ENVIRONMENT"] = str(ROOT / ".venv")
    known = ssl.get_default_verify_paths().cafile
    if known:  # a company's own certificate, trusted by this machine, is trusted by uv and npm too
        env.setdefault("UV_SYSTEM_CERTS", "true")
        env.setdefault("NODE_EXTRA_CA_CERTS", known)
    env.pop("VIRTUAL_ENV", None)
    env.pop("PYTHONHOME", None)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # a server that is compiled anew each time takes twice as long to start
    return env


def call(*command: str, folder: Path = ROOT) -> int:
    program = shutil.which(command[0]) or command[0]
    process = subprocess.Popen((program, *command[1:]), cwd=str(folder), env=environment())
    try:
        return process.wait()
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Let it end by itself for a moment, as Ctrl-C reached it too; then ask it to; then make it."""
    for urge in (process.poll, process.terminate, process.kill):
        urge()
        try:
            process.wait(5)
            return
        except subprocess.TimeoutExpired:
            continue


# ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────


def serve(_: Sequence[str]) -> int:
    need_python()
    need_port()
    need_data_folder()
    prepare((ENVIRONMENT, serving_packages()), FRONT_END)
    server = (PYTHON, "-m", "config.start")
    if not WINDOWS:  # the server takes this process over, and so gets every signal itself
        os.chdir(str(ROOT))
        os.execve(PYTHON, server, environment())
    return call(*server)


def develop(_: Sequence[str]) -> int:
    need_python()
    need_port()
    need_data_folder()
    prepare((ENVIRONMENT, TEST_PACKAGES), (PAGES_PACKAGES,))
    host, port = address()
    os.environ["RONDO_SERVER"] = f"http://{host}:{port}"  # where vite sends on what is not a page
    server = (PYTHON, "-m", "config.start", "--reload")
    print("Both sides reload on a change. Open the address that vite names below.\n", flush=True)
    pages = (shutil.which("npm") or "npm", "run", "dev")
    return side_by_side((server, ROOT), (pages, FRONTEND))


def side_by_side(*commands: Tuple[Command, Path]) -> int:
    """Run them until the first one ends or Ctrl-C, then end them all."""
    running = [subprocess.Popen(command, cwd=str(folder), env=environment()) for command, folder in commands]
    try:
        while all(process.poll() is None for process in running):
            time.sleep(0.3)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            end(process)
    return max(process.returncode or 0 for process in running)


def bench(words: Sequence[str]) -> int:
    names = sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    if words and words[0] == "--report":
        prepare((ENVIRONMENT, TEST_PACKAGES))
        return call(PYTHON, "-m", "bench.parts.page")
    if not words or words[0] not in names:
        stop("Which bench? There is: " + ", ".join(names), "python3 run.py bench fanout")
    prepare((ENVIRONMENT, TEST_PACKAGES), (PAGES_PACKAGES,))
    return call(PYTHON, "-m", "bench." + words[0], *words[1:])


def faults(words: Sequence[str]) -> int:
    browsers = "--full" in words or any(word.startswith("R") for word in words)
    prepare((ENVIRONMENT, TEST_PACKAGES), *((FRONT_END,) if browsers else ()))
    return call(PYTHON, "-m", "tests.faults", *words)


def build(_: Sequence[str]) -> int:
    prepare((ENVIRONMENT, SCALE_PACKAGES), FRONT_END)
    print("Everything that the server needs is built.")
    return 0


def manage(words: Sequence[str]) -> int:
    prepare((ENVIRONMENT, serving_packages()))
    return call(*MANAGE, *words)


def schema(_: Sequence[str]) -> int:
    prepare((ENVIRONMENT, TEST_PACKAGES), (PAGES_PACKAGES,))
    made = call(*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", "docs/openapi.yaml")
    return made or call("npm", "run", "types", folder=FRONTEND)


def screens(words: Sequence[str]) -> int:
    prepare((ENVIRONMENT, TEST_PACKAGES), FRONT_END)
    return call(PYTHON, "-m", "tests.browser.screens", *words)


def words(given: Sequence[str]) -> int:
    prepare((ENVIRONMENT, packages()), (PAGES_PACKAGES,))
    return call(PYTHON, "-m", "tools.words", *given)


def docs(_: Sequence[str]) -> int:
    prepare((ENVIRONMENT, TEST_PACKAGES))
    return call(*MANAGE, "process_page")


def test(words: Sequence[str]) -> int:
    prepare((ENVIRONMENT, TEST_PACKAGES), FRONT_END)
    return call(PYTHON, "-m", "tests.parts", *words)


def lint(_: Sequence[str]) -> int:
    return test(["lint"])


# What says that the one who knows could not be asked; anything else that ends badly is a finding.
NOT_ASKED = re.compile(r"error sending request|Request failed|audit endpoint returned an error|npm error code E[A-Z]+")


def audit(_: Sequence[str]) -> int:
    """Asks osv.dev and the npm registry whether anything that is locked is known to be harmful."""
    prepare((ENVIRONMENT,))
    need_node()
    python = (str(BIN / "uv"), "audit", "--frozen", "--preview-features", "audit-command")
    found = [asked("the Python packages", python, ROOT)]
    found.append(
        asked(
            "the packages of the pages",
            ("npm", "audit", "--package-lock-only", "--fetch-retries=1", "--fetch-timeout=30000"),
            FRONTEND,
        )
    )
    return 1 if 1 in found else max(found)


def asked(what: str, command: Command, folder: Path) -> int:
    """0: nothing is known; 1: something is; 2: nobody could be asked, so nothing was learned."""
    program = shutil.which(command[0]) or command[0]
    whole = (program, *command[1:])
    done = subprocess.run(whole, cwd=str(folder), env=environment(), capture_output=True, text=True, check=False)
    told = done.stdout + done.stderr
    print(told.strip())
    if done.returncode == 0:
        print(f"── Nothing harmful is known of {what}.\n", flush=True)
        return 0
    if NOT_ASKED.search(told):
        print(f"── NOT CHECKED: {what}. Whoever knows could not be reached from here.\n", flush=True)
        return 2
    print(f"── Look at this: something is known of {what}.\n", flush=True)
    return 1


PARTS = (
    ("python", ("uv", "export", "--quiet", "--frozen", "--extra", "scale", "--format", "cyclonedx1.5"), ROOT),
    ("pages", ("npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"), FRONTEND),
)


def sbom(given: Sequence[str]) -> int:
    """Writes what Rondo is made of, as the lock files have it, for whoever compares that with what is known of it."""
    prepare((ENVIRONMENT,))
    need_node()
    folder = Path(given[0] if given else NOTES / "sbom")
    folder.mkdir(parents=True, exist_ok=True)
    for name, command, where in PARTS:
        program = shutil.which(command[0], path=environment()["PATH"]) or command[0]
        whole = (program, *command[1:])
        done = subprocess.run(whole, cwd=str(where), env=environment(), stdout=subprocess.PIPE, check=False)
        if done.returncode:
            return done.returncode
        (folder / (name + ".cdx.json")).write_bytes(done.stdout)
        print(folder / (name + ".cdx.json"))
    return 0


# ── The table of commands ───────────────────────────────────────────────────────────────────────────────────

COMMANDS: Dict[str, Tuple[Callable[[Sequence[str]], int], str]] = {
    "serve": (serve, "install what is missing, and serve (this is what no word at all does)"),
    "test": (test, "run every test; `test lint`, `test browser`, `test -k objection` run a part"),
    "dev": (develop, "serve with reload on both sides"),
    "lint": (lint, "what the tests check without running anything: style, types, arrows, schema"),
    "faults": (faults, "kill, cut and restart what Rondo stands on: `faults R1 --full --seed 7`, `faults --report`"),
    "bench": (bench, "measure: `bench all`, `bench fanout --quick`; `bench --report` writes docs/performance.md"),
    "screens": (screens, "pictures of every page, state and role on one sheet: `screens decision`"),
    "build": (build, "install and build, PostgreSQL and Redis included, without serving"),
    "manage": (manage, "any of the server's own commands: `manage migrate`, `manage verify_journal`"),
    "schema": (schema, "write docs/openapi.yaml and the front end's types anew"),
    "audit": (audit, "ask whether anything that is locked is known to be harmful (needs the internet)"),
    "sbom": (sbom, "write which packages Rondo is made of, as CycloneDX: `sbom FOLDER`"),
    "words": (words, "gather every text into locale/ anew; `words missing de`, `words take de FILE` for translators"),
    "docs": (docs, "write docs/process.md anew from the rules"),
}


def usage() -> str:
    lines = [f"  {name:8} {about}" for name, (_, about) in COMMANDS.items()]
    settings = "HOST (127.0.0.1), PORT (8000), RONDO_DATA (./data); the rest stands in docs/operating.md."
    return "python3 run.py [command]\n\n" + "\n".join(lines) + "\n\nEnvironment: " + settings


def main(words: Sequence[str]) -> int:
    name = words[0] if words else "serve"
    if name in ("-h", "--help", "help"):
        print(usage())
        return 0
    if name not in COMMANDS:
        print(usage(), file=sys.stderr)
        stop(f"There is no command {name!r}.")
    if {"-h", "--help"} & set(words[1:]) and COMMANDS[name][0] in (
        screens,
        serve,
        develop,
        lint,
        build,
        schema,
        audit,
        sbom,
        docs,
    ):
        print(f"{name}: {COMMANDS[name][1]}")
        return 0
    return COMMANDS[name][0](words[1:])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts us behind its back ignores it
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
