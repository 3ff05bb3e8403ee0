"""A policy in two countries: what each step takes, and that nothing else changes."""

from __future__ import annotations

import dataclasses

import pytest

from lbpsim.evidence.country import Country
from lbpsim.evidence.shipped_countries import from_name, reference
from lbpsim.explain.countries_apart import (
    BLOCKS,
    SHOWN,
    UNDISCOUNTED,
    CountriesApart,
    block_of,
    countries_apart,
    mixed,
)
from lbpsim.report.charts import countries
from lbpsim.study import InputErrors, Study
from tests.pathways.small_country import shipped


@pytest.fixture(scope="module")
def asked() -> Study:
    return dataclasses.replace(shipped(), people=400, years=3, replications=4)


@pytest.fixture(scope="module")
def england() -> Country:
    return from_name("england")


@pytest.fixture(scope="module")
def found(asked: Study, england: Country) -> CountriesApart:
    return countries_apart(asked, england, "cft-rollout", workers=1)


def test_regions_of_one_country_are_not_in_another(asked: Study, england: Country) -> None:
    rollout = asked.policy("cft-rollout")
    northern = dataclasses.replace(rollout, cft=dataclasses.replace(rollout.cft, regions=("The North",)))
    with pytest.raises(InputErrors, match="only in The North, which other"):
        countries_apart(dataclasses.replace(asked, policies=(asked.policies[0], northern)), england, "cft-rollout")


def test_the_first_row_is_the_study_in_its_own_country(found: CountriesApart, asked: Study) -> None:
    assert found.labels[0] == "Australia" and found.labels[-1] == "England"
    assert found.steps[0].study == asked.only(["cft-rollout"])
    adults = sum(group.adults(18) for group in reference().population) / 100_000
    for outcome in SHOWN:
        rows = found.steps[0].incremental
        row = rows[(rows["outcome"] == outcome) & (rows["discounted"] == (outcome not in UNDISCOUNTED))].iloc[0]
        mine = found.frame.set_index(["step", "outcome"]).loc[("Australia", outcome)]
        assert mine["difference"] == pytest.approx(row["difference"] / adults, rel=0.01)


def test_changes_add_up_from_one_country_to_the_other(found: CountriesApart) -> None:
    for _, rows in found.frame.groupby("outcome"):
        values = rows["difference"].to_numpy()
        assert values[0] + rows["change"].iloc[1:].sum() == pytest.approx(values[-1])


def test_prices_change_no_health(found: CountriesApart) -> None:
    last = found.frame[found.frame["step"] == "England"].set_index("outcome")
    assert last.loc["qalys", "change"] == last.loc["cft_courses", "change"] == 0.0
    assert last.loc["cost_health_system", "change"] != 0.0


def test_all_money_is_in_the_first_country_s(found: CountriesApart, england: Country) -> None:
    assert set(found.frame["unit"]) == {"QALYs", "DALYs", "events", "AUD"}
    known = found.steps[-1].study.registry
    for each in known.inputs:
        known.prices.refuse_other(each.unit)
    fee = known.parameters["care.consultation_cost"]
    power = england.purchasing_power
    assert power is not None
    assert fee.value == pytest.approx(england.registry.parameters["care.consultation_cost"].value / power.value)


def test_every_input_of_a_country_is_taken_in_one_step(england: Country) -> None:
    whole = mixed(reference(), england, list(BLOCKS))
    for name in reference().registry.of_country:
        theirs = england.registry.parameters.get(name)
        if theirs is not None and theirs.role == "input" and block_of(theirs) != "prices":
            assert whole.registry.parameters[name] == theirs
    assert whole.population == england.population and whole.death == england.death and whole.norms == england.norms


def test_mixtures_are_countries_of_their_own(england: Country) -> None:
    one, other = (mixed(reference(), england, taken) for taken in (["people"], ["people", "care"]))
    assert one != other and one != reference() and other != england


def test_places_follow_the_adults(found: CountriesApart) -> None:
    before, after = (step.study.policies[1].cft.training_places for step in (found.steps[0], found.steps[-1]))
    assert 2.0 < after[2027] / before[2027] < 2.3


def test_the_chart_names_both_countries_and_the_rate(found: CountriesApart) -> None:
    figure = countries.draw(found)
    words = " ".join(text.get_text() for text in figure.texts)
    assert "Australia and England, 2026 to 2028" in words and "for GBP 1, at purchasing power" in words
