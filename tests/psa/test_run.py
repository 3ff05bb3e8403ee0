"""A study simulated for each draw: the same whoever does it, kept as it goes, and right on average."""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lbpsim.outcomes.draws import ARRAYS, BANDED, DECISIVE, Draw, DrawResults, ProbabilisticResults
from lbpsim.outcomes.groups import GROUPS
from lbpsim.outcomes.health_by_group import FIFTHS, HEALTH
from lbpsim.outcomes.measures import COST_CATEGORIES
from lbpsim.pathways.starting_disability import RMDQ_MAX
from lbpsim.psa import run as module
from lbpsim.psa import sample_size
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.parameter_sampling import parameters_of
from lbpsim.psa.run import gather, run_draws, simulate, structures_of, study_of_draw, with_people
from lbpsim.report.file_names import UNFINISHED
from lbpsim.report.outputs import read
from lbpsim.simulation.checkpoints import load_arrays, npz
from lbpsim.simulation.cut_rates import is_cut
from lbpsim.simulation.run import Job, Progress, checkpoint_of, run_study
from lbpsim.study import InputErrors, Study
from tests.psa.conftest import DRAWS, PEOPLE, POLICIES, Bytes, stored

AsBytes = Callable[[DrawResults], Bytes]
SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = [str(SCENARIOS / f"{name}.yaml") for name in POLICIES]
WORDS = [*FILES, "--people", "600", "--years", "3", "--draws", str(DRAWS), "--draw-people", str(PEOPLE), "--quiet"]


def same(one: DrawResults, other: DrawResults) -> bool:
    return one.parameters.equals(other.parameters) and all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in ARRAYS
    )


@pytest.mark.gate
def test_any_number_of_threads_gives_the_same_bytes(small: Study, twelve: DrawResults, as_bytes: AsBytes) -> None:
    other = run_draws(small, DrawRequest(draws=DRAWS, people=PEOPLE), workers=5)
    assert as_bytes(other) == as_bytes(twelve)


@pytest.mark.gate
def test_the_reference_engine_gives_the_same_draws(small: Study, twelve: DrawResults) -> None:
    first = simulate(Job.of(with_people(small, PEOPLE), "simpy"), 1)
    for name in ARRAYS:
        assert np.array_equal(getattr(first, name), getattr(twelve, name)[0], equal_nan=True)


def test_fewer_draws_are_the_first_of_more(small: Study, twelve: DrawResults) -> None:
    five = run_draws(small, DrawRequest(draws=5, people=PEOPLE), workers=1)
    assert five.numbers == (1, 2, 3, 4, 5)
    assert np.array_equal(five.values, twelve.values[:5], equal_nan=True)
    assert five.parameters.equals(twelve.parameters.iloc[:5])


def test_shapes_are_those_of_the_contract(twelve: DrawResults, small: Study) -> None:
    shape = (DRAWS, len(POLICIES), len(twelve.outcomes))
    assert twelve.scenarios == POLICIES
    assert twelve.values.shape == twelve.mcse.shape == twelve.noise.shape == shape
    assert twelve.yearly.shape == (DRAWS, len(POLICIES), 3, len(twelve.yearly_outcomes))
    assert twelve.parameters.shape[0] == DRAWS and list(twelve.parameters.index) == list(twelve.numbers)
    assert len(twelve.frame) == np.prod(shape)
    assert np.isfinite(twelve.of("qalys")).all() and np.isfinite(twelve.of("cost_societal")).all()


def test_a_policy_comes_out_the_same_whoever_runs_beside_it(small: Study, twelve: DrawResults) -> None:
    """Common random numbers within a draw: every policy meets the same people with the same luck."""
    pair = replace(small, policies=(small.policies[0], small.policies[2]))
    alone = run_draws(pair, DrawRequest(draws=4, people=PEOPLE), workers=1)
    assert np.array_equal(alone.values, twelve.values[:4, [0, 2]], equal_nan=True)


