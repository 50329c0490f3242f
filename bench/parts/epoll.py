"""The floor of `fanout`: a loop in C around epoll and send(), compiled where a C compiler is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")


def compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def main(port: str) -> None:
    """Compiles it and becomes it; the binary is gone from its folder as soon as it runs."""
    program = compiler()
    assert program, "there is no C compiler"
    with tempfile.TemporaryDirectory(prefix="rondo-bench-") as folder:
        made = Path(folder) / "epoll"
        subprocess.run([program, "-O2", "-o", str(made), str(SOURCE)], check=True)
        held = os.open(made, os.O_RDONLY)
    os.execve(held, ["epoll", port], dict(os.environ))


if __name__ == "__main__":
    main(sys.argv[1])
