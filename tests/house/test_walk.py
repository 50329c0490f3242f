"""The walk with curl in the README does what it says, as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

from tests import whole

ROOT = Path(__file__).resolve().parents[2]


def walk() -> str:
    found = re.search(r"<!-- walk -->\n```bash\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found
    return found.group(1)


def test_the_walk_in_the_readme_ends_with_an_agreement(tmp_path: Path) -> None:
    env = whole.surroundings(tmp_path)
    with whole.servers(env, 1) as urls:
        script = "set -eu -o pipefail\n" + walk().replace(".venv/bin/python", sys.executable)
        told = subprocess.run(
            ["bash"], input=script, cwd=ROOT, env=env | {"RONDO": urls[0]}, capture_output=True, text=True, check=False
        )
    assert told.returncode == 0, told.stderr + told.stdout
    assert told.stdout.splitlines()[:2] == ["revising", "adopted"]
    assert told.stdout.splitlines()[2].startswith("Journal of proposal")