def test_identical_policies_are_equal_in_every_draw(small: Study) -> None:
    twin = replace(small.policies[0], name="twin")
    draws = run_draws(
        replace(small, policies=(small.policies[0], twin)), DrawRequest(draws=6, people=PEOPLE), workers=1
    )
    assert np.array_equal(draws.values[:, 0], draws.values[:, 1], equal_nan=True)
    assert np.nanmax(draws.mcse) == 0.0


@pytest.mark.gate
def test_different_draws_have_different_luck(small: Study) -> None:
    """With every uncertain parameter assumed, draws differ by luck alone, and by as much as their noise says."""
    certain = replace(small, policies=small.policies[:1], assume=small.values(small.policies[0]))
    draws = run_draws(certain, DrawRequest(draws=80, people=PEOPLE), workers=2)
    assert draws.parameters.shape[1] == 0
    qalys = draws.of("qalys")[:, 0]
    assert len(set(qalys)) == len(qalys)
    noise = draws.noise[:, 0, draws.outcomes.index("qalys")]
    assert qalys.var(ddof=1) / np.mean(noise**2) == pytest.approx(1.0, abs=0.6)


def test_parts_add_up_in_every_draw(twelve: DrawResults) -> None:
    """TECH-VER, uncertainty: the checks of this section run inside every draw."""
    societal = sum(twelve.of(name) for name in COST_CATEGORIES)
    assert np.allclose(societal, twelve.of("cost_societal"), rtol=1e-12)
    assert np.allclose(twelve.of("ylds") + twelve.of("ylls"), twelve.of("dalys"), rtol=1e-12)
    assert (twelve.of("in_pain_years") <= twelve.of("life_years")).all()
    assert (twelve.of("qalys") < twelve.of("life_years")).all()


def test_payers_pay_the_cost_of_health_care_in_every_draw(twelve: DrawResults) -> None:
    whole = twelve.yearly[..., BANDED.index("cost_health_system")].sum(axis=-1)
    assert twelve.paid[:, :, -1, -1] == pytest.approx(whole, rel=1e-9)
    assert twelve.paid[:, :, :-1].sum(axis=2) == pytest.approx(twelve.paid[:, :, -1], rel=1e-9)
    assert twelve.payers[-1] == "all payers" and len(twelve.payers) == twelve.paid.shape[2]


def test_fifths_and_ages_sum_to_the_whole_in_every_draw(twelve: DrawResults) -> None:
    assert twelve.knows_groups
    for groups in (slice(0, len(GROUPS)), FIFTHS):
        found = twelve.by_group[:, :, :, groups].sum(axis=3)
        qalys = twelve.replicates[..., DECISIVE.index("qalys")]
        np.testing.assert_allclose(found[..., HEALTH.index("qalys_discounted")], qalys, rtol=1e-12)
        whole = twelve.yearly[..., BANDED.index("qalys")].sum(axis=-1)
        np.testing.assert_allclose(found[..., HEALTH.index("qalys")].mean(axis=2), whole, rtol=1e-12)
        assert (found[..., HEALTH.index("qalys")] < found[..., HEALTH.index("life_years")]).all()


def test_what_makes_no_sense_with_what_is_drawn_is_told_with_its_draw(small: Study) -> None:
    """The widest spread that goes with the central mean of disability goes not with every mean that is drawn."""
    mean = small.values(small.policies[0])["disability.trait_mean"]
    wide = replace(small, assume={"disability.trait_sd": 0.9999 * math.sqrt(mean * (RMDQ_MAX - mean))})
    means = [parameters_of(wide, draw)["disability.trait_mean"] for draw in range(1, 41)]
    draw = 1 + int(np.argmax(np.abs(np.array(means) - RMDQ_MAX / 2.0)))
    with pytest.raises(InputErrors, match=f"In draw {draw}: disability.trait_mean is"):
        simulate(Job.of(with_people(wide, PEOPLE), "compiled"), draw)


def test_draws_in_which_a_rate_is_cut_are_counted(small: Study, twelve: DrawResults) -> None:
    numbers = range(1, DRAWS + 1)
    assert twelve.cut == sum(is_cut(study_of_draw(small, number)) for number in numbers)
    draws = [replace(simulate(Job.of(with_people(small, PEOPLE), "compiled"), 1), cut=cut) for cut in (True, False)]
    assert gather(small, twelve.plan, draws).cut == 1


