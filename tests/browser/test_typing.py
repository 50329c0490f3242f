"""A thousand pushes while somebody types: not a character is lost, the focus stays, and the box stays where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count, islice
from queue import Queue
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator

from tests.browser.circle import Circle
from tests.browser.conftest import NAMES, Enter
from tests.browser.pages import DecisionPage
from tests.browser.test_room import in_the_room
from tests.story.rondo import Rondo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

Json = Any
Send = Callable[[str, Json], None]

PUSHES = 1_000
PIECES = 50
PIECE = "At six it is dark; who keeps the lamps? "
BY_KEY = 5  # characters of each piece that are pressed one by one

TALL = {"width": 1280, "height": 1600}  # the box grows while it is written in, and the page need not scroll for that

WATCH = """
(box) => {
  box.setSelectionRange(1, 1);
  window.seen = { moves: [], thoughts: new Set(), top: box.getBoundingClientRect().top };
  for (const kind of ['focusin', 'focusout', 'blur'])
    addEventListener(kind, (event) => window.seen.moves.push(`${kind} ${event.target.tagName ?? ''}`), true);
  new MutationObserver(() => {
    const thought = document.body.textContent.match(/Thought \\d+/);
    if (thought) window.seen.thoughts.add(thought[0]);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""
LOOK = """
(box) => ({
  moves: window.seen.moves,
  focused: document.activeElement === box,
  jumped: Math.round(box.getBoundingClientRect().top - window.seen.top),
  caret: [box.selectionStart, box.selectionEnd],
})
"""


@pytest.fixture
def tall_circle(enter: Enter) -> Circle:
    return Circle({name: enter(name, viewport=TALL) for name in NAMES})


class Typist:
    """Somebody with the caret between two brackets, who writes on."""

    def __init__(self, page: DecisionPage) -> None:
        self.page = page
        self.box: Locator = page.field("Your reaction")
        self.written = ""
        self.box.fill("[]")
        self.box.evaluate(WATCH)

    def writes(self, text: str) -> None:
        self.page.page.keyboard.insert_text(text[:-BY_KEY])
        self.page.page.keyboard.type(text[-BY_KEY:])
        self.written += text

    def is_where_they_were(self) -> None:
        at = len(self.written) + 1
        undisturbed = {"moves": [], "focused": True, "jumped": 0, "caret": [at, at]}
        assert self.box.evaluate(LOOK) == undisturbed, self.page.person.name
        assert self.box.input_value() == f"[{self.written}]", self.page.person.name

    def saw(self) -> int:
        return int(self.page.page.evaluate("window.seen.thoughts.size"))


def pushes(room: str, round: str) -> Iterator[tuple[str, Json]]:
    """What Fay does all the time: come, go, set a timebox, and say otherwise what she has said."""
    for number in count():
        yield room + "timebox/", {"seconds": 120}
        yield room + "join/", {}
        yield f"rounds/{round}/reactions/", {"text": f"Thought {number}."}
        yield room + "timebox/", {"seconds": 0}
        yield room + "leave/", {}


@contextmanager
def a_script_of_fays(circle: Circle, rondo: Rondo) -> Iterator[Send]:
    status, made = circle.ask("fay", "POST", "me/tokens/", {"name": "a script"})
    assert status == 201
    headers = {"Authorization": f"Bearer {made['token']}"}
    with httpx.Client(base_url=f"{rondo.url(0)}/api/v1/", headers=headers, timeout=60) as client:

        def send(path: str, body: Json) -> None:
            answer = client.post(path, json=body)
            assert answer.status_code < 300, answer.text
            assert answer.json()["entries"], path

        yield send


def push_all(send: Send, room: str, round: str, done: Queue[bool]) -> None:
    """Says True after each twentieth push, and False when it is over."""
    try:
        for number, push in enumerate(islice(pushes(room, round), PUSHES), start=1):
            send(*push)
            if number % (PUSHES // PIECES) == 0:
                done.put(True)
    finally:
        done.put(False)


def test_a_thousand_pushes_take_nothing_from_whoever_is_typing_on_either_page(
    tall_circle: Circle, rondo: Rondo
) -> None:
    circle = tall_circle
    circle.story.play(until="clear")
    room, round = f"proposals/{circle.story.id}/room/", circle.story.round
    circle.ask("fay", "POST", room, {})
    typists = [Typist(in_the_room(circle, "max")), Typist(circle.at("pia", "How does this land with you?"))]
    done: Queue[bool] = Queue()
    with a_script_of_fays(circle, rondo) as send, ThreadPoolExecutor(1) as beside:
        send(f"rounds/{round}/reactions/", {"text": "What I think."})
        pushing = beside.submit(push_all, send, room, round, done)
        while done.get():
            for typist in typists:
                typist.writes(PIECE)
        pushing.result()
    for typist in typists:
        typist.page.shows(f"Thought {PUSHES // 5 - 1}.", 10_000)
        typist.is_where_they_were()
        assert typist.saw() > PUSHES // 10
        assert len(typist.written) == len(PIECE) * PIECES == 2_000
