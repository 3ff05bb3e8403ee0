"""Rates that would be below 0 are told, in the base case, of a policy and in draws."""

from __future__ import annotations

import dataclasses

import pytest

from lbpsim.psa.parameter_sampling import study_of_draw
from lbpsim.simulation.consistency import check
from lbpsim.simulation.cut_rates import cut_rates, is_cut
from lbpsim.simulation.inputs import build
from lbpsim.study import InputErrors, Study
from tests.pathways.small_country import BUSY, USUAL_CARE, shipped, study

FEW_BEGIN = {"opioids.treatment_rate": 0.001, "opioids.treatment_at_start": 0.6}


def end_of(asked: Study) -> float:
    values = asked.values(asked.policies[0])
    return float(build(asked, asked.policies[0], values)["treatment_end_rate"][0])


def test_the_shipped_study_has_nothing_cut() -> None:
    assert cut_rates(shipped()) == () and not is_cut(shipped()) and end_of(shipped()) > 0.0


def test_an_end_of_treatment_below_zero_is_told_and_is_zero() -> None:
    asked = study(assume=FEW_BEGIN)
    (note,) = cut_rates(asked)
    assert is_cut(asked) and end_of(asked) == 0.0
    assert "`opioids.treatment_rate`" in note.text and "would have to end at -" in note.text


@pytest.mark.parametrize("name", ["opioids.fracture_rr", "opioids.mortality_rr"])
def test_a_ratio_below_one_is_told_for_the_study_and_for_a_policy(name: str) -> None:
    (of_all,) = cut_rates(study(assume={name: 0.9}))
    (of_one,) = cut_rates(study(USUAL_CARE, dataclasses.replace(BUSY, assume={name: 0.9})))
    assert name in of_all.text and (of_all.policy, of_one.policy) == ("", BUSY.name)


def test_draws_tell_where_it_is_cut() -> None:
    draws = (study_of_draw(shipped(), number) for number in range(1, 301))
    number, first = next((number, draw) for number, draw in enumerate(draws, 1) if is_cut(draw))
    assert number > 10 and end_of(first) == 0.0


def test_fewer_reoperations_in_ten_years_than_in_two_are_refused() -> None:
    with pytest.raises(InputErrors, match=r"surgery.reoperation_10y"):
        check(study(assume={"surgery.reoperation_2y": 0.3, "surgery.reoperation_10y": 0.2}))
