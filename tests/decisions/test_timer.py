"""The clock goes on, whatever goes wrong in one of its looks."""

import asyncio

import pytest
from django.db import InterfaceError

from decisions.timer import Timer


@pytest.mark.parametrize("fault", [InterfaceError("the connection is closed"), ValueError("nobody foresaw this")])
def test_a_look_that_fails_is_followed_by_another_one(fault: Exception) -> None:
    async def looked() -> None:
        loop, again = asyncio.get_running_loop(), asyncio.Event()
        looks = iter([fault])

        def look() -> None:
            for first in looks:
                raise first
            loop.call_soon_threadsafe(again.set)

        timer = Timer(look, every=0.001)
        timer.start()
        try:
            await asyncio.wait_for(again.wait(), 10)
        finally:
            await timer.stop()

    asyncio.run(looked())
