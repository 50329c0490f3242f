"""Who is online: counted by account, told calmly, believed of other processes for a minute."""

from __future__ import annotations

import json

from decisions.live.presence import CALM, CROWD, STALE, Presence

T = "proposal:p1"


class Watch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def online(frames: dict[str, bytes]) -> list[str]:
    return list(json.loads(frames[T])["online"])


def test_an_account_is_online_while_any_of_its_sockets_is() -> None:
    presence = Presence(Watch())
    for account in ("max", "max", "fay"):
        presence.came(T, account)
    presence.went(T, "max")
    assert presence.online(T) == ["fay", "max"]
    presence.went(T, "max")
    assert presence.online(T) == ["fay"]


def test_many_changes_are_told_at_once_and_not_again_for_two_seconds() -> None:
    watch = Watch()
    presence = Presence(watch)
    presence.came(T, "max")
    presence.came(T, "fay")
    assert online(presence.due()) == ["fay", "max"]
    presence.came(T, "obi")
    assert presence.due() == {}
    watch.now += CALM
    assert online(presence.due()) == ["fay", "max", "obi"]
    watch.now += CALM
    assert presence.due() == {}


def test_in_a_large_group_it_is_told_more_rarely() -> None:
    watch = Watch()
    presence = Presence(watch)
    for number in range(5 * CROWD):
        presence.came(T, f"a{number}")
    assert len(online(presence.due())) == 5 * CROWD
    presence.came(T, "one-more")
    watch.now += CALM * 4
    assert presence.due() == {}
    watch.now += CALM * 2
    assert len(online(presence.due())) == 5 * CROWD + 1


def test_those_at_another_process_are_online_too_until_it_says_otherwise() -> None:
    watch = Watch()
    presence = Presence(watch)
    presence.came(T, "max")
    presence.heard("other", {T: ["fay", "obi"]})
    assert online(presence.due()) == ["fay", "max", "obi"]
    watch.now += CALM
    presence.heard("other", {T: ["fay"]})
    assert online(presence.due()) == ["fay", "max"]
    watch.now += CALM
    presence.heard("other", {})
    assert online(presence.due()) == ["max"]


def test_a_process_that_fell_silent_is_forgotten_after_a_minute() -> None:
    watch = Watch()
    presence = Presence(watch)
    presence.came(T, "max")
    presence.heard("other", {T: ["fay"]})
    presence.due()
    watch.now += STALE
    presence.due()
    assert online(presence.due()) == ["max"]


def test_hearing_the_same_again_is_no_news() -> None:
    watch = Watch()
    presence = Presence(watch)
    presence.came(T, "max")
    presence.heard("other", {T: ["fay"]})
    presence.due()
    watch.now += CALM
    presence.heard("other", {T: ["fay"]})
    assert presence.due() == {}


def test_when_the_last_has_gone_nothing_is_kept() -> None:
    watch = Watch()
    presence = Presence(watch)
    presence.came(T, "max")
    presence.due()
    presence.went(T, "max")
    presence.went(T, "max")
    watch.now += CALM
    assert presence.due() == {}
    assert (presence.here(), presence._told, presence._dirty) == ({}, {}, set())


def test_other_processes_are_told_once_of_what_has_changed_and_of_nothing_else() -> None:
    presence = Presence(Watch())
    for topic in (T, "proposal:other"):
        presence.came(topic, "max")
    assert presence.changed() == {T: ["max"], "proposal:other": ["max"]}
    presence.came(T, "fay")
    assert presence.changed() == {T: ["fay", "max"]}
    assert presence.changed() == {}
    presence.went("proposal:other", "max")
    assert presence.changed() == {"proposal:other": []}


def test_what_other_processes_say_is_no_change_of_ours() -> None:
    presence = Presence(Watch())
    presence.heard("other", {T: ["fay"]})
    assert presence.changed() == {}


def test_a_change_at_another_process_leaves_its_other_topics_as_they_were() -> None:
    presence = Presence(Watch())
    presence.heard("other", {T: ["fay"], "proposal:other": ["fay"]})
    presence.heard_changed("other", {T: ["fay", "obi"]})
    assert (presence.online(T), presence.online("proposal:other")) == (["fay", "obi"], ["fay"])
    presence.heard_changed("other", {T: []})
    assert (presence.online(T), presence.online("proposal:other")) == ([], ["fay"])
    presence.heard("other", {T: ["fay"]})
    assert (presence.online(T), presence.online("proposal:other")) == (["fay"], [])


def test_that_the_last_has_gone_elsewhere_is_told_to_those_here() -> None:
    watch = Watch()
    presence = Presence(watch)
    presence.came(T, "max")
    presence.heard_changed("other", {T: ["fay"]})
    assert online(presence.due()) == ["fay", "max"]
    watch.now += CALM
    presence.heard_changed("other", {T: []})
    assert online(presence.due()) == ["max"]
