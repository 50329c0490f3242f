"""The simulation is held against the kept steps, and says honestly how far it is off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.parts import capacity_page, fitted, sized
from bench.parts.fitted import BEYOND, CAREFULLY, FITS, HOPEFULLY, as_measured, checked, fit, verdict
from bench.parts.habits import Habits
from bench.parts.setups import MEMBERS
from bench.parts.simulated import Layout, Load, simulate

from .test_capacity import STEP
from .test_simulated import COSTS

KEPT = [json.loads(line) for line in capacity_page.TOLD.read_text().splitlines()]
MEASURED = {line["setup"]: line for line in KEPT if line["bench"] == "capacity"}
CHECKED = {line["setup"]: line for line in KEPT if line["bench"] == "capacity-checked"}
ROW: dict[str, Any] = {
    "measured": True, "others_busy": 0.1, "answer_ms_p95": 40.0, "simulated_answer_ms_p95": 40.0,
    "push_ms_p95": 40.0, "simulated_push_ms_p95": 40.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, FITS),
        ({"simulated_answer_ms_p95": 26.0}, HOPEFULLY),
        ({"simulated_push_ms_p95": 26.0}, HOPEFULLY),
        ({"simulated_push_ms_p95": 61.0}, CAREFULLY),
        ({"simulated_answer_ms_p95": None}, CAREFULLY),
        ({"measured": False, "simulated_answer_ms_p95": 151.0}, BEYOND),
        ({"measured": False, "simulated_answer_ms_p95": None}, BEYOND),
        ({"measured": False}, HOPEFULLY),
        ({"others_busy": 1.5}, fitted.APART),
    ],
)
def test_a_time_counts_within_the_limits_and_beyond_them_whether_both_are(changed: dict[str, Any], told: str) -> None:
    assert verdict({**ROW, **changed}) == told


def test_what_was_measured_is_simulated_with_what_else_ran_beside_it() -> None:
    layout, load = as_measured({"idle_pages": 100}, STEP)
    assert layout.others == pytest.approx(0.2)
    assert load.commands == pytest.approx(48.0)
    assert load.sockets == 100 + 20 * MEMBERS


def test_where_the_limits_were_not_kept_as_much_is_asked_as_was() -> None:
    late = {**STEP, "rooms": 30, "commands_per_s": 50.0, "within": False}
    _, load = as_measured({"idle_pages": 100, "steps": [STEP, late]}, late)
    assert load.commands == pytest.approx(30 * 48.0 / 20)


def test_a_set_up_whose_work_was_dearer_under_load_is_found_out() -> None:
    costs = {**COSTS, "setup": "sqlite"}
    steps = [{**STEP, "rooms": rooms, "commands_per_s": 2.4 * rooms, "others_busy": 0.0} for rooms in (8, 16)]
    line = {"setup": "sqlite", "idle_pages": 100, "costs": costs, "steps": steps, "quick": False}
    for step in steps:
        told = simulate({**costs, "dear": 1.4}, *as_measured(line, step), seconds=30)
        step["processes_busy"] = [told["used"]["process"]]
    assert fit([line], 30)["sqlite"]["dear"] == pytest.approx(1.4, abs=0.11)


def test_work_takes_longer_while_other_processors_are_busy() -> None:
    load = Load(rooms=(10, 2.4, 12))
    alone, beside = (simulate({**COSTS, "crowd": 0.5}, Layout(1, 2, others=others), load) for others in (0, 1.9))
    assert beside["used"]["process"] > 1.2 * alone["used"]["process"]


def test_dear_work_is_dearer_in_the_processes_alone() -> None:
    load = Load(rooms=(10, 2.4, 12))
    plain, dear = (simulate({**COSTS, "dear": factor}, Layout(1, 4), load) for factor in (1.0, 1.5))
    assert dear["used"]["process"] == pytest.approx(1.5 * plain["used"]["process"], rel=0.1)
    assert dear["used"]["database"] == pytest.approx(plain["used"]["database"], rel=0.1)


@pytest.mark.parametrize("setup", ["sqlite", "postgresql", "redis"])
def test_more_cores_never_carry_fewer_teams(setup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is left to chance: here each try is of a few commands only."""
    monkeypatch.setattr(sized, "SAMPLE", 60)
    monkeypatch.setattr(sized, "CHANCES", (1,))
    costs = {**COSTS, "setup": setup, "crowd": 0.1}
    found = list(sized.most_on_each({4: 4800.0, 2: 2400.0}, Habits(), costs, seconds=4))
    assert [one["cores"] for one in found] == [2, 4]
    assert found[0]["members"] <= found[1]["members"]


def test_what_fewer_cores_carry_is_where_more_of_them_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """By chance four cores look worse than two: they carry as much all the same."""
    monkeypatch.setattr(sized, "simulate", lambda costs, layout, load, **how: {
        "overloaded": False, "answer_ms": {"p95": 9.0}, "push_ms": {"p95": 9.0},
        "used": {"process": load.sockets / (3000 if layout.cores == 2 else 2000)},
    })  # fmt: skip
    few, more = sized.most_on_each({2: 2400.0, 4: 4800.0}, Habits(), {**COSTS, "setup": "postgresql"}, seconds=4)
    assert few["members"] == more["members"]
    assert more["carried"]


def test_the_page_tells_of_no_machine_that_carries_less_with_more_cores() -> None:
    ones = [line for line in KEPT if line["bench"] == "capacity-one"]
    for setup in MEASURED:
        members = [one["members"] for one in sorted(ones, key=lambda one: one["cores"]) if one["setup"] == setup]
        assert len(members) > 1
        assert members == sorted(members)


@pytest.mark.parametrize("setup", MEASURED)
def test_the_simulation_is_as_near_to_the_kept_steps_as_the_page_says(setup: str) -> None:
    factors = {name: CHECKED[setup][name] for name in ("dear", "crowd")}
    for one, step in zip(CHECKED[setup]["steps"], MEASURED[setup]["steps"], strict=True):
        costs = {**MEASURED[setup]["costs"], **factors}
        told = simulate(costs, *as_measured(MEASURED[setup], step), seconds=8)
        assert told["used"]["process"] == pytest.approx(one["simulated_process_busy"], rel=0.25, abs=0.02)


def test_the_simulation_fits_nearly_every_kept_step_and_errs_to_the_careful_side() -> None:
    verdicts = [one["verdict"] for line in CHECKED.values() for one in line["steps"]]
    compared = [one for one in verdicts if one != fitted.APART]
    assert sum(one in (FITS, BEYOND) for one in compared) >= 0.85 * len(compared)
    assert compared.count(HOPEFULLY) <= compared.count(CAREFULLY)


def test_each_half_of_the_steps_has_its_own_errors() -> None:
    line = {"setup": "sqlite", "idle_pages": 100, "costs": {**COSTS, "setup": "sqlite"}, "steps": [STEP, STEP]}
    told = checked({**line, "quick": False}, {"dear": 1.0, "crowd": 0.0}, 4)
    assert [row["half"] for row in told["steps"]] == [fitted.FITTED, fitted.TRIED]
    for half in (fitted.FITTED, fitted.TRIED):
        assert fitted.errors(told, half)["steps"] == 1
