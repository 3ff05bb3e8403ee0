"""One-way analysis: everything is in it, at its registered ends, and swings are what they have to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from lbpsim.cea.paired_differences import ORDER
from lbpsim.dsa.one_way import (
    ALONE,
    FITTED,
    TOGETHER,
    Movement,
    held,
    in_words,
    interval_of,
    movements,
    one_way,
)
from lbpsim.evidence import Parameter, distributions
from lbpsim.evidence.in_force import registry
from lbpsim.evidence.output_tables import output_table
from lbpsim.evidence.shipped_countries import reference
from lbpsim.psa.parameter_sampling import DEPENDENT_GROUPS, sampled_parameters
from lbpsim.simulation.variants import VariantRunner, assuming
from lbpsim.simulation.workers import hired
from lbpsim.study import InputErrors
from tests.dsa.small_analysis import base, small, with_own
from tests.offenders import offenders
from tests.pathways.small_country import shipped

DEVICE, FEES, TRAINING, WORK = "biofeedback.device_cost", "Fees of CFT sessions", "cft.training_cost", "work.exit_rate"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    moved = movements(small(), "cft", [DEVICE, "cft.session_cost", TRAINING, WORK])
    with hired(1) as pool:
        return one_way(VariantRunner(pool, 1), small(), "cft", moved)


def row(table: pd.DataFrame, parameter: str, figure: str = "cost", perspective: str = "health_system") -> pd.Series:
    mine = (table["parameter"] == parameter) & (table["figure"] == figure) & (table["perspective"] == perspective)
    return table[mine].iloc[0]


def test_every_uncertain_parameter_is_moved_once_correlated_ones_together() -> None:
    """TECH-VER, uncertainty: every uncertain parameter is in the one-way analysis, correlated ones together."""
    study = replace(shipped(), assume={})
    found = movements(study, study.policies[1].name)
    members = [name for movement in found for name in movement.members]
    assert sorted(members) == sorted(sampled_parameters(study)) and len(members) > 100
    together = {movement.name: set(movement.members) for movement in found if movement.kind == TOGETHER}
    assert together == {group.title: set(group.members) for group in DEPENDENT_GROUPS}
    assert {movement.name for movement in found if movement.kind == FITTED} <= set(registry().fitted)


def test_ends_are_those_of_the_distribution() -> None:
    """TECH-VER, uncertainty: bounds are the distribution's interval (to the digits of the registry)."""
    values = shipped().values(shipped().policies[0])

    def other(parameter: Parameter) -> Any:
        ends = distributions.interval(str(parameter.distribution))
        wanted = [parameter.model_copy(update={"value": end}).at_prices_of(2024, reference().prices) for end in ends]
        found, width = interval_of(parameter.name, shipped()), wanted[1] - wanted[0]
        near = found == pytest.approx(wanted, abs=0.01 * width + 0.006 * max(map(abs, wanted)))
        return None if near and found[0] < values[parameter.name] < found[1] else (found, wanted)

    known = registry()
    assert offenders({name: one for name, one in known.uncertain.items() if name not in known.fitted}, other) == {}


def test_a_parameter_without_effect_does_not_swing_at_all(table: pd.DataFrame) -> None:
    """Nobody has a device where there is no biofeedback: the same lives, to the bit."""
    mine = table[table["parameter"] == DEVICE]
    known = mine["swing"].notna()
    assert (mine.loc[known, ["swing", "swing_mcse"]] == 0.0).all().all() and known.sum() >= 7
    assert not mine["clear"].any()


def test_dearer_sessions_cost_sessions_times_the_difference(table: pd.DataFrame) -> None:
    with hired(1) as pool:
        figures = VariantRunner(pool, 1).one(base())["cft"].mean(axis=0)
    courses, sessions = figures[ORDER["cft_courses"]], figures[ORDER["cft_sessions"]]
    (first_low, first_high), (low, high) = (interval_of(f"cft.{name}", small()) for name in FEE_NAMES)
    wanted = courses * (first_high - first_low) + (sessions - courses) * (high - low)
    mine = row(table, FEES)
    assert courses > 0 and mine["swing"] == pytest.approx(wanted, rel=1e-6)
    assert mine["high"] > mine["base"] > mine["low"] and mine["clear"]
    assert row(table, FEES, "net_benefit")["swing"] == pytest.approx(wanted, rel=1e-6)
    assert row(table, FEES, "qalys", "")["swing"] == 0.0


FEE_NAMES = ("first_session_cost", "session_cost")


def test_what_is_known_without_sampling_swings_without_error(table: pd.DataFrame) -> None:
    mine = row(table, TRAINING)
    assert mine["swing"] > 0.0 and mine["swing_mcse"] == pytest.approx(0.0, abs=1e-6 * mine["swing"])


