"""`python3 run.py screens`: pictures of every page in every state as every role, on one sheet, for people to look at.

Words choose what is taken: `screens decision room` those visits whose name has both. `--short` takes each page in each
state once.
"""

from __future__ import annotations

import html
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

from playwright.sync_api import Page, sync_playwright

from tests.browser.people import launched
from tests.browser.walk.table import Look, Visit, covering, everything
from tests.browser.walk.walker import Walker, wear
from tests.browser.walk.world import World
from tests.story.moved_clock import serving_in_time
from tests.story.rondo import ROOT

FOLDER = ROOT / ".run" / "screens"
TALLEST = 6_000  # pixels: what is longer says nothing new
# What is drawn late makes a page longer: it is at rest when its height has been the same for some frames.
AT_REST = """
(async () => {
  const tall = () => document.documentElement.getBoundingClientRect().height;
  for (let same = 0, was = tall(), left = 100; same < 4 && left > 0; left -= 1) {
    await new Promise((next) => setTimeout(next, 50));
    same = tall() === was ? same + 1 : 0;
    was = tall();
  }
})()
"""
HEIGHT = "Math.ceil(document.documentElement.getBoundingClientRect().height)"
STYLE = """
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
body { margin: 24px }
h2 { position: sticky; top: 0; background: Canvas; padding: 8px 0; margin: 32px 0 0 }
ul { display: flex; gap: 16px; overflow-x: auto; padding: 0; list-style: none; align-items: start }
figure { margin: 0 }
img { height: 420px; object-fit: cover; object-position: top; border: 1px solid GrayText; border-radius: 4px }
figcaption { font-size: 13px }
"""


def main(words: Sequence[str]) -> int:
    wanted = [word for word in words if not word.startswith("--")]
    visits = [visit for visit in (covering() if "--short" in words else everything()) if has_all(visit, wanted)]
    if not visits:
        print("No visit has these words in its name. There is:", *everything(), sep="\n  ")
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with serving_in_time() as (rondo, time), sync_playwright() as playwright:
        world = World(rondo.url(0), time, visits).make()
        browser = launched(playwright)
        walker = Walker(browser, world)
        for nth, visit in enumerate(visits, 1):
            print(f"\r{nth} of {len(visits)}: {visit}\x1b[K", end="", flush=True)
            taken(walker, visit)
        browser.close()
    sheet = FOLDER / "index.html"
    sheet.write_text(sheet_of(visits))
    print(f"\r\x1b[KThe sheet is at {sheet.relative_to(ROOT)}.")
    return 0


def has_all(visit: Visit, words: Sequence[str]) -> bool:
    return all(word in str(visit) for word in words)


def taken(walker: Walker, visit: Visit) -> None:
    with walker.visits(visit) as page:
        page.evaluate(AT_REST)
        for look in visit.looks:
            wear(page, look)
            as_tall_as_its_text(page, look)
            page.screenshot(path=FOLDER / picture(visit, look), animations="disabled")


def as_tall_as_its_text(page: Page, look: Look) -> None:
    """So that what is fixed to the foot of a page stands there, and not across its middle."""
    tall = int(page.evaluate(HEIGHT))
    page.set_viewport_size({"width": look.width, "height": min(max(tall, 800), TALLEST)})


def picture(visit: Visit, look: Look) -> str:
    return f"{visit}-{look.theme}-{look.width}.png"


def sheet_of(visits: Sequence[Visit]) -> str:
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens · Rondo</title><style>{STYLE}</style>'
    return head + "<h1>Every page, state and role</h1>" + "".join(sections(visits)) + "</html>"


def sections(visits: Sequence[Visit]) -> Iterator[str]:
    for (page, state), group in groupby(visits, key=lambda visit: (visit.page, visit.state)):
        figures = "".join(figure(visit, look) for visit in group for look in visit.looks)
        yield f"<h2>{html.escape(page)} · {html.escape(state)}</h2><ul>{figures}</ul>"


def figure(visit: Visit, look: Look) -> str:
    name, told = html.escape(picture(visit, look)), html.escape(f"{visit.role}, {look.theme}, {look.width}")
    image = f'<img src="{name}" alt="{told}" loading="lazy">'
    return f'<li><figure><a href="{name}">{image}</a><figcaption>{told}</figcaption></figure></li>'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
