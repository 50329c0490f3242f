"""The usual way: the group chat of the Channels tutorial, one group, in-memory layer, under the same server."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from django.conf import settings

settings.configure(CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}})

import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer

from bench.parts import control


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """As the tutorial has it."""

    async def connect(self) -> None:
        await self.channel_layer.group_add("chat_room", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("chat_room", self.channel_name)

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(event["message"]))


class Deeds:
    """The sample, as a message to the group."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._message: Any = None

    def sample(self, text: str) -> None:
        self._message = json.loads(text)

    def publish(self) -> list[float]:
        assert self.loop is not None
        at = control.now()
        message = {"type": "chat.message", "message": self._message}
        asyncio.run_coroutine_threadsafe(get_channel_layer().group_send("chat_room", message), self.loop)
        return [at]

    def burst(self, count: str) -> list[float]:
        return [self.publish()[0] for _ in range(int(count))]


def main(port: int) -> None:
    deeds = Deeds()
    chat = ChatConsumer.as_asgi()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        deeds.loop = asyncio.get_running_loop()
        await chat(scope, receive, send)

    told: dict[str, control.Deed] = {
        "sample": deeds.sample,
        "publish": deeds.publish,
        "burst": deeds.burst,
        "spent": control.spent,
    }
    control.obey(told)
    control.say({"topics": []})
    options: dict[str, Any] = {"ws": "websockets-sansio", "ws_per_message_deflate": False, "backlog": 4096}
    uvicorn.run(app, host="127.0.0.1", port=port, lifespan="off", log_level="warning", **options)


if __name__ == "__main__":
    main(int(sys.argv[1]))
