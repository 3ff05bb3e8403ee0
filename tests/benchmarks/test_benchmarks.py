"""The benchmarks run, with few people, and judge by the exact answer. No speed is tested: machines differ."""

from __future__ import annotations

import argparse
import math
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import lbpsim
from benchmarks import (
    cluster,
    country,
    draws,
    earlier,
    field_models,
    full_model,
    growth,
    many,
    measuring,
    one_run,
    optimum,
    page,
    sharing,
    sick_sicker_field,
    start,
    targets,
    where,
)
from benchmarks.field_models import Sample
from docs.pages import names
from lbpsim.verification.models import sick_sicker as model

PARSERS = [
    module.arguments
    for module in (cluster, country, draws, earlier, full_model, growth, optimum, sharing, start, where)  # type: ignore[attr-defined]
]
SIZES = {"plain_simpy": 400, "lockstep": 20_000, "salabim": 200, "ciw": 200, "heormodel": 1_000}


@pytest.mark.parametrize("name", SIZES)
def test_every_library_gives_the_exact_answer(name: str) -> None:
    if name in ("salabim", "ciw", "heormodel"):
        pytest.importorskip(name)
    run = sick_sicker_field.other(getattr(field_models, name), SIZES[name])
    assert run["right"], run
    assert run["events"] > 6 * SIZES[name]


def test_the_loop_in_c_gives_the_exact_answer() -> None:
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    run = sick_sicker_field.in_c(20_000)
    assert run["right"], run
    assert math.isclose(run["events"] / run["people"], 8.08, rel_tol=0.02)


def test_a_wrong_answer_is_found() -> None:
    def biased(people: int, seed: int) -> Sample:
        fair = field_models.lockstep(people, seed)
        return Sample(fair.costs * 1.02, fair.qalys, fair.events, fair.seconds)

    assert not sick_sicker_field.other(biased, 100_000)["right"]


def test_models_of_the_field_have_the_numbers_of_ours() -> None:
    inputs = model.new_inputs()[0]
    for state, moves in field_models.MOVES.items():
        for target, rate in moves.items():
            kinds = np.equal(model.TARGET, target)
            assert math.isclose(inputs["hazards"][state][kinds].sum(), rate)
    assert np.array_equal(inputs["cost"], field_models.COST)
    assert np.array_equal(inputs["utility"], field_models.UTILITY)
    assert (inputs["horizon"], inputs["discount_force"]) == (field_models.HORIZON, field_models.FORCE)


@pytest.mark.parametrize("engine", ["compiled", pytest.param("simpy", marks=pytest.mark.slow)])
def test_a_run_tells_what_it_took(engine: str) -> None:
    options = ["--people", "60", "--engine", engine, "--years", "3", "--replications", "2"]
    run = one_run.measured(one_run.arguments().parse_args(options))
    assert run["people"] == 60
    assert run["records"] > 60
    assert run["events"] > run["people"]
    assert 0.5 * 60 * 3 < run["person_years"] < 2 * 60 * 3
    assert 0.0 < run["engine_seconds"] < run["seconds"]
    assert full_model.rates(run)["events_per_second"] > 0.0


def test_a_policy_that_does_not_exist_is_told() -> None:
    with pytest.raises(SystemExit, match="no policy weather"):
        one_run.study(10, 3, ["weather"], 1)


def test_the_best_of_several_is_the_quickest() -> None:
    assert measuring.best([{"seconds": 2.0}, {"seconds": 1.0}]) == {"seconds": 1.0, "repeats": 2, "slowest": 2.0}


def test_a_failing_child_is_told() -> None:
    with pytest.raises(SystemExit, match="No module named"):
        measuring.child("benchmarks.no_such_thing")


def test_results_that_are_missing_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "ROOT", tmp_path)
    monkeypatch.setattr(measuring, "RESULTS", tmp_path)
    with pytest.raises(SystemExit, match=r"run python -m benchmarks\.growth first"):
        measuring.read("growth")
    measuring.write("growth", {"people": 1})
    assert measuring.read("growth")["people"] == 1


def test_parts_to_be_switched_off_are_still_in_the_source(tmp_path: Path) -> None:
    for number, changes in enumerate(where.CHANGES.values()):
        assert (where.copied(tmp_path / str(number), changes) / "lbpsim" / "cli" / "__init__.py").exists()
    with pytest.raises(SystemExit, match="no longer holds"):
        where.copied(tmp_path / "other", (("lbpsim/cli/__init__.py", "no such text", ""),))


@pytest.mark.parametrize("parser", PARSERS)
def test_command_lines_offer_json(parser: Callable[[], argparse.ArgumentParser]) -> None:
    assert parser().parse_args(["--json"]).json is True


