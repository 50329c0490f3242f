"""While something goes out to many, threads give way, and get on all the same."""

from __future__ import annotations

import threading

import pytest

from conventions import precedence as precedences
from conventions.precedence import Precedence


def begins(precedence: Precedence) -> threading.Event:
    """Set as soon as a thread that has given way begins."""
    begun = threading.Event()

    def work() -> None:
        precedence.give_way()
        begun.set()

    threading.Thread(target=work, daemon=True).start()
    return begun


def test_a_thread_begins_when_everything_has_gone_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedences, "MOMENT", 30.0)
    precedence = Precedence()
    with precedence.going_out():
        with precedence.going_out():
            begun = begins(precedence)
        assert not begun.wait(0.05)
    assert begun.wait(10)


def test_a_thread_gets_on_where_something_always_goes_out() -> None:
    precedence = Precedence()
    with precedence.going_out():
        assert begins(precedence).wait(10)


def test_nobody_gives_way_while_nothing_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedences, "MOMENT", 30.0)
    precedence = Precedence()
    with pytest.raises(ZeroDivisionError), precedence.going_out():
        raise ZeroDivisionError
    assert begins(precedence).wait(10)
