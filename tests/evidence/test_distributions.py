from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lbpsim.evidence.distributions import DistributionError, drawn, interval, law


def test_forms_mean_what_the_registry_says() -> None:
    assert law("normal(-4.6, 0.64)").mean() == pytest.approx(-4.6)
    assert law("gamma(16, 0.01)").mean() == pytest.approx(0.16)
    assert law("beta(18.7, 187)").mean() == pytest.approx(18.7 / 205.7)
    assert law("uniform(2, 6)").mean() == pytest.approx(4.0)
    assert law("truncated_normal(0.6, 0.2, 0, 1.2)").mean() == pytest.approx(0.6)
    assert law("lognormal(0.577, 0.077)").median() == pytest.approx(math.exp(0.577))
    assert law("lognormal(0.5, 0.2)").mean() == pytest.approx(math.exp(0.5 + 0.02))


FORMS = (
    *("normal(-4.6, 0.64)", "gamma(16, 0.01)", "gamma(0.3, 7)", "beta(18.7, 187)", "beta(0.4, 0.7)"),
    *("uniform(2, 6)", "lognormal(0.577, 0.077)", "lognormal(-3, 1.5)", "truncated_normal(0.6, 0.2, 0, 1.2)"),
)


@pytest.mark.parametrize("text", FORMS)
@given(share=st.floats(1e-9, 1.0 - 1e-9))
def test_what_is_drawn_is_the_quantile_of_the_law_to_the_bit(text: str, share: float) -> None:
    assert drawn(text, share) == float(law(text).ppf(share))


@given(centre=st.floats(-50, 50), error=st.floats(0.01, 10))
def test_interval_is_the_middle_95_per_cent(centre: float, error: float) -> None:
    low, high = interval(f"normal({centre!r}, {error!r})")
    reach = stats.norm.ppf(0.975) * error
    assert (low, high) == (pytest.approx(centre - reach, abs=1e-9), pytest.approx(centre + reach, abs=1e-9))


def test_a_truncated_normal_keeps_within_its_ends_and_agrees_with_its_interval() -> None:
    text = "truncated_normal(0.75, 0.2, 0, 1.2)"
    exact = stats.truncnorm(-3.75, 2.25, loc=0.75, scale=0.2)
    assert interval(text) == pytest.approx(tuple(exact.ppf([0.025, 0.975])))
    assert 0.0 <= law(text).ppf(1e-9) < law(text).ppf(1.0 - 1e-9) <= 1.2


@pytest.mark.parametrize(
    ("text", "taught"),
    [
        ("gama(1, 2)", "not one of"),
        ("gamma(1)", "write it like"),
        ("gamma(0, 2)", "first value of gamma must be above 0"),
        ("normal(0, -1)", "second value of normal must be above 0"),
        ("lognormal(0, 0)", "second value of lognormal must be above 0"),
        ("beta(1, x)", "must be numbers"),
        ("normal(nan, 1)", "must be finite"),
        ("uniform(2, 1)", "above the first"),
        ("normal(0, 1, 2)", "normal has 2 values"),
        ("truncated_normal(0.75, 0.2)", "truncated_normal has 4 values"),
        ("truncated_normal(0.75, 0.2, 0.8, 1.2)", "between the third and the fourth"),
        ("__import__('os')", "write it like"),
    ],
)
def test_what_cannot_be_sampled_is_refused(text: str, taught: str) -> None:
    with pytest.raises(DistributionError, match=taught):
        law(text)
