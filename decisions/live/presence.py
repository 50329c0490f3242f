"""Who is online on a topic: decoration. Told at most every two seconds, in large groups more rarely."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping

from decisions.live import frames

CALM = 2.0  # seconds between two tellings of one topic
CROWD = 100  # above so many online, the calm grows with the number
STALE = 60.0  # what another process said is believed so long
FORGET = 10.0  # seconds between two looks through what all others said: on a large site that is much

Clock = Callable[[], float]


class Presence:
    """Counts the sockets of this process by account, and keeps what other processes last said of theirs."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._here: dict[str, Counter[str]] = {}
        self._elsewhere: dict[str, dict[str, tuple[float, frozenset[str]]]] = {}
        self._dirty: set[str] = set()
        self._untold: set[str] = set()
        self._told: dict[str, float] = {}
        self._clock = clock
        self._forgot = clock()

    def came(self, topic: str, account: str) -> None:
        self._here.setdefault(topic, Counter())[account] += 1
        self._dirty.add(topic)
        self._untold.add(topic)

    def went(self, topic: str, account: str) -> None:
        present = self._here.get(topic)
        if present is None:
            return
        present[account] -= 1
        if present[account] <= 0:
            del present[account]
        if not present:
            del self._here[topic]
        self._dirty.add(topic)
        self._untold.add(topic)

    def online(self, topic: str) -> list[str]:
        now = self._clock()
        others = self._elsewhere.get(topic, {}).values()
        far = [accounts for heard, accounts in others if now - heard < STALE]
        return sorted(set(self._here.get(topic, ())).union(*far))

    def here(self) -> dict[str, list[str]]:
        """What this process tells the others now and then: all that it knows of itself."""
        return {topic: sorted(accounts) for topic, accounts in self._here.items()}

    def changed(self) -> dict[str, list[str]]:
        """What it tells them in between: the topics that somebody has come to or left since this was last asked."""
        changed, self._untold = self._untold, set()
        return {topic: sorted(self._here.get(topic, ())) for topic in changed}

    def heard(self, process: str, topics: Mapping[str, Collection[str]]) -> None:
        """Another process said who is with it: all of its topics."""
        self.heard_changed(process, topics)
        ended = [name for name, said in self._elsewhere.items() if process in said and name not in topics]
        self.heard_changed(process, dict.fromkeys(ended, ()))

    def heard_changed(self, process: str, topics: Mapping[str, Collection[str]]) -> None:
        """… or of these topics alone; where nobody is left, it has nobody there any more."""
        now = self._clock()
        for topic, accounts in topics.items():
            if accounts:
                self._note(process, topic, now, frozenset(accounts))
            elif self._elsewhere.get(topic, {}).pop(process, None):
                self._dirty.add(topic)

    def due(self) -> dict[str, bytes]:
        """The frames to send now: topics that changed and have been calm long enough."""
        now = self._clock()
        ready = [topic for topic in self._dirty if now - self._told.get(topic, -STALE) >= self._calm(topic)]
        self._dirty.difference_update(ready)
        for topic in ready:
            self._told[topic] = now
        self._forget()
        return {topic: self.frame(topic) for topic in ready if topic in self._here}

    def frame(self, topic: str) -> bytes:
        return frames.message("presence", topic=topic, online=self.online(topic))

    def _note(self, process: str, topic: str, now: float, accounts: frozenset[str]) -> None:
        said = self._elsewhere.setdefault(topic, {})
        if process not in said or said[process][1] != accounts:
            self._dirty.add(topic)
        said[process] = (now, accounts)

    def _calm(self, topic: str) -> float:
        return CALM * max(1.0, len(self._here.get(topic, ())) / CROWD)

    def _forget(self) -> None:
        for topic in [name for name in self._told if name not in self._here]:
            del self._told[topic]
        now = self._clock()
        if now - self._forgot < FORGET:
            return
        self._forgot = now
        for topic, said in list(self._elsewhere.items()):
            for process in [name for name, (heard, _) in said.items() if now - heard >= STALE]:
                del said[process]
                self._dirty.add(topic)
            if not said:
                del self._elsewhere[topic]
