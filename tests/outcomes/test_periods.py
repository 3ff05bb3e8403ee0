"""What years come to together: flows are added, levels averaged over time, of stocks the last is taken."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.measures import COUNTED, OUTCOME_INDEX, OUTCOMES, RATIOS, adding_up, reported
from lbpsim.outcomes.periods import every_outcome, lengths_of_years, over_years
from lbpsim.outcomes.results import Results
from tests.pathways.small_country import study

DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
YEARS = 3


def place(name: str) -> int:
    return list(OUTCOMES).index(name)


@given(DAYS, st.integers(1, 30), st.sampled_from([0.0, 0.03, 0.05]))
def test_the_lengths_of_years_are_those_of_the_study(start: date, years: int, rate: float) -> None:
    asked = dataclasses.replace(study(years=years, discount_rate=rate), start=start)
    plain, discounted = lengths_of_years(asked)
    assert len(plain) == len(asked.calendar_years)
    assert plain.sum() == pytest.approx(years, rel=1e-12)
    assert plain[1:-1] == pytest.approx(1.0, rel=1e-12)
    force = np.log1p(rate)
    whole = years if rate == 0.0 else (1.0 - np.exp(-force * years)) / force
    assert discounted.sum() == pytest.approx(whole, rel=1e-9)


def test_whole_calendar_years_have_the_length_one_to_the_bit() -> None:
    assert (lengths_of_years(study(years=10))[0] == 1.0).all()


def test_over_years_flows_add_up_and_the_last_stock_stands() -> None:
    counted = np.zeros((1, 1, YEARS, len(COUNTED)))
    counted[0, 0, :, OUTCOME_INDEX["deaths"]] = [1.0, 2.0, 4.0]
    counted[0, 0, :, OUTCOME_INDEX["cft_waiting_at_year_end"]] = [10.0, 30.0, 20.0]
    whole = over_years(counted, 2)
    assert whole[0, 0, OUTCOME_INDEX["deaths"]] == 7.0
    assert whole[0, 0, OUTCOME_INDEX["cft_waiting_at_year_end"]] == 20.0


def test_a_level_is_a_mean_over_the_time_simulated() -> None:
    """A hundred practise for half a year, two hundred for a year: 250 physiotherapist-years in a year and a half."""
    counted = np.zeros((1, 1, 2, len(COUNTED)))
    counted[0, 0, :, OUTCOME_INDEX["physiotherapists_trained"]] = [50.0, 200.0]
    lengths = np.array([0.5, 1.0])
    trained = place("physiotherapists_trained")
    assert list(every_outcome(counted, lengths)[0, 0, :, trained]) == [100.0, 200.0]
    assert every_outcome(over_years(counted, 2), 1.5)[0, 0, trained] == pytest.approx(250.0 / 1.5)


def test_stocks_are_not_discounted() -> None:
    left_out = set(OUTCOMES) - set(reported(discounted=True))
    assert {name for name in OUTCOMES if name.endswith(("_at_year_end", "_still_waiting"))} == left_out
    assert reported(discounted=False) == tuple(OUTCOMES)


@pytest.mark.parametrize("table", ["summary", "incremental", "by_quintile", "incremental_by_quintile"])
def test_tables_of_totals_hold_what_may_be_reported(eleven: Results, table: str) -> None:
    rows = getattr(eleven, table)
    assert set(rows.loc[rows["discounted"], "outcome"]) <= set(reported(discounted=True))


def test_people_waiting_over_the_horizon_are_those_of_the_last_year(eleven: Results) -> None:
    years = eleven.yearly[eleven.yearly["outcome"] == "cft_waiting_at_year_end"].set_index(["scenario", "year"])[
        "value"
    ]
    whole = eleven.summary[~eleven.summary["discounted"]].set_index(["scenario", "outcome"])["value"]
    for scenario in eleven.scenarios:
        assert whole[scenario, "cft_waiting_at_year_end"] == years[scenario, eleven.years[-1]]
        assert whole[scenario, "cft_waiting_at_year_end"] == whole[scenario, "cft_still_waiting"]


def test_every_outcome_has_a_nature_and_ratios_are_made_of_flows() -> None:
    assert {name for name, outcome in OUTCOMES.items() if outcome.nature == "ratio"} == set(RATIOS)
    for _, top, bottom, _ in RATIOS.values():
        assert OUTCOMES[top].nature == OUTCOMES[bottom].nature == "flow"


@pytest.mark.parametrize("name", [name for name, outcome in OUTCOMES.items() if outcome.nature != "flow"])
def test_only_years_of_flows_are_added(name: str) -> None:
    assert adding_up("deaths") == "deaths"
    with pytest.raises(ValueError, match="do not add up"):
        adding_up(name)
