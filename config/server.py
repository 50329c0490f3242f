"""How the server is started: `python -m config.server`. Several may stand side by side."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from socket import socket
from typing import Any

import uvicorn
from django.conf import settings

from config.leaving import leaving
from config.memory import share_one_heap

OPTIONS: dict[str, Any] = {
    "ws": "decisions.live.protocol:LiveProtocol",
    "ws_per_message_deflate": False,  # twice the time and the memory for texts this short
    "ws_max_size": 16 * 1024,
    "ws_ping_interval": 30.0,  # whose line died without a word is away within a minute: see decisions/live/pulse.py
    "ws_ping_timeout": 15.0,
    "lifespan": "on",
    "backlog": 4096,
    "access_log": False,
    "server_header": False,
    "log_level": "warning",
    "timeout_keep_alive": 15,  # longer than nginx keeps an idle connection, so that none is closed under its hands
    "timeout_graceful_shutdown": 3,
}


STARTED_NOT = 3

APP = "config.asgi:application"


class Server(uvicorn.Server):
    """Says where it listens once it does."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            where = self.config.uds or f"http://{self.config.host}:{self.config.port}"
            print(f"Rondo listens on {where}", flush=True)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """No new connection from here on; behind a proxy, nobody else is sent away before they have somewhere to go."""
        leaving.begin()
        for server in self.servers:
            server.close()
        if settings.PROXIES:
            await leaving.see_off(lambda: self.server_state.connections, lambda: self.force_exit)
        await super().shutdown(sockets)


def main() -> int:
    asked = arguments()
    try:
        return serve_and_reload(asked) if asked.reload else serve(asked)
    except KeyboardInterrupt:
        return 130


def serve(asked: argparse.Namespace) -> int:
    share_one_heap()
    gc.disable()  # nothing that is made until it serves is ever thrown away
    server = Server(uvicorn.Config(APP, **options(asked)))
    server.run()
    return 0 if server.started else STARTED_NOT


def serve_and_reload(asked: argparse.Namespace) -> int:
    watched = ["config", "conventions", "notices", "teams", "decisions", "meetings", "trying"]
    uvicorn.run(APP, reload=True, reload_dirs=watched, **options(asked))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.server", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--uds", help="a Unix socket instead of host and port")
    parser.add_argument("--reload", action="store_true", help="start anew when the code changes")
    return parser.parse_args()


def options(asked: argparse.Namespace) -> dict[str, Any]:
    where: dict[str, Any] = {"uds": asked.uds} if asked.uds else {"host": asked.host, "port": asked.port}
    return {**OPTIONS, **where}


if __name__ == "__main__":
    sys.exit(main())
