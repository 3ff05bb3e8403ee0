"""People treated and improved by year: worked out by hand, and with draws."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.evidence.currency import in_currency
from lbpsim.evidence.output_tables import output_table
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.people_treated import (
    MEASURES,
    NET_COST_PER_PERSON,
    ORDER,
    UNITS,
    WHOLE_HORIZON,
    treated_by_year,
    treated_frame,
)

GIVEN = {
    "cft_people_offered": (10.0, 30.0),
    "cft_first_courses": (4.0, 16.0),
    "cft_assessed": (2.0, 16.0),
    "cft_improved": (1.0, 12.0),
    "cft_improved_anyway": (1.0, 3.0),
    "cft_low_disability": (0.0, 8.0),
    "cft_low_disability_anyway": (0.0, 2.0),
    "cft_courses": (5.0, 20.0),
    "cft_telehealth_courses": (1.0, 10.0),
    "cft_group_courses": (0.0, 4.0),
    "cost_cft": (3000.0, 16000.0),
    "cost_training": (1000.0, 0.0),
    "cost_health_system": (50000.0, 60000.0),
}
USUAL = {"cost_health_system": (49000.0, 53000.0)}


def made_up(*scales: float) -> np.ndarray:
    """Outcomes of two policies in two years, each replication as many times what is given."""
    by_year = np.zeros((2, len(scales), 2, len(OUTCOMES)))
    for policy, known in enumerate((USUAL, GIVEN)):
        for name, values in known.items():
            by_year[policy, :, :, ORDER.index(name)] = np.outer(scales, values)
    return by_year


def measured(*scales: float) -> dict[str, list[float]]:
    """Measures of the policy by name: years, then all of them."""
    each = treated_by_year(made_up(*scales)).mean(axis=1)[1]
    return dict(zip(MEASURES, each.T.tolist(), strict=True))


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("people_offered", [10.0, 30.0, 40.0]),
        ("people_treated", [4.0, 16.0, 20.0]),
        ("people_assessed", [2.0, 16.0, 18.0]),
        ("people_improved", [1.0, 12.0, 13.0]),
        ("people_improved_anyway", [1.0, 3.0, 4.0]),
        ("people_improved_by_cft", [0.0, 9.0, 9.0]),
        ("people_with_low_disability", [0.0, 8.0, 8.0]),
        ("people_with_low_disability_anyway", [0.0, 2.0, 2.0]),
        ("people_with_low_disability_by_cft", [0.0, 6.0, 6.0]),
        ("cost", [4000.0, 16000.0, 20000.0]),
        ("net_cost", [1000.0, 7000.0, 8000.0]),
        ("share_improved", [0.5, 0.75, 13.0 / 18.0]),
        ("share_improved_by_cft", [0.0, 9.0 / 16.0, 0.5]),
        ("cost_per_person_treated", [1000.0, 1000.0, 1000.0]),
        ("cost_per_person_improved", [4000.0, 16000.0 / 12.0, 20000.0 / 13.0]),
        ("cost_per_person_improved_by_cft", [np.nan, 16000.0 / 9.0, 20000.0 / 9.0]),
        ("net_cost_per_person_treated", [250.0, 437.5, 400.0]),
        ("net_cost_per_person_improved_by_cft", [np.nan, 7000.0 / 9.0, 8000.0 / 9.0]),
        ("courses", [5.0, 20.0, 25.0]),
        ("courses_in_person", [4.0, 6.0, 10.0]),
        ("courses_by_telehealth", [1.0, 10.0, 11.0]),
        ("courses_in_a_group", [0.0, 4.0, 4.0]),
        ("share_in_person", [0.8, 0.3, 0.4]),
        ("share_by_telehealth", [0.2, 0.5, 0.44]),
        ("share_in_a_group", [0.0, 0.2, 0.16]),
    ],
)
def test_every_measure_by_hand(measure: str, expected: list[float]) -> None:
    assert measured(1.0)[measure] == pytest.approx(expected, nan_ok=True)


def test_every_measure_is_tried_by_hand_and_has_a_unit() -> None:
    assert set(UNITS) == set(MEASURES)
    tried = test_every_measure_by_hand.pytestmark[0].args[1]
    assert [name for name, _ in tried] == list(MEASURES)


def test_a_ratio_is_that_of_the_means_over_replications() -> None:
    """Not the mean of ratios: replications in which few are treated would count as much as others."""
    by_year = made_up(1.0, 1.0)
    by_year[1, 0, :, ORDER.index("cft_first_courses")] *= 3.0
    each = treated_by_year(by_year)[1, :, -1, MEASURES.index("cost_per_person_treated")]
    assert each.mean() == pytest.approx(20000.0 / 40.0)
    assert each.std(ddof=1) > 0.0


def test_the_comparator_costs_no_more_than_itself() -> None:
    assert not treated_by_year(made_up(1.0))[0, ..., MEASURES.index("net_cost")].any()


def test_the_table_has_what_is_declared_and_net_cost_for_each_person_over_the_horizon_alone() -> None:
    figures = {"value": np.zeros((2, 3, len(MEASURES)))}
    frame = treated_frame(("usual", "more"), (2027, 2028), figures, "AUD")
    assert list(frame.columns) == output_table("treated_by_year").names
    assert len(frame) == 2 * (3 * len(MEASURES) - 2 * len(NET_COST_PER_PERSON))
    alone = frame[frame["measure"].isin(NET_COST_PER_PERSON)]
    assert set(alone["year"]) == {WHOLE_HORIZON}
    assert frame[["mcse", "mean", "low", "high"]].isna().all(axis=None)
    assert set(frame["interval"]) == {""}
    assert dict(zip(frame["measure"], frame["unit"], strict=True)) == {
        name: in_currency(unit, "AUD") for name, unit in UNITS.items()
    }


def test_an_interval_says_whether_noise_is_in_it() -> None:
    shape = (1, 1, len(MEASURES))
    clean = np.arange(len(MEASURES)).reshape(shape) % 2 == 0
    frame = treated_frame(("usual",), (), {"low": np.zeros(shape), "of_parameters": clean}, "AUD")
    assert frame["interval"].tolist()[:2] == ["parameters", "parameters and Monte Carlo"]


def test_every_measure_is_told_in_the_description_of_the_table() -> None:
    told = {column.name: column.meaning for column in output_table("treated_by_year").columns}["measure"]
    untold = [name for name in MEASURES if name not in told and not name.startswith("people_with_low_disability")]
    assert not untold
