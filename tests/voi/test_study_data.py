"""What a proposed study would report: right means and errors, likelihoods, and designs that do not fit the draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from lbpsim.study import InputErrors
from lbpsim.voi.study_data import structural, study_data
from tests.cea.made_up import normals
from tests.pathways.small_country import shipped
from tests.voi.proposed import EFFECT, IDLE, STARTS, data_of, design, drawn, effects, measure

DRAWS = 1000
ARMS = {"control": 1.0, "treated": 1.0, "other": 1.0}


def test_a_mean_varies_around_what_its_draw_expects_as_its_sample_size_says() -> None:
    values = effects(DRAWS)
    data = data_of(design(measure("mean", {"people": f"2 * {EFFECT}"}, sd=3.0)), drawn(effect=values))
    apart = data.reported(100).summaries[:, 0] - 2.0 * values
    assert apart.mean() == pytest.approx(0.0, abs=0.03)
    assert apart.std() == pytest.approx(0.3, rel=0.06)
    assert np.corrcoef(apart, values)[0, 1] == pytest.approx(0.0, abs=0.1)


def test_differences_from_one_arm_share_its_luck() -> None:
    asked = design(measure("mean", {"treated": EFFECT, "other": "0"}, sd=3.0, against="control"), arms=ARMS)
    data = data_of(asked, drawn(effect=effects(DRAWS)))
    apart = data.reported(300).summaries - np.column_stack([effects(DRAWS), np.zeros(DRAWS)])
    assert apart.std(axis=0) == pytest.approx(0.3 * np.sqrt(2.0), rel=0.06)
    assert np.corrcoef(apart.T)[0, 1] == pytest.approx(0.5, abs=0.08)


def test_shares_and_rates_are_counts_of_their_laws() -> None:
    rates = 0.2 + 0.02 * effects(DRAWS)
    asked = design(measure("share", {"people": STARTS}), measure("rate", {"people": STARTS}))
    share, rate = (data_of(asked, drawn(starts=rates)).reported(50).summaries - rates[:, None]).T
    assert share.std() == pytest.approx(np.sqrt(0.2 * 0.8 / 50.0), rel=0.06)
    assert rate.std() == pytest.approx(np.sqrt(0.2 / (50.0 * 2.0)), rel=0.06)  # two years of each person
    assert abs(share.mean()) < 0.01
    assert abs(rate.mean()) < 0.01


def test_likelihoods_are_those_of_the_laws() -> None:
    rates = 0.2 + 0.02 * effects(40)
    asked = design(
        measure("mean", {"people": EFFECT}, sd=3.0), measure("share", {"people": STARTS}),
        measure("rate", {"people": STARTS}),
    )  # fmt: skip
    report = data_of(asked, drawn(effect=effects(40), starts=rates)).reported(50)
    mean, share, rate = report.summaries.T
    expected = (
        stats.norm.logpdf(mean[None], effects(40)[:, None], 3.0 / np.sqrt(50.0))
        + stats.binom.logpmf(np.round(50 * share)[None], 50, rates[:, None])
        + stats.poisson.logpmf(np.round(100 * rate)[None], 100.0 * rates[:, None])
    )
    constant = report.likelihood - expected
    np.testing.assert_allclose(constant, constant[0, 0], atol=1e-6)  # a factor that all draws share says nothing


def test_a_larger_study_has_the_same_luck_and_less_of_it() -> None:
    values = effects(DRAWS)
    data = data_of(design(measure("mean", {"people": EFFECT}, sd=3.0)), drawn(effect=values))
    small, large = (data.reported(size).summaries[:, 0] - values for size in (10, 1000))
    np.testing.assert_allclose(small, 10.0 * large)


def test_a_choice_of_structure_counts_where_it_is_drawn() -> None:
    """And where it is not drawn, the study's own choice holds."""
    text = f"{EFFECT} * after_year_three.sustained"
    asked, parameters = design(measure("mean", {"people": text}, sd=1.0)), drawn(effect=effects(40))
    picked = ["sustained", "waning"] * 20
    data = study_data(asked, shipped(), parameters, pd.DataFrame({"after_year_three": picked}, index=parameters.index))
    assert list(data.informed) == [EFFECT, "after_year_three.sustained"]
    np.testing.assert_array_equal(data.expected[0][1::2], 0.0)
    assert list(data_of(asked, parameters).informed) == [EFFECT]
    assert structural("after_year_three.waning")
    assert not structural("after_year_three.wanning")


def test_what_the_draws_hold_is_told() -> None:
    asked = design(measure("mean", {"people": f"{EFFECT} + {IDLE}"}, sd=1.0))
    assert data_of(asked, drawn(effect=effects(40))).held == (IDLE,)


def test_nothing_to_inform_is_refused() -> None:
    study = replace(shipped(), assume={IDLE: 0.1})
    with pytest.raises(InputErrors, match=r"hold all of that at one value.*distribution"):
        study_data(design(measure("mean", {"people": IDLE}, sd=1.0)), study, drawn(effect=effects(40)), pd.DataFrame())


@pytest.mark.parametrize("kind", ["share", "rate"])
def test_expectations_that_cannot_be_are_refused(kind: str) -> None:
    with pytest.raises(InputErrors, match=r"measures\.outcome\.expects\.people.*In \d+ of 40 draws"):
        data_of(design(measure(kind, {"people": STARTS})), drawn(starts=normals(40, 1)))  # type: ignore[arg-type]
