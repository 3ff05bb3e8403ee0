"""The table of the emulated trial: what stands in it, and that its figures are right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import output_table
from lbpsim.evidence.shipped_countries import reference
from lbpsim.validation.treatment_effects import VISIT_WEEKS, effects, on_a_line, standard_error
from lbpsim.validation.trial import ARMS
from lbpsim.validation.trial_figures import YEAR_3_WEEK
from tests.validation.small import cloud, enrolment, study, sums, trial


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return effects(enrolment(), trial(), sums(), cloud())


def row(table: pd.DataFrame, arm: str, week: int, outcome: str) -> pd.Series:
    found = table[(table["arm"] == arm) & (table["week"] == week) & (table["outcome"] == outcome)]
    assert len(found) == 1
    return found.iloc[0]


def test_columns_hold_the_contract(table: pd.DataFrame) -> None:
    assert list(table.columns) == output_table("restore").names
    contract = ["arm", "week", "outcome", "emulated", "mcse", "published", "low", "high", "within"]
    assert set(contract) <= set(output_table("restore").names)
    assert not table.duplicated(["arm", "week", "outcome"]).any()
    assert not table["emulated"].isna().any()
    assert (table["mcse"] >= 0.0).all()


def test_every_arm_and_visit_is_there(table: pd.DataFrame) -> None:
    levels = table[table["outcome"] == "rmdq"]
    assert set(zip(levels["arm"], levels["week"], strict=True)) == {(a, w) for a in ARMS for w in VISIT_WEEKS}


def test_differences_are_those_of_the_trial(table: pd.DataFrame) -> None:
    for arm, name in ((1, "cft"), (2, "biofeedback")):
        for visit, week in list(enumerate(VISIT_WEEKS))[1:]:
            assert row(table, name, week, "rmdq_difference")["emulated"] == pytest.approx(
                trial().difference(trial().rmdq, arm)[visit]
            )


def test_what_gates_is_what_must_be_shown(table: pd.DataFrame) -> None:
    gates = table[table["gate"]]
    wanted = {(a, w, f"{o}_difference") for a in ARMS[1:] for w in (13, 52, YEAR_3_WEEK) for o in ("rmdq", "pain")}
    wanted |= {("both", 13, "benefit_at_7"), ("both", 13, "benefit_at_18")}
    assert set(gates[["arm", "week", "outcome"]].itertuples(index=False, name=None)) == wanted
    assert not (gates["verdict"] == "not judged").any()


def test_costs_are_reported_and_never_gate(table: pd.DataFrame) -> None:
    costs = table[table["outcome"].str.startswith("cost_")]
    assert not costs["gate"].any()
    societal = row(table, "cft", 52, "cost_societal_difference")
    target = parameters()["restore.cft_cost_difference"]
    assert societal["published"] == pytest.approx(target.at_prices_of(study().price_year, reference().prices))
    assert target.interval is not None
    assert societal["low"] / societal["published"] == pytest.approx(target.interval[0] / target.value)
    assert societal["role"] == "validation only"


def test_published_differences_stand_beside_the_emulated(table: pd.DataFrame) -> None:
    found = row(table, "cft", YEAR_3_WEEK, "rmdq_difference")
    assert (found["published"], found["low"], found["high"]) == (-3.5, -4.9, -2.0)
    assert (found["least"], found["most"]) == pytest.approx((-3.8, -3.2))
    inside = found["low"] <= found["emulated"] <= found["high"]
    assert found["within"] == ("yes" if inside else "no")
    assert row(table, "cft", 26, "rmdq_difference")["verdict"] == "not judged"


def test_usual_care_falls_because_people_enter_in_bad_weeks(table: pd.DataFrame) -> None:
    """Without remission the fall is regression to the mean alone: most of it by week 13, hardly more afterwards."""
    falls = {week: row(table, "usual_care", week, "rmdq_fall_without_remission")["emulated"] for week in (13, 52)}
    whole = row(table, "usual_care", 13, "rmdq_fall")["emulated"]
    assert 0.7 * whole < falls[13] <= whole
    assert falls[52] == pytest.approx(falls[13], abs=0.4)


def test_usual_care_after_week_13_is_judged(table: pd.DataFrame) -> None:
    found = row(table, "usual_care", 52, "rmdq_change_from_13")
    falls = [row(table, "usual_care", week, "rmdq_fall")["emulated"] for week in (13, 52)]
    assert found["emulated"] == pytest.approx(falls[0] - falls[1], abs=0.05)  # but for those who died in between
    assert (found["least"], found["most"], found["role"]) == (-1.0, 1.0, "calibrated to")


def test_the_slope_on_the_start_only_validates(table: pd.DataFrame) -> None:
    found = row(table, "usual_care", 52, "rmdq_slope_on_start")
    assert 0.0 < found["emulated"] < 1.0
    assert found["role"] == "validation only" and not found["gate"]


def test_a_line_has_the_height_and_error_that_statistics_say() -> None:
    x = np.linspace(0.0, 10.0, 40)
    y = 2.0 + 0.5 * x + np.sin(7.0 * x)
    known = stats.linregress(x, y)
    height, error = on_a_line(x, y, 0.0)
    assert height == pytest.approx(known.intercept)
    assert error == pytest.approx(known.intercept_stderr)


def test_a_published_interval_gives_its_standard_error() -> None:
    assert standard_error(parameters()["restore.cft_rmdq_week13"]) == pytest.approx(0.638, abs=0.001)
    assert np.isnan(standard_error(None))


def test_intervals_of_real_trials_stand_beside_those_published(table: pd.DataFrame) -> None:
    found = row(table, "cft", 13, "rmdq_standard_error")
    assert found["published"] == pytest.approx(0.638, abs=0.001)
    assert not found["gate"]
