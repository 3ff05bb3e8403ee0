"""The value of a study's report: the Gaussian case in closed form, its limits, and its net value in a known case."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pandas as pd
import pytest

from lbpsim.cea.decision_uncertainty import perfect_information
from lbpsim.cea.net_benefit import views
from lbpsim.evidence import Parameter
from lbpsim.evidence.output_tables import output_table
from lbpsim.study import InputErrors, Study
from lbpsim.voi.decision_horizon import annuity
from lbpsim.voi.design import Design
from lbpsim.voi.evppi import evppi, known_for_sure
from lbpsim.voi.evsi import (
    SampleValue,
    StudyValue,
    cost_of,
    end_of_use,
    evsi_table,
    in_use,
    sample_values,
    study_value,
)
from tests.cea.made_up import Numbers, made_up, normals
from tests.docs.sources import DOCS, text
from tests.pathways.small_country import shipped
from tests.voi.proposed import EFFECT, IDLE, closed_form, data_of, design, drawn, effects, measure, number

DRAWS, SD = 400, 4.0
SIZES = (4, 32, 10_000)
VIEW = views((50_000.0,))[:1]
A, B = effects(DRAWS), normals(DRAWS, 1)
GAIN = np.column_stack([np.zeros(DRAWS), 0.3 + 2.0 * A + 1.0 * B])
SURVEY = design(measure("mean", {"people": EFFECT}, sd=SD), sizes=SIZES)


def worth(gain: Numbers, asked: Design = SURVEY, parameters: pd.DataFrame | None = None) -> StudyValue:
    """Value of a survey of the first parameter, for one choice in one view."""
    data = data_of(asked, drawn(effect=A) if parameters is None else parameters)
    best = [perfect_information(gain)[0]]
    perfect = evppi(gain[None], data.informed.to_numpy(), best)
    return StudyValue(data, (), perfect, tuple(sample_values(gain[None], data, asked.sizes, perfect)))


@cache
def of_the_gain() -> StudyValue:
    return worth(GAIN)


def at(people: int) -> SampleValue:
    return next(each for each in of_the_gain().sizes if each.size == people)


@pytest.mark.parametrize("people", SIZES)
def test_the_gaussian_case_in_closed_form(people: int) -> None:
    """Normal prior, normal data, a linear gain, two choices: the unit normal loss."""
    found, expected = at(people).by_regression[0], closed_form(0.3, 2.0, SD, people)
    assert abs(found.value - expected) < 3.0 * found.se
    assert found.value == pytest.approx(expected, rel=0.25)  # 400 draws, with noise of other parameters


def test_it_rises_with_the_size_to_the_value_of_knowing_for_sure() -> None:
    values = [at(people).by_regression[0].value for people in SIZES]
    assert values == sorted(values)
    assert values[-1] == pytest.approx(of_the_gain().perfectly[0].value, rel=0.02)


@pytest.mark.parametrize("people", SIZES)
def test_moment_matching_agrees(people: int) -> None:
    found = at(people)
    assert abs(found.matched[0] - found.by_regression[0].value) < 3.0 * found.by_regression[0].se
    assert found.matched[0] == pytest.approx(closed_form(0.3, 2.0, SD, people), rel=0.15)


def test_a_parameter_without_effect_is_worth_no_study() -> None:
    idle = design(measure("mean", {"people": IDLE}, sd=1.0), sizes=(100,))
    found = worth(GAIN, idle, drawn(idle=normals(DRAWS, 7))).sizes[0]
    assert found.by_regression[0].value <= 2.0 * found.by_regression[0].se
    assert found.matched[0] <= 2.0 * found.by_regression[0].se


@pytest.mark.parametrize("stream", range(20, 24))
def test_it_is_never_negative_nor_above_knowing_for_sure(stream: int) -> None:
    """With few draws and much noise, too."""
    noisy = np.column_stack([np.zeros(60), 0.05 * A[:60] + normals(60, stream)])
    found = worth(noisy, parameters=drawn(effect=A[:60]))
    for each in found.sizes:
        assert 0.0 <= each.by_regression[0].value <= found.perfectly[0].value
        assert 0.0 <= each.matched[0] <= found.perfectly[0].value * (1.0 + 1e-9)


@pytest.mark.gate
def test_the_worked_case_of_the_guide() -> None:
    """What the page says comes out of the formula, and of draws within their error."""
    told = " ".join(text(DOCS / "guides" / "value-of-a-study.md").split())
    report, perfect = closed_form(0.3, 2.0, SD, 16), closed_form(0.3, 2.0, 0.0, 1)
    assert f"the report is worth {report:.2f} million" in told
    assert f"Perfect knowledge would be worth {perfect:.2f} million" in told
    assert 0.6 < report / perfect < 2.0 / 3.0
    alone = np.column_stack([np.zeros(DRAWS), 0.3 + 2.0 * A])
    found = worth(alone, dataclasses.replace(SURVEY, sizes=(16,))).sizes[0].by_regression[0]
    assert abs(found.value - report) < 3.0 * found.se


# --- net value -------------------------------------------------------------------------------------------------------


def known_case(value_of: dict[int, float], **changed: Parameter) -> pd.DataFrame:
    """The table of a design whose report has a known value at each size, in one view."""
    asked = design(measure("mean", {"people": EFFECT}, sd=SD), sizes=tuple(value_of), **changed)
    perfect = known_for_sure(100e6, 0.0)
    sizes = tuple(
        SampleValue(size, (dataclasses.replace(known_for_sure(value, 1e6), everything=100e6),), (value,))
        for size, value in value_of.items()
    )
    found = StudyValue(data_of(asked, drawn(effect=A[:40])), VIEW, (perfect,), sizes)
    return evsi_table(found, shipped()).set_index("size")


def small_study() -> Study:
    """The shipped study with the policies of which draws are made up."""
    whole = shipped()
    again = dataclasses.replace(whole.policy("cft-rollout"), name="cft-rollout-again")
    names = ("usual-care", "cft-rollout", "cft-rollout-again", "opioid-stewardship")
    policies = tuple(again if name == again.name else whole.policy(name) for name in names)
    return dataclasses.replace(whole, policies=policies)


def test_net_value_and_best_size_in_a_case_worked_by_hand() -> None:
    """Discounted at 5% over 10 years; reports after 3 years and one for each 100 people; money of 2024."""
    costs = {
        "fixed_cost": number("fixed_cost", 1e6, "AUD"),
        "cost_per_participant": number("cost_per_participant", 10_000.0, "AUD"),
        "recruited": number("recruited", 100.0, "people per year"),
    }
    table = known_case({100: 30e6, 200: 60e6, 300: 66e6}, **costs)
    for size, value in ((100, 30e6), (200, 60e6), (300, 66e6)):
        years, force = 3.0 + size / 100.0, np.log(1.05)
        share = (np.exp(-force * years) - np.exp(-force * 10.0)) / (1.0 - np.exp(-force * 10.0))
        cost = (1e6 + 1e4 * size) * (1.0 - np.exp(-force * years)) / force / years
        row = table.loc[size]
        assert row["reports_after"] == years
        assert row["value_in_use"] == pytest.approx(value * share)
        assert row["cost"] == pytest.approx(cost)
        assert row["net"] == pytest.approx(value * share - cost)
        assert row["net_se"] == pytest.approx(1e6 * share)
    assert table.index[table["best"]].tolist() == [200]


def test_where_no_size_is_worth_its_cost_none_is_best() -> None:
    table = known_case({100: 1e3, 200: 2e3}, fixed_cost=number("fixed_cost", 1e6, "AUD"))
    assert not table["best"].any()
    assert (table["net"] < 0.0).all()


def test_a_report_after_the_decision_has_ended_is_worth_nothing() -> None:
    assert in_use(shipped(), 10.0) == in_use(shipped(), 30.0) == 0.0
    assert in_use(shipped(), 0.0) == pytest.approx(1.0)


def test_no_report_is_of_use_beyond_what_the_study_looks_at() -> None:
    short = dataclasses.replace(shipped(), years=3)
    assert end_of_use(short) == 3.0 < end_of_use(shipped())
    assert in_use(short, 0.0) == pytest.approx(1.0)
    assert 0.3 < in_use(short, 2.0) < 1.0 / 3.0  # the last of three years, discounted


def test_costs_are_spread_over_the_time_until_it_reports() -> None:
    asked = design(measure("mean", {"people": EFFECT}, sd=SD), fixed_cost=number("fixed_cost", 300.0, "AUD"))
    years = asked.years(10)
    assert cost_of(asked, shipped(), 10) == pytest.approx(100.0 * annuity(years, 0.05) * 3.0 / years)


def test_a_check_that_fails_is_told() -> None:
    table = known_case({100: 30e6})
    assert (table["doubt"] == "").all()
    found = of_the_gain()
    wrong = dataclasses.replace(found.sizes[0], matched=(9.0,))
    told = evsi_table(dataclasses.replace(found, views=VIEW, sizes=(wrong,)), shipped())
    assert told["doubt"].tolist() == ["moment matching disagrees"]


def test_errors_that_hide_any_difference_do_not_pass_for_agreement() -> None:
    found = of_the_gain()
    vague = dataclasses.replace(found.sizes[0].by_regression[0], value=100.0, se=60.0, everything=1e3)
    perfect = dataclasses.replace(found.perfectly[0], value=110.0, se=60.0)
    for matched, doubt in ((150.0, ""), (201.0, "over 2 times apart"), (49.0, "over 2 times apart")):
        size = dataclasses.replace(found.sizes[0], by_regression=(vague,), matched=(matched,))
        table = evsi_table(dataclasses.replace(found, views=VIEW, perfectly=(perfect,), sizes=(size,)), shipped())
        assert doubt in table["doubt"][0] and bool(table["doubt"][0]) == bool(doubt)


def test_of_what_no_draw_changes_no_error_is_known() -> None:
    never = worth(np.column_stack([np.zeros(DRAWS), 90.0 + A]))
    table = evsi_table(dataclasses.replace(never, views=VIEW), shipped())
    assert (table["value"] == 0.0).all()
    assert table[["se", "perfect_se", "net_se"]].isna().all(axis=None)
    assert (table["doubt"] == "").all()


def test_every_design_is_valued_with_the_structure_that_draws_picked() -> None:
    """Also one that tells no structure apart: here the choice that draws picked takes all that there is to gain."""
    plain, study = made_up(200), small_study()
    none = dataclasses.replace(plain, structured=np.zeros_like(plain.replicates))
    asked = design(measure("mean", {"people": EFFECT}, sd=SD), sizes=(10,))
    assert study_value(plain, study, asked).perfectly[0].value > 0.0
    assert study_value(none, study, asked).perfectly[0].value == 0.0


@pytest.mark.gate
def test_the_table_has_every_view_and_size() -> None:
    study = small_study()
    asked = design(measure("mean", {"people": EFFECT}, sd=SD), sizes=(10, 1000))
    table = evsi_table(study_value(made_up(200), study, asked), study)
    assert list(table.columns) == output_table("evsi").names
    assert len(table) == 2 * 2 * len(study.thresholds)
    mine = table[(table["perspective"] == "health_system") & (table["threshold"] == max(study.thresholds))]
    assert mine["value"].is_monotonic_increasing
    assert (mine["value"] <= mine["perfect"]).all()
    assert (mine["perfect"] <= mine["everything"]).all()


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(InputErrors, match=r"19 draws(.|\n)*20 or more"):
        study_value(made_up(19), small_study(), SURVEY)
