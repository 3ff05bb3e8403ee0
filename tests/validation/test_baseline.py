from __future__ import annotations

import math

import numpy as np
import pytest

from lbpsim.evidence.output_tables import output_table
from lbpsim.validation.baseline import baseline, percentile, spread
from lbpsim.validation.treatment_effects import mean_and_error
from tests.validation.small import enrolment

GATES = {"age, mean", "age, standard deviation", "women", "RMDQ, 10th percentile", "RMDQ, 90th percentile"}


def test_what_gates_is_what_must_be_shown() -> None:
    table = baseline(enrolment())
    assert list(table.columns) == output_table("restore_baseline").names
    assert set(table[table["gate"]]["characteristic"]) == GATES


def test_unselected_figures_stand_beside() -> None:
    table = baseline(enrolment()).set_index("characteristic")
    assert table.loc["age, mean", "unselected"] == pytest.approx(enrolment().qualified["age"].mean())
    assert table.loc["age, mean", "unselected"] > table.loc["age, mean", "emulated"] + 3.0
    assert table.loc["RMDQ, mean", "unselected"] == pytest.approx(table.loc["RMDQ, mean", "emulated"], abs=0.3)


def test_what_is_selected_for_is_matched_by_construction() -> None:
    table = baseline(enrolment()).set_index("characteristic")
    for name in ("age, mean", "age, standard deviation", "women", "RMDQ, 10th percentile"):
        assert table.loc[name, "role"] == "matched by construction"


def test_limits_are_five_per_cent_either_side() -> None:
    table = baseline(enrolment()).set_index("characteristic")
    low, high = table.loc["RMDQ, 90th percentile", ["least", "most"]]
    assert (low, high) == pytest.approx((18 * 0.95, 18 * 1.05))


@pytest.mark.parametrize(
    ("statistic", "exact"),
    [(mean_and_error, 0.0), (spread, 1.0), (percentile(0.1), -1.2816), (percentile(0.9), 1.2816)],
)
def test_errors_are_as_large_as_the_spread_of_samples(statistic: object, exact: float) -> None:
    from scipy import stats

    from lbpsim.engine.random_numbers import uniforms

    assert callable(statistic)
    samples = [stats.norm.ppf(uniforms(5, 0, np.arange(400), 1, sample)) for sample in range(300)]
    found = np.array([statistic(sample) for sample in samples])
    assert found[:, 0].mean() == pytest.approx(exact, abs=4.0 * found[:, 0].std() / math.sqrt(300) + 0.01)
    assert found[:, 1].mean() == pytest.approx(found[:, 0].std(), rel=0.15)
