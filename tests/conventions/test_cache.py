"""Without Redis the shared cache forgets, and nothing fails."""

import pytest
from redis import Redis

from conventions.cache import RedisWhileItLasts
from tests.servers import free_port, redis


def test_while_redis_is_gone_everything_is_forgotten_and_nothing_fails() -> None:
    cache = RedisWhileItLasts(f"redis://127.0.0.1:{free_port()}/0", {})
    assert cache.add("a", 1)
    cache.set("a", 1)
    assert cache.get("a", "nothing") == "nothing"
    assert cache.set_many({"a": 1}) == ["a"]
    assert cache.get_many(["a"]) == {}
    assert not cache.delete("a")
    with pytest.raises(ValueError):
        cache.incr("a")


@pytest.mark.redis
def test_while_redis_is_there_it_counts_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    cache = RedisWhileItLasts(f"redis://127.0.0.1:{port}/0", {})
    assert cache.add("a", 1)  # nobody there yet
    with redis(port):
        monkeypatch.setattr(cache, "_gone_until", 0.0)
        assert cache.add("a", 1)
        assert not cache.add("a", 1)
        assert cache.incr("a") == 2
        assert cache.get("a") == 2
        assert cache.delete("a")


@pytest.mark.redis
def test_a_count_that_expires_between_two_steps_of_counting_does_not_begin_again_without_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = free_port()
    cache = RedisWhileItLasts(f"redis://127.0.0.1:{port}/0", {})
    monkeypatch.setattr(Redis, "exists", lambda *_: 1)  # as it was a moment ago
    with redis(port):
        with pytest.raises(ValueError):
            cache.incr("a")
        assert cache.get("a") is None
        assert cache.add("a", 1, 60)
        assert cache.incr("a") == 2
