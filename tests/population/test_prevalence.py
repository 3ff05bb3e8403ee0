"""Who has chronic low back pain, and the inflow of a fixed incidence."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.evidence.shipped_countries import reference
from lbpsim.population.demography import ADULT, AGES, people_counted
from lbpsim.population.prevalence import fixed_inflow, prevalence
from tests.evidence.pack_tables import pack_table
from tests.pathways.small_country import USUAL_CARE, study

VALUES = study().values(USUAL_CARE)


def test_prevalence_of_adults_is_13_per_cent_and_2_78_million_people() -> None:
    people = people_counted(reference())
    cases = (prevalence(reference(), VALUES) * people).sum()
    assert cases / people[:, ADULT:].sum() == pytest.approx(0.13, rel=1e-12)
    assert cases == pytest.approx(2.78e6, abs=5e3)


def test_prevalence_has_the_shape_of_the_survey_and_none_below_18() -> None:
    found, bands = prevalence(reference(), VALUES), pack_table("prevalence")
    assert not found[:, :ADULT].any()
    assert ((found[:, ADULT:] > 0.0) & (found[:, ADULT:] < 1.0)).all()
    grown = bands[bands["age_low"] >= ADULT]
    middles = ((grown["age_low"] + grown["age_high"] + 1) // 2).astype(int).clip(upper=AGES - 1)
    for sex, column in enumerate(("male", "female")):
        ratio = found[sex, middles] / grown[column].to_numpy(dtype=float)
        np.testing.assert_allclose(ratio, ratio.mean(), rtol=0.05)  # a band's middle lies between two birthdays


def test_fixed_inflow_is_incidence_times_adults_without_pain() -> None:
    people, shape = people_counted(reference()), prevalence(reference(), VALUES)
    flow = fixed_inflow(people, shape, VALUES)
    free = people[:, ADULT:].sum() - (shape * people).sum()
    assert flow.sum() == pytest.approx(0.016 * free)
    np.testing.assert_allclose(flow / flow.sum(), shape * people / (shape * people).sum())
