"""The nginx file that we hand out works: two processes behind it, pages, commands and sockets through it."""

import json
import os
from pathlib import Path

import pytest

from tests import whole
from tests.operating.front import HOST, Visitor, nginx

PRODUCTION = {
    "RONDO_ENV": "production",
    "SECRET_KEY": "for-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
    "RONDO_HOSTS": f"{HOST},127.0.0.1",
    "RONDO_PROXIES": "1",
}

pytestmark = [pytest.mark.redis, pytest.mark.postgres]


def test_pages_commands_and_sockets_go_through_nginx_to_two_processes(tmp_path: Path) -> None:
    beside = ("DATABASE_URL", "RONDO_OWNER_URL", "REDIS_URL")
    shared = {name: url for name, url in os.environ.items() if name in beside}
    env = whole.surroundings(tmp_path, **shared, **PRODUCTION)
    with whole.servers(env, 2) as upstream, nginx(tmp_path, list(upstream)) as port:
        token = whole.manage(env, "access_token", "nina@example.org", "--create", "Nina")
        nina = Visitor(port, tmp_path / "certificate.pem", token)
        assert nina.ask("GET", "/api/v1/me/")["name"] == "Nina"
        team = nina.ask("POST", "/api/v1/teams/", {"name": "Behind nginx", "aim": "To be reached"})
        assert team["slug"] == "behind-nginx"
        with nina.listening() as live:
            live.send(json.dumps({"type": "subscribe", "topic": "me"}))
            assert json.loads(live.recv(timeout=20))["type"] in ("subscribed", "waiting")