def test_a_draw_is_a_run_with_its_parameters(small: Study, twelve: DrawResults) -> None:
    """What a draw reports is what `run_study` says of a study that assumes its parameters, but for the luck."""
    assumed = dict(twelve.parameters.iloc[2])
    told = replace(small, assume=assumed, people=12_000, replications=12)
    summary = run_study(told, workers=2).summary
    row = summary[(summary["scenario"] == "usual-care") & (summary["outcome"] == "qalys") & summary["discounted"]]
    place = twelve.outcomes.index("qalys")
    gap = float(row["value"].iloc[0]) - twelve.values[2, 0, place]
    others = np.abs(twelve.values[:, 0, place] - float(row["value"].iloc[0]))
    assert abs(gap) < 5 * max(twelve.noise[:, 0, place].max(), float(row["mcse"].iloc[0]))
    assert others.max() > 3 * abs(gap), "another draw's parameters would show"


@pytest.mark.slow
def test_the_probabilistic_mean_is_close_to_the_deterministic(small: Study) -> None:
    """TECH-VER, uncertainty: the model bends a little over its parameters' laws, so within a tenth, not equal."""
    base = run_study(replace(small, people=40_000, replications=20), workers=2)
    draws = run_draws(small, DrawRequest(draws=400, people=1000), workers=2)
    summary = base.summary[base.summary["discounted"] & (base.summary["scenario"] == "usual-care")]
    known = dict(zip(summary["outcome"], summary["value"], strict=True))
    for outcome in ("qalys", "life_years", "ylds", "cost_usual_care", "cost_lost_work", "consultations"):
        values = draws.of(outcome)[:, 0]
        error = values.std(ddof=1) / np.sqrt(len(values))
        assert abs(values.mean() - known[outcome]) < 0.1 * known[outcome] + 3 * error, outcome


# --- how many ---------------------------------------------------------------------------------------------------------