def test_what_the_comparator_feels_moves_both(table: pd.DataFrame) -> None:
    """Leaving work costs society, and nothing of it is health care."""
    assert row(table, WORK, "cost", "societal")["swing"] > 0.0
    mine = row(table, WORK)  # but for how time is cut between events, by which what accrues is rounded
    assert mine["swing"] <= 1e-6 * abs(mine["base"])


def test_columns_are_those_declared(table: pd.DataFrame) -> None:
    assert list(table.columns) == output_table("one_way").names
    assert table.groupby("parameter").size().nunique() == 1
    assert set(table["kind"]) == {ALONE, TOGETHER, FITTED}
    assert row(table, TRAINING)["low_text"] == "3,880" and row(table, FEES)["low_text"] == "low"


def test_a_policy_that_does_not_offer_cft_feels_none_of_it() -> None:
    with hired(1) as pool:
        found = one_way(
            VariantRunner(pool, 1), small(), "stewardship", movements(small(), "stewardship", ["cft.uptake"])
        )
    assert (found["swing"].dropna() == 0.0).all()


def test_one_member_brings_its_group() -> None:
    (found,) = movements(small(), "cft", ["cft.session_cost"])
    assert set(found.members) == {"cft.first_session_cost", "cft.session_cost"}
    assert found.grades(small()) == "derived"


def test_what_the_study_sets_itself_is_not_moved() -> None:
    study = assuming(small(), {"cft.uptake": 0.5, "cft.session_cost": 100.0})
    found = movements(study, study.policies[1].name)
    assert "cft.uptake" not in {movement.name for movement in found}
    fees = next(movement for movement in found if movement.name == FEES)
    assert fees.members == ("cft.first_session_cost",)


@pytest.mark.parametrize(
    ("patterns", "words"),
    [
        (["cft.uptak"], "Did you mean `cft.uptake`"),
        (["moon.*"], "No uncertain parameter"),
        (["cft.sessions"], "has no interval"),
        (["cft.uptake", "cft.uptak", "moon.*"], "moon"),
    ],
)
def test_patterns_that_match_nothing_are_refused(patterns: list[str], words: str) -> None:
    with pytest.raises(InputErrors) as caught:
        movements(small(), "cft", patterns)
    assert words in " ".join(str(caught.value).split())


def test_a_parameter_of_the_study_cannot_be_asked_for() -> None:
    with pytest.raises(InputErrors, match="is set under `assume`"):
        movements(assuming(small(), {"cft.uptake": 0.5}), "cft", ["cft.uptake"])


@pytest.mark.parametrize("who", ["cft", "usual-care"])
def test_a_parameter_of_the_policy_or_the_comparator_is_not_moved(who: str) -> None:
    """It would be a bar without width, or one of two worlds."""
    study = with_own(who, {"cft.uptake": 0.2, "cft.session_cost": 150.0, "cft.sessions": 5.0})
    assert held(study, "cft") == {"cft.uptake": who, "cft.session_cost": who}, "the number of sessions is not uncertain"
    members = {name for movement in movements(study, "cft", ["cft.*"]) for name in movement.members}
    assert members & {"cft.uptake", "cft.session_cost", "cft.first_session_cost"} == {"cft.first_session_cost"}
    for pattern in ("cft.uptake", "cft.upt*"):
        with pytest.raises(InputErrors) as caught:
            movements(study, "cft", [pattern])
        assert f"cft.uptake is set under `assume` in the policy {who}" in " ".join(str(caught.value).split())


def test_what_another_policy_sets_is_moved() -> None:
    assert not held(with_own("stewardship", {"cft.uptake": 0.2}), "cft")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("cft.uptake", 0.398, "39.8%"),
        ("cft.rmdq_week13", -5.85, "-5.85"),
        ("cft.training_cost", 3880.4, "3,880"),
        ("work.hourly_earnings", 44.5, "44.5"),
    ],
)
def test_values_in_words(name: str, value: float, words: str) -> None:
    assert in_words(registry().parameters[name], value) == words


def test_a_duration_is_told_in_its_registered_unit() -> None:
    low, _ = interval_of("cft.time_to_competence", small())
    assert in_words(registry().parameters["cft.time_to_competence"], low) == "4.2"


def test_a_movement_names_its_grades_once() -> None:
    effects = next(movement for movement in movements(shipped(), "cft-rollout") if movement.name == "Effects of CFT")
    assert isinstance(effects, Movement) and effects.grades(shipped()) == "trial, assumption"


def test_ends_of_effects_that_are_all_falls_are_not_called_low_and_high() -> None:
    """The low end of an effect of -4.6 points is the stronger one."""
    with hired(1) as pool:
        found = one_way(VariantRunner(pool, 1), small(), "cft", movements(small(), "cft", ["cft.rmdq_week13"]))
    assert set(found["low_text"]) == {"furthest below 0"}
    worth = row(found, "Effects of CFT", "qalys", "")
    assert worth["low"] > worth["base"] > worth["high"]