@pytest.mark.gate
def test_lives_that_are_shared_are_lived_once_and_count_for_every_policy() -> None:
    options = ["--people", "60", "--years", "3", "--replications", "2", "--policies", "all"]
    together = one_run.measured(one_run.arguments().parse_args(options))
    assert together["lived_events"] < 0.7 * together["events"]
    in_full = measuring.child("benchmarks.one_run", *options, "--in-full")
    assert in_full["lived_events"] == in_full["events"] == together["events"]


def test_what_a_rare_policy_adds_is_told_in_shares_of_living_it_in_full() -> None:
    def run(seconds: float, lived: int) -> measuring.Measured:
        return {"seconds": seconds, "processor_seconds": 2 * seconds, "events": 1000, "lived_events": lived}

    runs = {
        "together": run(2.0, 400),
        "in_full": run(6.0, 1000),
        "few": run(1.0, 140),
        "few_and_rare": run(1.1, 142),
        "rare_in_full": run(4.0, 100),
    }
    found = sharing.compared(runs)
    assert (found["faster"], found["fewer_events"], found["effective_per_second"]) == (3.0, 2.5, 500.0)
    assert math.isclose(found["added_cost"], 0.025)
    assert math.isclose(found["added_events"], 0.002)


def test_a_commit_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no-such-commit is not in the history here"):
        earlier.taken_out("no-such-commit", tmp_path)


def test_targets_name_what_is_missed_and_what_is_not_measured() -> None:
    aim = targets.Target("speed", "2 times", "race", lambda found: found["ratio"], targets.times, least=2.0)
    assert aim.row({"race": {"ratio": 1.99}}) == ("speed", "2 times", "1.99 times", False)
    assert aim.row({"race": {"ratio": 2.0}})[3] is True
    assert aim.row({}) == aim.row({"race": {}}) == ("speed", "2 times", "", None)
    below = targets.Target("time", "a minute", "race", lambda found: found["time"], targets.seconds, below=60.0)
    assert [below.row({"race": {"time": time}})[2:] for time in (59.0, 60.0)] == [("59 s", True), ("60 s", False)]
    assert page.targets_table({}).count("not measured") == len(targets.TARGETS)


@pytest.mark.parametrize(
    ("clock", "processors", "met"), [(9.0, 8.0, True), (12.0, 9.0, targets.BUSY), (12.0, 11.0, False)]
)
def test_an_aim_missed_on_a_busy_machine_alone_says_so(clock: float, processors: float, met: bool | str) -> None:
    aim = targets.Target(
        "time",
        "10 s",
        "run",
        lambda found: found["seconds"],
        targets.seconds,
        below=10.0,
        on_processors=targets.of_each_processor,
    )
    row = aim.row({"run": {"seconds": clock, "processor_seconds": 2 * processors, "workers": 2}})
    assert row[2:] == (f"{targets.seconds(clock)}; {targets.seconds(processors)} by processor time", met)


def test_every_part_of_the_page_is_made_by_the_script() -> None:
    assert sorted(names(page.PAGE.read_text(encoding="utf-8"))) == sorted(page.PARTS)


def test_make_bench_runs_every_benchmark() -> None:
    recipe = subprocess.run(["make", "-n", "bench"], cwd=measuring.ROOT, capture_output=True, text=True, check=True)
    needed = {source for _, sources in page.PARTS.values() for source in sources}
    assert needed >= {target.source for target in targets.TARGETS}
    for name in (*needed, "page"):
        assert f"-m benchmarks.{name}" in recipe.stdout


def test_a_study_of_many_policies_has_no_two_alike(tmp_path: Path) -> None:
    many.write_study(tmp_path, policies=200, people=60, years=2)
    study = lbpsim.load(tmp_path)
    assert len(study.policies) == 200
    assert len({(policy.cft.offered, tuple(policy.cft.training_places.items())) for policy in study.policies}) == 200


@pytest.mark.slow
def test_two_hundred_policies_end_in_three_minutes_and_two_gigabytes(tmp_path: Path) -> None:
    """Tables, workbook, charts and page included; time on the processor, which other work does not lengthen."""
    run = many.run_many(tmp_path, policies=200, people=500, years=3)
    assert run["cpu_seconds"] < 180
    assert run["peak_bytes"] < 2e9
    assert run["page_bytes"] < 3e6


@pytest.mark.slow
def test_time_and_memory_grow_no_faster_than_policies(tmp_path: Path) -> None:
    first, second, third = (
        many.run_many(tmp_path / str(policies), policies=policies, people=60, years=2) for policies in (13, 33, 73)
    )
    for what in ("cpu_seconds", "peak_bytes"):
        assert third[what] - second[what] < 2 * 1.8 * max(second[what] - first[what], 0.1 * first[what])
