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
    assert [cache.count("a", 60) for _ in range(3)] == [1, 1, 1]


@pytest.mark.redis
def test_while_redis_is_there_it_counts_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    cache = RedisWhileItLasts(f"redis://127.0.0.1:{port}/0", {})
    assert cache.add("a", 1)  # nobody there yet
    with redis(port):
        monkeypatch.setattr(cache, "_gone_until", 0.0)
        assert cache.add("a", 1)
        assert not cache.add("a", 1)
        assert cache.get("a") == 1
        assert cache.delete("a")


@pytest.mark.redis
def test_what_is_counted_is_counted_for_everybody_and_begins_again_when_its_time_is_over() -> None:
    port = free_port()
    here, there = (RedisWhileItLasts(f"redis://127.0.0.1:{port}/0", {}) for _ in range(2))
    with redis(port), Redis(port=port) as line:
        assert [here.count("a", 60), there.count("a", 5), here.count("a", 60), here.count("b", 60)] == [1, 2, 3, 1]
        assert [here.count("c", 60, 7), there.count("c", 60, 3)] == [7, 10]
        (key,) = line.scan_iter("*:a")
        assert 55 < line.ttl(key) <= 60  # nobody who counts on makes it last longer
        line.delete(key)  # its time is over
        assert here.count("a", 60) == 1
        assert 55 < line.ttl(key) <= 60
