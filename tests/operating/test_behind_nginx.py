"""The nginx file that we hand out works: two processes behind it, pages, commands and sockets through it. Each process
has the files of another release, as during an update, and nothing that the other has kept."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import whole
from tests.operating.front import HOST, Visitor, nginx
from tests.operating.test_measures import TOKEN, told
from tests.servers import free_port
from tests.story.conftest import a_database

PRODUCTION = {
    "RONDO_ENV": "production",
    "SECRET_KEY": "for-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
    "RONDO_HOSTS": f"{HOST},127.0.0.1",
    "RONDO_PROXIES": "1",
    "RONDO_METRICS_TOKEN": TOKEN,
}
RELEASES = {
    "/static/assets/index-1a.js": "// the old release",
    "/static/assets/index-2b.js": "// the new release",
}
TURNS = 4

pytestmark = [pytest.mark.redis, pytest.mark.postgres]


@dataclass
class Front:
    """Nina before nginx, and the addresses of the processes behind it."""

    nina: Visitor
    upstream: list[str]

    def answered(self, method: str, address: str, status: int) -> list[float]:
        """How often each process gave such an answer."""
        labels = f'address="{address}",method="{method}",status="{status}"'
        name = f"rondo_http_answer_seconds_count{{{labels}}}"
        return [told(url).get(name, 0) for url in self.upstream]

    def missed(self) -> list[float]:
        """How often each process was asked for a file that it has not."""
        return self.answered("GET", "^(?:_allauth|static|ws)(?:/|$)", 404)


def built(folder: Path, file: str) -> Path:
    there = folder / file.removeprefix("/static/")
    there.parent.mkdir(parents=True)
    there.write_text(RELEASES[file])
    script = f'<script type="module" crossorigin src="{file}"></script>'
    (folder / "index.html").write_text(f'<!doctype html><html lang="en"><head>{script}</head></html>')
    return folder


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    with a_database() as database, ExitStack() as running:
        env = whole.surroundings(folder, **database, REDIS_URL=os.environ["REDIS_URL"], **PRODUCTION)
        env["RONDO_ONE_ACCOUNT"] = "true"  # the account of the tests may become the owner (tests.servers)
        whole.manage(env, "migrate", "--noinput")
        upstream = []
        for process, file in enumerate(RELEASES):
            pages = built(folder / f"built-{process}", file)
            mine = {"RONDO_FRONTEND": str(pages), "RONDO_DATA": str(folder / f"data-{process}")}
            upstream.append(running.enter_context(whole.server(env | mine, free_port())))
        token = whole.manage(env, "access_token", "nina@example.org", "--create", "Nina")
        port = running.enter_context(nginx(folder, upstream))
        yield Front(Visitor(port, folder / "certificate.pem", token), upstream)


def files_of(page: str) -> list[str]:
    return re.findall(r'<script type="module"[^>]* src="([^"]+)"', page)


def test_pages_commands_and_sockets_go_through_nginx_to_two_processes(front: Front) -> None:
    pages = [front.nina.fetch("/") for _ in range(TURNS)]
    assert {status for status, _ in pages} == {200}
    assert {file for _, page in pages for file in files_of(page)} == set(RELEASES)

    assert front.nina.ask("GET", "/api/v1/me/")["name"] == "Nina"
    for turn in range(TURNS):
        team = front.nina.ask("POST", "/api/v1/teams/", {"name": f"Behind nginx {turn}", "aim": "To be reached"})
        assert team["slug"] == f"behind-nginx-{turn}"
    commands = front.answered("POST", "api/v1/teams/", 201)
    assert (min(commands) > 0, sum(commands)) == (True, TURNS)

    with front.nina.listening() as one, front.nina.listening() as other:
        for live in (one, other):
            live.send(json.dumps({"type": "subscribe", "topic": "me"}))
            assert json.loads(live.recv(timeout=20))["type"] in ("subscribed", "waiting")
        assert [told(url)["rondo_sockets"] for url in front.upstream] == [1, 1]


def test_a_file_that_a_page_names_is_given_out_though_the_process_that_is_asked_first_has_not_got_it(
    front: Front,
) -> None:
    before = front.missed()
    for _ in range(TURNS):
        _, page = front.nina.fetch("/")
        (file,) = files_of(page)
        for _ in range(TURNS):
            assert front.nina.fetch(file) == (200, RELEASES[file])
    assert all(now > then for now, then in zip(front.missed(), before, strict=True))


def test_a_file_that_no_process_has_is_asked_of_each_once_and_is_not_there(front: Front) -> None:
    before = front.missed()
    assert front.nina.fetch("/static/assets/index-3c.js") == (404, "")
    assert front.missed() == [then + 1 for then in before]