def test_a_pilot_finds_the_people_and_says_why(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PILOT_DRAWS", 6)
    monkeypatch.setattr(module, "PILOT_PEOPLE", 40)
    monkeypatch.setattr(sample_size, "FEWEST_PEOPLE", 50)
    plans: list[Any] = []
    draws = run_draws(small, DrawRequest(draws=3), workers=1, say=plans.append)
    (plan,) = plans
    assert plan == draws.plan
    assert 50 <= plan.people <= small.people and plan.pilot == 6
    assert "is worth more with probability" in plan.reason
    assert (plan.draws, plan.until_settled, len(draws.numbers)) == (3, False, 3)


@pytest.mark.gate
def test_draws_stop_when_probabilities_have_settled(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at in the order of the draws, so that who finished first does not matter."""
    monkeypatch.setattr(sample_size, "STEP", 10)
    found = [run_draws(small, DrawRequest(precision=0.2, people=PEOPLE), workers=workers) for workers in (1, 4)]
    assert same(*found)
    settled = found[0]
    number = len(settled.numbers)
    assert number % 10 == 0 and number < 200
    assert sample_size.probabilities(settled, small.thresholds).settled(0.2)


def test_draws_stop_at_the_most(small: Study) -> None:
    draws = run_draws(small, DrawRequest(draws=7, precision=0.01, people=PEOPLE), workers=2)
    assert len(draws.numbers) == 7 and draws.plan.until_settled


def test_progress_is_told_draw_by_draw(small: Study) -> None:
    told: list[Progress] = []
    run_draws(small, DrawRequest(draws=4, people=PEOPLE), workers=2, tell=told.append)
    assert [now.done for now in told] == [1, 2, 3, 4]
    assert told[-1].person_years == told[-1].all_person_years == 4 * PEOPLE * 3 * len(POLICIES)


@pytest.mark.gate
def test_from_python(small: Study) -> None:
    results = small.run(people=300, draws=3, draw_people=PEOPLE)
    assert isinstance(results, ProbabilisticResults)
    assert len(results.draws.numbers) == 3
    assert set(results.summary["scenario"]) == set(POLICIES)
    assert not isinstance(small.run(people=300, draws=0), ProbabilisticResults)


# --- interruption -----------------------------------------------------------------------------------------------------


@pytest.mark.gate
def test_finished_draws_are_not_made_again(
    small: Study, twelve: DrawResults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lbpsim.simulation.checkpoints.PATIENCE", 0.0)
    run_draws(small, DrawRequest(draws=5, people=PEOPLE), workers=1, folder=tmp_path)
    made: list[int] = []

    def counted(job: Job, number: int) -> Draw:
        made.append(number)
        return simulate(job, number)

    monkeypatch.setattr(module, "simulate", counted)
    again = run_draws(small, DrawRequest(draws=DRAWS, people=PEOPLE), workers=1, folder=tmp_path)
    assert made == list(range(6, DRAWS + 1))
    assert same(again, twelve)


def test_draws_of_other_inputs_are_not_taken_up(small: Study, tmp_path: Path) -> None:
    kept = [
        checkpoint_of(tmp_path, one).folder
        for one in (
            with_people(small, PEOPLE),
            with_people(small, PEOPLE + 1),
            with_people(replace(small, seed=1), PEOPLE),
        )
    ]
    assert len(set(kept)) == 3


@pytest.mark.gate
def test_a_full_disk_loses_no_finished_draw(
    small: Study, twelve: DrawResults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []

    def until_full(arrays: Any) -> bytes:
        if len(written) == 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(arrays)
        return npz(arrays)

    with monkeypatch.context() as patch:
        patch.setattr("lbpsim.simulation.checkpoints.PATIENCE", 0.0)
        patch.setattr("lbpsim.simulation.checkpoints.npz", until_full)
        with pytest.raises(OSError, match="No space left"):
            run_draws(small, DrawRequest(draws=DRAWS, people=PEOPLE), workers=3, folder=tmp_path)
    assert len(list(tmp_path.rglob("*.kept"))) == 4 and not list(tmp_path.rglob("*.part"))
    again = run_draws(small, DrawRequest(draws=DRAWS, people=PEOPLE), workers=2, folder=tmp_path)
    assert same(again, twelve)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Any:
    """A file system of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=False).returncode
    ):
        pytest.skip("only the administrator of a machine can make a disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.slow
def test_a_disk_that_is_really_full(tiny_disk: Path) -> None:
    words = [word if word != str(DRAWS) else "2000" for word in WORDS]
    process = subprocess.run(
        [sys.executable, "-m", "lbpsim.cli", "run", *words, "--out", tiny_disk / "out"],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert process.returncode == 1
    assert "No space left on device" in process.stderr and "--resume" in process.stderr
    assert "Traceback" not in process.stderr
    kept = list((tiny_disk / "out" / UNFINISHED).rglob("draw-*.kept"))
    assert len(kept) > 3
    for path in kept:
        assert set(load_arrays(path) or ()) == {*ARRAYS, "cut"}
    assert not (tiny_disk / "out" / "draws.parquet").exists()


@pytest.mark.gate
def test_a_folder_that_cannot_be_written_is_found_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    process = subprocess.run(
        [sys.executable, "-m", "lbpsim.cli", "run", *WORDS, "--out", tmp_path / "file" / "out"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert process.returncode == 1
    assert str(tmp_path / "file") in process.stderr.replace("\n", "") and "Traceback" not in process.stderr


@pytest.mark.slow
def test_killed_at_three_moments_and_resumed_gives_the_same_bytes(
    twelve: DrawResults, as_bytes: AsBytes, tmp_path: Path
) -> None:
    """SIGKILL leaves no time to tidy up. Each draw is kept at once here, not only when so much work may be lost."""
    out = tmp_path / "out"
    impatient = (
        "from lbpsim.simulation import checkpoints; checkpoints.PATIENCE = 0.0; from lbpsim.cli import main; main()"
    )
    start = [sys.executable, "-c", impatient, "run", *WORDS, "--resume", "--out", str(out)]
    for finished in (1, 4, 9):
        process = subprocess.Popen(start)
        wait_for_draws(process, out, finished)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
        assert not (out / "run.json").exists() and not (out / "draws.parquet").exists()
        assert len(draws_in(out)) >= finished
    subprocess.run(start, check=True, timeout=300)
    assert stored(out) == as_bytes(twelve)
    assert not (out / UNFINISHED).exists()
    whole = read(out)
    assert isinstance(whole, ProbabilisticResults)
    assert same(whole.draws, twelve)
    told = json.loads((out / "run.json").read_text())["draws"]
    assert told["number"] == DRAWS and told["plan"]["people"] == PEOPLE
    assert told["parameters"] == list(twelve.parameters.columns)


def draws_in(out: Path) -> list[Path]:
    return list((out / UNFINISHED).rglob("draw-*.kept"))


def wait_for_draws(process: subprocess.Popen[bytes], out: Path, number: int) -> None:
    deadline = time.monotonic() + 240.0
    while len(draws_in(out)) < number:
        assert process.poll() is None and time.monotonic() < deadline, "the run ended before it could be killed"
        time.sleep(0.002)


WEIGHTS = {
    "after_year_three": {"waning": 1.0, "gone_at_year_three": 1.0},
    "severity_drives_opioids_and_surgery": {"on": 1.0, "off": 1.0},
}


@pytest.fixture(scope="module")
def weighed(small: Study) -> Study:
    return replace(small, structure_weights=WEIGHTS)


@pytest.fixture(scope="module")
def picking(weighed: Study) -> DrawResults:
    return run_draws(weighed, DrawRequest(draws=DRAWS, people=PEOPLE), workers=1)


def test_a_draw_picks_a_structure_by_its_weights_and_by_seed_and_number_alone(weighed: Study) -> None:
    picked = structures_of(weighed, range(1, 2001))
    assert picked.equals(structures_of(weighed, range(1, 2001)))
    assert picked.iloc[4:5].equals(structures_of(weighed, [5]))
    assert (picked["after_year_three"] == "waning").mean() == pytest.approx(0.5, abs=0.04)
    assert not picked.equals(structures_of(replace(weighed, seed=weighed.seed + 1), range(1, 2001)))
    never = replace(weighed, structure_weights={"after_year_three": {"waning": 0.0, "sustained": 2.0}})
    assert set(structures_of(never, range(1, 200))["after_year_three"]) == {"sustained"}


@pytest.mark.gate
def test_the_base_of_a_draw_does_not_depend_on_the_structure_that_it_picks(
    twelve: DrawResults, picking: DrawResults
) -> None:
    assert all(
        np.array_equal(getattr(picking, n), getattr(twelve, n), equal_nan=True) for n in set(ARRAYS) - {"structured"}
    )


def test_without_weights_no_structure_is_drawn(small: Study) -> None:
    plain = run_draws(replace(small, structure_weights={}), DrawRequest(draws=2, people=PEOPLE), workers=1)
    assert np.array_equal(plain.structured, plain.replicates) and plain.structures.columns.empty


def test_a_draw_under_the_structure_it_picked_is_that_structure_with_the_same_parameters_and_luck(
    weighed: Study, picking: DrawResults
) -> None:
    base = {name: weighed.options[name] for name in WEIGHTS}
    other = [row for row, found in enumerate(picking.structures.to_dict("records")) if found != base]
    same_one = [row for row, found in enumerate(picking.structures.to_dict("records")) if found == base]
    assert other and all(np.array_equal(picking.structured[row], picking.replicates[row]) for row in same_one)
    row = other[0]
    told = replace(weighed, options={**weighed.options, **picking.structures.iloc[row]}, structure_weights={})
    alone = simulate(Job.of(with_people(told, PEOPLE)), picking.numbers[row])
    assert np.array_equal(alone.replicates, picking.structured[row])
    assert np.array_equal(picking.averaged.replicates, picking.structured)
