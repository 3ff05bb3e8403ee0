"""Socioeconomic quintiles: who is in pain, who takes up care."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbpsim.outcomes.groups import QUINTILES
from lbpsim.population.quintiles import case_shares, gradient, uptake
from lbpsim.simulation.replication import PreparedStudy
from tests.pathways.small_country import UNLIMITED, USUAL_CARE, study

RATIOS = st.floats(0.2, 5.0)


@given(prevalence=RATIOS, offered=RATIOS)
def test_gradients_leave_the_country_as_it_is(prevalence: float, offered: float) -> None:
    values = {"equity.prevalence_ratio": prevalence, "equity.uptake_ratio": offered, "cft.uptake": 0.4}
    shares = case_shares(values)
    assert shares.sum() == pytest.approx(1.0)
    assert shares[0] / shares[-1] == pytest.approx(prevalence)
    assert uptake(values)[0] / uptake(values)[-1] == pytest.approx(offered)
    assert float(uptake(values) @ shares) == pytest.approx(0.4)


def test_the_three_between_lie_on_a_line() -> None:
    assert np.diff(gradient(3.0), 2) == pytest.approx(np.zeros(3))
    assert gradient(1.0).tolist() == [1.0] * 5


def test_people_are_in_their_quintiles_as_stated() -> None:
    """Chi-square p > 0.001 at the start and among newcomers."""
    asked = study(people=8000, assume={"equity.prevalence_ratio": 2.0})
    people = PreparedStudy(asked).persons(0)
    shares = case_shares(asked.values(USUAL_CARE))
    for group in (people[:8000], people[8000:]):
        found = np.bincount(group["quintile"], minlength=5)
        expected = shares * len(group)
        assert ((found - expected) ** 2 / expected).sum() < 18.47


@pytest.mark.gate
def test_uptake_differs_as_stated() -> None:
    """People who accept of those ever offered, by quintile: within four standard errors."""
    assume = {"equity.uptake_ratio": 0.5, "cft.uptake": 0.5, "care.reconsider_share": 0.0}
    results = study(USUAL_CARE, UNLIMITED, people=6000, assume=assume).run(draws=0)
    rows = results.by_quintile[(results.by_quintile["scenario"] == UNLIMITED.name) & ~results.by_quintile["discounted"]]
    counts = rows.pivot(index="quintile", columns="outcome", values="value") * results.people / results.country_cases
    expected = uptake(results.study.values(UNLIMITED))
    for number, quintile in enumerate(QUINTILES):
        offers, accepting = (counts.loc[quintile, f"cft_people_{what}"] for what in ("offered", "accepting"))
        assert offers > 250
        share = expected[number]
        assert abs(accepting / offers - share) < 4.0 * np.sqrt(share * (1.0 - share) / offers)
