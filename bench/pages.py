"""How soon the pages are there on a slow phone, as Lighthouse sees them, and a decision with a long story on a desk."""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.parts.many import PASSWORD, LongDecision
from tests.browser.people import QUIETLY
from tests.parts import find_chromium
from tests.servers import free_port
from tests.story.rondo import ROOT, Rondo, serving

TOOL = ROOT / "bench" / "lighthouse"
KINDS = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best_practices"}
PAINTS = {
    "first-contentful-paint": "first_paint_ms",
    "largest-contentful-paint": "largest_paint_ms",
    "total-blocking-time": "blocking_ms",
    "cumulative-layout-shift": "shift",
}
CONSENT = "Yes, I can live with this"
# From the beginning of the document to when its last reader can press: the button is there and has been drawn.
USABLE = """
new Promise((done) => {
  const look = () => {
    const found = [...document.querySelectorAll("button")].some((one) => one.textContent.includes("CONSENT"));
    if (found) requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    else requestAnimationFrame(look);
  };
  look();
})
""".replace("CONSENT", CONSENT)


def main() -> int:
    asked = arguments()
    if (missing := without()) is not None:
        print(missing, file=sys.stderr)
        return 2
    install()
    with serving() as rondo:
        short = LongDecision(rondo.url(0), members=6, questions=7)
        long = LongDecision(rondo.url(0), members=50, questions=128)
        figures = {"bench": "pages", **phones(rondo, short, asked.rounds), **desk(rondo, long, asked.rounds)}
    print(json.dumps(figures), flush=True)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is looked at (5); medians are told")
    return parser.parse_args()


def without() -> str | None:
    if not (ROOT / "frontend" / "dist" / "index.html").is_file():
        return "The pages are not built: python3 run.py build"
    return None if find_chromium() else "Chromium is missing: apt-get install chromium"


def install() -> None:
    """Lighthouse has no place among the packages of the pages: it comes when it is asked for, in one version."""
    if not (TOOL / "node_modules").is_dir():
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "install", "--no-package-lock", "--silent"], cwd=TOOL, check=True, stdout=sys.stderr)


def phones(rondo: Rondo, decision: LongDecision, rounds: int) -> dict[str, Any]:
    """Welcome signed out, and a decision signed in, each with nothing kept from before."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=find_chromium(), args=[*QUIETLY, f"--remote-debugging-port={port}"]
        )
        seen = Lighthouse(context, port)
        welcome = [seen.looks(rondo.url(0) + "/") for _ in range(rounds)]
        sign_in(context.new_page(), rondo, decision)
        page = [seen.looks(f"{rondo.url(0)}/d/{decision.id}") for _ in range(rounds)]
        context.close()
    return {"welcome": middle(welcome), "decision": {"entries": decision.entries, **middle(page)}}


def desk(rondo: Rondo, decision: LongDecision, rounds: int) -> dict[str, Any]:
    """The last member of a long decision opens it anew and anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIETLY))
        context = browser.new_context()
        sign_in(context.new_page(), rondo, decision)
        took = [usable(context, f"{rondo.url(0)}/d/{decision.id}") for _ in range(rounds)]
        browser.close()
    answers = [answered(decision) for _ in range(20)]
    size = len(decision.last.looks(f"proposals/{decision.id}/").content)
    return {
        "long": {
            "entries": decision.entries,
            "members": len(decision.members),
            "usable_ms": round(statistics.median(took)),
            "snapshot_ms": round(statistics.median(answers) * 1000, 1),
            "snapshot_bytes": size,
        }
    }


def answered(decision: LongDecision) -> float:
    began = time.perf_counter()
    decision.last.looks(f"proposals/{decision.id}/")
    return time.perf_counter() - began


def usable(context: BrowserContext, url: str) -> float:
    page = context.new_page()
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.goto(url, wait_until="commit")
    took = float(page.evaluate(USABLE))
    page.close()
    return took


def sign_in(page: Page, rondo: Rondo, decision: LongDecision) -> None:
    page.goto(rondo.url(0) + "/signin")
    page.get_by_label("E-mail").fill(decision.last.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/home")
    page.close()


class Lighthouse:
    """Looks through a browser that is open already, so that whoever is signed in there stays so."""

    def __init__(self, context: BrowserContext, port: int) -> None:
        self._context = context
        self._command = [shutil.which("node") or "node", "node_modules/lighthouse/cli/index.js"]
        self._rest = [f"--port={port}", "--disable-storage-reset", "--quiet", "--output=json"]
        self._rest.append("--only-categories=" + ",".join(KINDS))

    def looks(self, url: str) -> dict[str, float]:
        page = self._context.new_page()
        self._context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.close()
        done = subprocess.run([*self._command, url, *self._rest], cwd=TOOL, capture_output=True, check=True)
        told = json.loads(done.stdout)
        scores = {name: round(told["categories"][kind]["score"] * 100) for kind, name in KINDS.items()}
        return scores | {name: told["audits"][paint]["numericValue"] for paint, name in PAINTS.items()}


def middle(looks: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(one[name] for one in looks), 3) for name in looks[0]}


if __name__ == "__main__":
    sys.exit(main())
