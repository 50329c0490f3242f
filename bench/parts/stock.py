"""What Rondo has replaced: Django's own ASGI handler, and sockets behind `AuthMiddlewareStack`, over Rondo's own rows.

The same people, proposals, views and middlewares in the same server; only the way in is the one of the documentation.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.parts.stock_settings"

import uvicorn
from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.asgi import get_asgi_application
from django.core.management import call_command

from bench.parts import control
from bench.parts.rondo import Deeds  # sets Django up
from decisions import access
from teams.models import Account
from teams.sessions import SessionStore

GROUP = "proposal"


class Reader(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """Who is signed in may come, and follows what they may see."""

    async def connect(self) -> None:
        if self.scope["user"].is_authenticated:
            await self.accept()
        else:
            await self.close()

    async def receive(self, text_data: str = "", bytes_data: bytes = b"") -> None:
        topic = json.loads(text_data)["topic"]
        if await database_sync_to_async(self._may_see)(topic.partition(":")[2]):
            await self.channel_layer.group_add(GROUP, self.channel_name)
            await self.send(text_data=json.dumps({"type": "subscribed", "topic": topic}, separators=(",", ":")))

    def _may_see(self, proposal: str) -> bool:
        return bool(access.visible_to(self.scope["user"]).filter(pk=proposal).exists())

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)


def cookie(person: Account) -> str:
    """That of a browser in which this person is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = person.pk
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def main(port: int) -> None:
    call_command("migrate", verbosity=0)
    deeds = Deeds()
    shown = [cookie(person) for person in deeds.people] if "cookies" in sys.argv else deeds.tokens
    here: dict[str, control.Deed] = {"more": deeds.more, "story": deeds.story, "until_alone": lambda: None}
    control.obey({**here, "memory": control.memory, "spent": control.spent})
    started = partial(control.say, {"topics": [deeds.main], "tokens": shown})
    started()
    app = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": AuthMiddlewareStack(Reader.as_asgi())})
    options: dict[str, Any] = {"ws": "websockets-sansio", "ws_per_message_deflate": False, "backlog": 4096}
    uvicorn.run(app, host="127.0.0.1", port=port, lifespan="off", log_level="warning", **options)


if __name__ == "__main__":
    main(int(sys.argv[1]))
