"""The simulation of many members keeps the laws that hold whatever the figures are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bench.parts.costs import once_and_each, thinned
from bench.parts.engine import SLICE, Flow, Gate, Lock, Machine, Work, World
from bench.parts.habits import Habits, changed
from bench.parts.simulated import Layout, Load, simulate
from bench.parts.sized import load_of, most_members, sized, within
from bench.parts.turns import Turns
from config.turns import LONG

COMMAND = (0.004, 0.003, 20)
COSTS: dict[str, Any] = {
    "setup": "redis",
    "members": 12,
    "command": [COMMAND],
    "me": [(0.001, 0, 3)],
    "list": [(0.006, 0, 9)],
    "snapshot": [(0.001, 0, 4)],
    "loop_command": 0.0005,
    "loop_call": 0.0003,
    "statement": 0.0001,
    "statement_command": 0.0001,
    "hop": 0.00005,
    "flush": [0.0002],
    "write": [[1e-5]],
    "words": 1.9,
    "hear": 0.0001,
    "redis_call": 0.00002,
    "redis_word": [0.00001, 0.00001],
    "turned": 1.2,
    "waiting": [0.004, 0.0005, 8, 0],
    "arrival": [0.0004, 0.002, 10],
    "beats": {"beat": 1e-6, "check_visitors": 1e-6, "sweep": 1e-4, "note_seen": 1e-6},
    "presence_tell": 1e-7,
    "presence_hear": 1e-7,
    "still_process": 0.008,
    "still_database": 0.001,
    "connections_of_process": 8,
    "commands": 9,
    "rss": 110 << 20,
    "kib_of_socket": 15,
}
QUIET = {"turned": 0, "still_process": 0, "still_database": 0, "beats": dict.fromkeys(COSTS["beats"], 0)}
FAST = 20.0


def p(told: dict[str, Any], which: str = "p95", what: str = "answer_ms") -> float:
    assert not told["overloaded"]
    return float(told[what][which])


def alone_on(setup: str) -> float:
    """Milliseconds that a command takes where nothing else is going on."""
    cpu, _, statements = COMMAND
    python = cpu + COSTS["loop_command"]
    database = statements * (COSTS["statement_command"] + COSTS["hop"]) if setup != "sqlite" else 0.0
    return float(1000 * (python + database + COSTS["flush"][0]))


@pytest.mark.parametrize("setup", ["sqlite", "postgresql"])
def test_one_process_with_little_to_do_answers_in_the_time_that_a_command_takes(setup: str) -> None:
    told = simulate({**COSTS, **QUIET, "setup": setup}, Layout(1, 4), Load(alone=1), seconds=600)
    assert p(told, "p50") == pytest.approx(alone_on(setup), rel=0.02)


def test_a_page_has_it_later_than_the_commit_and_each_of_its_pages_counts() -> None:
    told = simulate({**COSTS, **QUIET}, Layout(1, 4), Load(rooms=(1, 1, 12)), seconds=300)
    more = simulate({**COSTS, **QUIET, "write": [[1e-3]]}, Layout(1, 4), Load(rooms=(1, 1, 12)), seconds=300)
    assert p(more, "p50", "push_ms") - p(told, "p50", "push_ms") == pytest.approx(12, abs=1.5)


def test_twice_as_many_processes_with_cores_for_them_do_not_answer_later() -> None:
    load = Load(rooms=(20, 2.4, 12))
    few, many = (simulate(COSTS, Layout(processes, 16), load, seconds=FAST) for processes in (2, 4))
    assert p(many) <= p(few)


def test_more_than_one_process_can_do_is_told_as_too_much_and_not_as_a_time() -> None:
    told = simulate(COSTS, Layout(1, 8), Load(rooms=(200, 2.4, 12)), seconds=FAST)
    assert told["overloaded"]
    assert (told["answer_ms"], told["push_ms"]) == (None, None)
    assert told["most_used"] == "process"


def test_a_database_that_has_too_much_to_do_is_named() -> None:
    dear = {**COSTS, "statement_command": 0.01}
    told = simulate(dear, Layout(16, 16, database=2), Load(rooms=(50, 1, 12)), seconds=FAST)
    assert told["overloaded"]
    assert told["most_used"] == "database"


def test_one_row_is_one_writers_at_a_time() -> None:
    """All of a team write at once on many processes: they wait for each other and not for a processor."""
    slow = {**COSTS, **QUIET, "flush": [0.05]}
    one = simulate(slow, Layout(8, 16), Load(rooms=(1, 15, 12)), seconds=60)
    many = simulate(slow, Layout(8, 16), Load(rooms=(15, 1, 12)), seconds=60)
    assert p(one) > 2 * p(many)


def test_the_one_writer_of_sqlite_is_everybodys() -> None:
    slow = {**COSTS, **QUIET, "flush": [0.05], "setup": "sqlite"}
    told = simulate(slow, Layout(1, 4), Load(rooms=(30, 1, 12)), seconds=30)
    assert told["overloaded"]


def test_each_other_process_hears_each_word() -> None:
    load = Load(rooms=(10, 2.4, 12))
    dear = {**COSTS, **QUIET, "presence_tell": 0, "presence_hear": 0, "hear": 0.003}
    cheap = {**dear, "hear": 0.0}
    for processes in (2, 5):
        layout = Layout(processes, 32)
        heard, deaf = (simulate(costs, layout, load, seconds=60)["used"]["machine"] for costs in (dear, cheap))
        expected = 24 * COSTS["words"] * dear["hear"] * (processes - 1) / 32
        assert heard - deaf == pytest.approx(expected, rel=0.15)


def test_redis_gives_each_word_to_each_process_and_is_named_where_that_is_too_much() -> None:
    load, dear = Load(rooms=(20, 2.4, 12)), {**COSTS, "redis_word": [0.0, 0.001]}
    few, many = (simulate(dear, Layout(processes, 64), load, seconds=FAST) for processes in (4, 16))
    assert not few["overloaded"]
    assert many["overloaded"]
    assert many["most_used"] == "redis"


def test_where_redis_is_short_no_more_processes_are_tried() -> None:
    told = sized(1_000_000, 8, Habits(), {**COSTS, "redis_word": [0.01, 0.01]}, seconds=4)
    assert not told["carried"]
    assert told["answer_ms"] is None
    assert told["processes"] < 50


def test_the_same_seed_gives_the_same_and_another_one_another() -> None:
    def told(seed: int) -> dict[str, Any]:
        return simulate(COSTS, Layout(2, 4), Load(rooms=(10, 2.4, 12), sockets=100), seconds=FAST, seed=seed)

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_what_else_a_machine_does_makes_answers_later_and_is_not_taken_for_too_much_of_ours() -> None:
    load = Load(rooms=(2, 2.4, 12))
    quiet, busy = (simulate(COSTS, Layout(1, 2, others=others), load, seconds=60) for others in (0, 1.9))
    assert p(busy) > p(quiet)


def test_a_processor_is_shared_by_turns_and_a_gate_lets_one_through() -> None:
    def ended(together: bool) -> list[float]:
        world, machine, when = World(), Machine("m", 2), []
        gate = Gate(machine)

        def flow() -> Flow:
            yield Work(gate if together else machine, 0.010)
            when.append(world.now)

        world.start(flow())
        world.start(flow())
        world.run(1)
        return when

    assert ended(together=False) == pytest.approx([0.010, 0.010])
    assert ended(together=True) == pytest.approx([0.020 - SLICE, 0.020])


def began(at_once: int, workers: int, *seconds: float) -> list[float]:
    """When each of these calls had its turn; all came in the same moment."""
    world, when = World(), []
    turns = Turns(world, at_once, workers, 256)

    def call(takes: float) -> Flow:
        turn = yield from turns.take()
        when.append(world.now)
        yield takes
        turns.done(turn)

    for takes in seconds:
        world.start(call(takes))
    world.run(10)
    return when


def test_short_calls_have_their_turns_one_after_the_other() -> None:
    assert began(1, 4, 0.004, 0.004, 0.004) == pytest.approx([0, 0.004, 0.008])
    assert began(2, 4, 0.004, 0.004, 0.004) == pytest.approx([0, 0, 0.004])


def test_who_takes_long_passes_the_turn_on_as_often_as_there_are_workers() -> None:
    assert began(1, 4, 1, 0.004, 0.004) == pytest.approx([0, 2 * LONG, 2 * LONG + 0.004])
    assert began(1, 2, 1, 1, 0.004) == pytest.approx([0, 2 * LONG, 1])


def test_when_the_long_ones_are_done_the_turns_are_as_few_as_before() -> None:
    assert began(1, 4, 0.05, 0.02, 0.004, 0.004) == pytest.approx([0, 2 * LONG, 2 * LONG + 0.02, 2 * LONG + 0.024])


def test_a_lock_is_given_on_in_the_order_of_asking() -> None:
    world, lock, order = World(), Lock(), []

    def flow(name: str) -> Flow:
        yield lock
        yield 0.5
        order.append((name, world.now))
        world.release(lock)

    for name in "abc":
        world.start(flow(name))
    world.run(10)
    assert order == [("a", 0.5), ("b", 1.0), ("c", 1.5)]


def test_ten_times_the_members_take_more_processes_and_are_carried() -> None:
    habits = changed(["looks_a_day=60"])
    some, more = (sized(members, 4, habits, COSTS, seconds=4) for members in (10_000, 100_000))
    assert within(some)
    assert within(more)
    assert some["processes"] < more["processes"]
    assert more["database_cores"] > 0
    assert more["connections"] == more["processes"] * COSTS["connections_of_process"]


def test_habits_that_ask_for_more_leave_room_for_fewer_members() -> None:
    def members(habits: Habits) -> int:
        return int(most_members(2, habits, COSTS, 1, seconds=4, memory=4096)["members"])

    assert members(changed(["looks_a_day=30"])) < members(Habits())


def test_memory_bounds_how_many_may_be_there() -> None:
    found = most_members(2, Habits(), COSTS, 1, seconds=4, memory=130)
    assert found["mib"] <= 130
    assert found["members"] < most_members(2, Habits(), COSTS, 1, seconds=4, memory=4096)["members"]


def test_the_busiest_hour_has_its_share_of_a_weeks_commands() -> None:
    habits = replace(Habits(), days=5, peak_hour=0.2, decisions_a_week=2, members_of_team=12, live=0.5)
    load = load_of(12_000, habits, COSTS)
    assert load.commands == pytest.approx(1000 * 2 / 5 * 0.2 * 12 * 9 / 3600)
    assert load.alone == pytest.approx(load.commands / 2)
    assert load.sockets == 12_000 * habits.open_pages


def test_a_habit_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no habit luck"):
        changed(["luck=1"])


def test_rows_that_are_kept_are_spread_from_the_cheapest_to_the_dearest() -> None:
    rows = thinned([[float(number)] for number in range(1000)], 50)
    assert len(rows) == 50
    assert sum(row[0] for row in rows) / 50 == pytest.approx(499.5, rel=0.02)


def test_what_is_done_once_for_a_crowd_is_told_from_what_is_done_for_each() -> None:
    rows = [[many, 0.004 + 0.001 * many, 8] for many in (1, 3, 10, 40)]
    assert once_and_each(rows) == pytest.approx([0.004, 0.001, 8, 0])
    assert once_and_each([[1, 0.005, 10], [1, 0.007, 10]]) == pytest.approx([0, 0.006, 0, 10])
