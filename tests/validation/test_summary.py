"""The verdict: true to its checks, and a broken effect is found."""

from __future__ import annotations

import dataclasses
import time

import pytest

from lbpsim.evidence.output_tables import output_table
from lbpsim.validation.summary import MOST_PEOPLE, Assessment, assess, of_the_trial
from lbpsim.validation.trial_replicates import TRIALS
from tests.validation.small import SCENARIOS, assuming, judged, study


def with_verdicts(verdict: str) -> Assessment:
    """The judgement as it would be if every check that gates had this verdict."""
    frames = {}
    for name in ("restore", "baseline", "targets"):
        frame = getattr(judged(), name).copy()
        frame.loc[frame["gate"].astype(bool), "verdict"] = verdict
        frames[name] = frame
    return dataclasses.replace(judged(), **frames)


def test_checks_hold_every_part() -> None:
    checks = judged().checks
    assert list(checks.columns) == output_table("checks").names
    assert set(checks["part"]) == {"emulated trial", "participants", "country"}
    assert len(judged().gates) == 12 + 2 + 5 + 3
    assert set(judged().gates["parameter"]) <= set(checks["parameter"])
    assert not checks["figure"].duplicated().any()
    assert len(judged().cloud.differences) == TRIALS


@pytest.mark.parametrize(
    ("verdict", "passed"), [("pass", True), ("miss", False), ("inconclusive", False), ("not judged", False)]
)
def test_the_verdict_is_true_to_the_checks_that_gate(verdict: str, passed: bool) -> None:
    found = with_verdicts(verdict)
    assert found.verdict == verdict
    assert found.passed is passed
    assert len(found.gates) == len(judged().gates)


def test_one_miss_is_enough() -> None:
    found = with_verdicts("pass")
    found.targets.loc[found.targets["parameter"] == "country.low_back_pain_ylds", "verdict"] = "miss"
    assert not found.passed


def test_misses_that_do_not_gate_do_not_decide() -> None:
    found = with_verdicts("pass")
    assert (found.checks[~found.checks["gate"].astype(bool)]["verdict"] == "miss").any()
    assert found.passed


HALVED = {
    f"cft__latent_scale{knot}": 0.55 for knot in ("", "_week52", "_year3", "_pain", "_pain_week52", "_pain_year3")
}


def test_half_the_effect_is_found() -> None:
    """A deliberately broken effect makes validation fail, by every difference in disability at every visit."""
    broken = assess(assuming(**HALVED), workers=1)
    assert not broken.passed
    gates = broken.gates.set_index("figure")
    for arm in ("CFT", "biofeedback"):
        for when in ("week 13", "week 52", "year 3"):
            assert gates.loc[f"RMDQ difference, {arm}, {when}", "verdict"] == "miss"
            assert gates.loc[f"Pain difference, {arm}, {when}", "verdict"] == "miss"
    assert gates.loc["Women", "verdict"] != "miss"


@pytest.mark.gate
def test_without_flares_the_trial_would_not_be_reproduced() -> None:
    """Usual care's fall would be gone, and so would participants' spread."""
    steady = assess(assuming(flares__rate=0.0), workers=1)
    falls = steady.restore[steady.restore["outcome"] == "rmdq_fall"].set_index("week")
    assert falls.loc[13, "verdict"] == "miss"


@pytest.mark.gate
def test_the_same_study_gives_the_same_judgement() -> None:
    again = assess(study(), workers=2)
    for name in ("restore", "people", "baseline", "targets", "other_trials", "gains"):
        assert getattr(again, name).equals(getattr(judged(), name)), name


def test_progress_is_told_and_rises() -> None:
    from lbpsim.study import load

    told: list[float] = []
    assess(
        load(SCENARIOS).with_changes(people=2000, replications=2, years=1),
        workers=1,
        tell=lambda _, done: told.append(done),
    )
    assert told == sorted(told) and told[-1] == 1.0


@pytest.mark.parametrize(("people", "in_the_trial"), [(4000, 4000), (3_000_000, MOST_PEOPLE), ("all", MOST_PEOPLE)])
def test_the_trial_does_not_need_the_whole_country(people: int | str, in_the_trial: int) -> None:
    assert of_the_trial(dataclasses.replace(study(), people=people)).people == in_the_trial


@pytest.mark.slow
def test_the_shipped_base_case_passes_at_its_default_size_in_less_than_five_minutes() -> None:
    from lbpsim.study import load

    began = time.perf_counter()
    found = assess(load(SCENARIOS))
    assert time.perf_counter() - began < 300.0
    failed = found.gates[found.gates["verdict"] != "pass"]
    assert found.passed, failed[["figure", "least", "most", "emulated", "mcse", "verdict"]].to_string()
