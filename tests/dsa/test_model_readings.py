"""The headline under other readings: paired with the run, the same as a run of that reading, and said who makes it."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from lbpsim.dsa.model_readings import BASE, HEADLINE, headline, looked_at, taken, with_switches
from lbpsim.dsa.plan import Scope, shipped
from lbpsim.evidence.output_tables import output_table
from lbpsim.outcomes.results import Results
from lbpsim.simulation.run import run_study
from lbpsim.study import Study
from tests.dsa.small_analysis import small, with_own
from tests.pathways.small_country import CFT, USUAL_CARE

SIX = (BASE, "links_off", "half_fidelity", "gone_at_year_three", "sustained", "published_opioids")


def with_size(people: int, replications: int) -> Scope:
    sized = shipped().switches.model_copy(update={"people": people, "replications": replications})
    return shipped().model_copy(update={"switches": sized})


def switched(study: Study, scope: Scope | None = None) -> pd.DataFrame:
    found = with_switches(run_study(study, workers=1), workers=1, scope=scope).switches
    assert found is not None
    return found.set_index(["switch", "outcome"])


@pytest.fixture(scope="module")
def plain() -> Results:
    return run_study(small(), workers=1)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return switched(small())


def test_six_readings_are_shown_and_the_model_has_every_choice_that_they_make() -> None:
    """The scope refuses a choice that the model does not have, as its own tests show."""
    assert (BASE, *shipped().switches.each) == SIX


def test_every_reading_has_every_figure_of_the_headline_under_the_plainest_offer(table: pd.DataFrame) -> None:
    assert tuple(table.reset_index()) and set(table.reset_index()) == set(output_table("switches").names)
    assert tuple(dict.fromkeys(table.index.get_level_values("switch"))) == (BASE, *shipped().switches.each)
    assert all(tuple(mine["outcome"]) == HEADLINE for _, mine in table.reset_index().groupby("switch"))
    assert set(table["scenario"]) == {CFT.name}


def test_the_base_is_the_headline_of_the_run_itself(table: pd.DataFrame, plain: Results) -> None:
    mine = plain.incremental
    mine = mine[(mine["scenario"] == CFT.name) & mine["discounted"]].set_index("outcome").loc[list(HEADLINE)]
    assert table.loc[BASE, "difference"].to_numpy() == pytest.approx(mine["difference"].to_numpy(), rel=1e-9)
    assert table.loc[BASE, "mcse"].to_numpy() == pytest.approx(mine["mcse"].to_numpy(), rel=1e-9)
    assert not table.loc[BASE, ["change", "change_mcse"]].to_numpy().any()


@pytest.mark.parametrize(
    ("switch", "changes"),
    [
        ("links_off", {"options": {**small().options, "severity_drives_opioids_and_surgery": "off"}}),
        ("half_fidelity", {"assume": {"cft.fidelity": 0.5}}),
        ("gone_at_year_three", {"options": {**small().options, "after_year_three": "gone_at_year_three"}}),
    ],
)
def test_a_reading_is_what_a_run_of_it_comes_to(table: pd.DataFrame, switch: str, changes: dict[str, object]) -> None:
    """All replications of the small study are taken, so nothing but the reading differs from a run of it."""
    whole = run_study(dataclasses.replace(small(), **changes), workers=1).incremental  # type: ignore[arg-type]
    mine = whole[(whole["scenario"] == CFT.name) & whole["discounted"]].set_index("outcome").loc[list(HEADLINE)]
    found = table.loc[switch]
    assert found["difference"].to_numpy() == pytest.approx(mine["difference"].to_numpy(), rel=1e-7, abs=1e-3)
    assert found["mcse"].to_numpy() == pytest.approx(mine["mcse"].to_numpy(), rel=1e-7, abs=1e-3)


def test_of_a_large_run_the_first_replications_are_taken(plain: Results) -> None:
    assert taken(plain, with_size(1, 2)) == 2
    assert taken(plain, with_size(201, 2)) == 3
    assert taken(plain, with_size(10**6, 2)) == plain.replications
    few = switched(small(), with_size(1, 2))
    base, half = few.loc[(BASE, "qalys")], few.loc[("half_fidelity", "qalys")]
    assert half["difference"] == pytest.approx(base["difference"] + half["change"], rel=1e-9)


def test_the_error_counts_what_the_replications_not_taken_add() -> None:
    generator = np.random.default_rng(1)
    errors, found = [], []
    for _ in range(4000):
        base = generator.normal(10.0, 2.0, 20)
        value, error = headline(base, generator.normal(1.0, 0.5, 5) - 0.5 * (base[:5] - 10.0))
        found.append(value)
        errors.append(error)
    assert float(np.mean(found)) == pytest.approx(11.0, abs=0.03)
    assert math.sqrt(float(np.mean(np.square(errors)))) == pytest.approx(float(np.std(found)), rel=0.05)


def test_a_choice_that_is_made_already_is_told_and_changes_nothing() -> None:
    of_study = dataclasses.replace(small(), assume={"cft.fidelity": 0.5})
    told = switched(of_study).loc[("half_fidelity", "qalys")]
    assert (told["note"], told["change"]) == ("made already, by study.yaml", 0.0)
    of_policy = with_own("cft", {}, {"after_year_three": "sustained"})
    told = switched(of_policy).loc[("sustained", "qalys")]
    assert (told["note"], told["change"]) == ("made already, by the policy cft", 0.0)


def test_what_the_policy_sets_itself_gives_way_to_a_reading(table: pd.DataFrame) -> None:
    """Else the row would be another reading than it says."""
    own = switched(with_own("cft", {"cft.fidelity": 0.8}))
    assert own.loc[("half_fidelity", "qalys"), "note"] == ""
    mine, plain = (each.loc[("half_fidelity", "qalys"), "difference"] for each in (own, table))
    assert mine == pytest.approx(plain, rel=1e-9)


def test_a_reading_that_makes_no_sense_with_what_is_assumed_has_no_figure() -> None:
    scope = shipped()
    odd = scope.scenarios["fidelity"].model_copy(update={"choices": {"half": {"quality.utility_at_zero": "0"}}})
    told = switched(small(), scope.model_copy(update={"scenarios": {**scope.scenarios, "fidelity": odd}}))
    row = told.loc[("half_fidelity", "qalys")]
    assert row["note"].startswith("makes no sense here: ")
    assert math.isnan(row["difference"]) and math.isnan(row["change"])


def test_without_an_offer_of_cft_the_first_policy_is_looked_at() -> None:
    study = dataclasses.replace(small(), policies=(small().policies[0], small().policies[2]))
    found = switched(study)
    assert set(found["scenario"]) == {"stewardship"}
    assert not found.loc["half_fidelity", "change"].to_numpy().any()


def test_a_comparator_alone_has_no_headline() -> None:
    alone = dataclasses.replace(small(), policies=(USUAL_CARE,))
    assert looked_at(alone) is None
    assert with_switches(run_study(alone, workers=1), workers=1).switches is None
