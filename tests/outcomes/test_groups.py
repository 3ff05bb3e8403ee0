"""Groups: every age has its band, and groups sum to the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lbpsim.outcomes.groups import BAND_STARTS, COUNTRY_WIDE, GROUPS, OLDEST, QUINTILES, age_bands
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results


def test_every_adult_age_lies_in_the_band_that_names_it() -> None:
    bands = age_bands()
    assert len(bands) == OLDEST + 1
    for age in range(18, OLDEST + 1):
        low, _, high = GROUPS[2 * bands[age]].age_band.replace("+", "-200").partition("-")
        assert int(low) <= age <= int(high)
    assert set(bands[:18]) == {0}


def test_groups_are_bands_by_sexes() -> None:
    assert len(GROUPS) == 2 * len(BAND_STARTS)
    assert len(GROUPS) * len(QUINTILES) == COUNTRY_WIDE
    assert [group.sex for group in GROUPS[:2]] == ["men", "women"]
    assert len(set(GROUPS)) == len(GROUPS)


def split(results: Results, by: str) -> pd.DataFrame:
    """Rows by age and sex, or by quintile, with those of what belongs to nobody."""
    groups = results.yearly_by_group
    return groups[groups["quintile" if by == "age and sex" else "age_band"] == "all"]


SPLITS = pytest.mark.parametrize("by", ["age and sex", "quintile"])


@SPLITS
def test_groups_sum_to_the_whole_and_years_to_the_horizon(eleven: Results, by: str) -> None:
    """TECH-VER, results: parts sum to totals; what is a ratio does not add."""
    additive = [name for name, outcome in OUTCOMES.items() if outcome.kind != "derived"]
    groups, yearly = split(eleven, by), eleven.yearly
    summed = groups[groups["outcome"].isin(additive)].groupby(["scenario", "year", "outcome"])["value"].sum()
    whole = yearly[yearly["outcome"].isin(additive)].set_index(["scenario", "year", "outcome"])["value"]
    # The cost to society of a group leaves out training, which belongs to nobody and stands apart.
    apart = [name for name in additive if name not in ("cost_health_system", "cost_societal")]
    index = [key for key in whole.index if key[2] in apart]
    np.testing.assert_allclose(summed[index], whole[index], rtol=1e-11, atol=1e-6)
    horizon = eleven.summary[~eleven.summary["discounted"]].set_index(["scenario", "outcome"])["value"]
    years = (
        whole[[key for key in whole.index if OUTCOMES[key[2]].nature == "flow"]].groupby(["scenario", "outcome"]).sum()
    )
    np.testing.assert_allclose(years, horizon[years.index], rtol=1e-11, atol=1e-6)


@SPLITS
@pytest.mark.parametrize("total", ["cost_health_system", "cost_societal"])
def test_training_is_all_that_groups_leave_out_of_costs(eleven: Results, total: str, by: str) -> None:
    groups, yearly = split(eleven, by), eleven.yearly
    by_group = groups[groups["outcome"] == total].groupby(["scenario", "year"])["value"].sum()
    whole = yearly[yearly["outcome"] == total].set_index(["scenario", "year"])["value"]
    training = yearly[yearly["outcome"] == "cost_training"].set_index(["scenario", "year"])["value"]
    assert training.max() > 0.0
    np.testing.assert_allclose(by_group[whole.index] + training[whole.index], whole, rtol=1e-11)


def test_quintiles_of_the_horizon_are_those_of_the_years(eleven: Results) -> None:
    outcomes = ["qalys", "cost_cft", "ylds", "deaths"]
    horizon = eleven.by_quintile[~eleven.by_quintile["discounted"]].set_index(["scenario", "quintile", "outcome"])
    years = split(eleven, "quintile").groupby(["scenario", "quintile", "outcome"])["value"].sum()
    chosen = [key for key in horizon.index if key[2] in outcomes]
    np.testing.assert_allclose(horizon["value"][chosen], years[chosen], rtol=1e-11)
    differences = eleven.incremental_by_quintile
    rollout = differences[(differences["scenario"] == "cft-rollout") & ~differences["discounted"]]
    found = rollout.set_index(["quintile", "outcome"])["difference"]
    for quintile in QUINTILES:
        policy, usual = (float(horizon["value"][name, quintile, "qalys"]) for name in ("cft-rollout", "usual-care"))
        assert found[quintile, "qalys"] == pytest.approx(policy - usual, rel=1e-9)
