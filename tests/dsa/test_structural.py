"""Structural analysis: every choice is there, the base is the plain run, and what changes is what has to."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lbpsim.cea.net_benefit import View
from lbpsim.cea.paired_differences import ORDER
from lbpsim.dsa.structural import alternatives, leader, structural
from lbpsim.evidence.output_tables import output_table
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.simulation.run import run_study
from lbpsim.simulation.variants import VariantRunner
from lbpsim.simulation.workers import hired
from lbpsim.study.options import OPTIONS
from tests.dsa.small_analysis import little, small, with_own

CHOICES = ("usual-care", "cft", "stewardship")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    with hired(2) as pool:
        return structural(VariantRunner(pool, 2), small(), "cft", CHOICES, little())


def test_every_option_of_the_model_is_there_with_every_choice() -> None:
    found = alternatives(small(), little())
    pairs = {(each.option, each.choice) for each in found}
    assert {(option, choice) for option, (choices, _) in OPTIONS.items() for choice in choices} <= pairs
    assert {("horizon", "1 years"), ("horizon", "2 years"), ("discount_rate", "0% per year")} <= pairs
    assert {("fidelity", "as registered"), ("fidelity", "half"), ("utility_values", "as registered")} <= pairs
    own = [each.option for each in found if each.base]
    assert sorted(own) == sorted({each.option for each in found}), "each option has one base choice"


def test_the_base_is_the_studys_own_choice() -> None:
    """Not the first in the list: a study may take another structure for its base case."""
    study = dataclasses.replace(small(), options={**small().options, "lost_work": "friction"}, discount_rate=0.04)
    own = {each.option: each.choice for each in alternatives(study, little()) if each.base}
    assert (own["lost_work"], own["discount_rate"]) == ("friction", "4% per year")


def test_policies_that_decide_a_choice_themselves_are_named() -> None:
    study = with_own("cft", {"cft.fidelity": 0.7}, {"after_year_three": "sustained"})
    kept = {each.option: each.kept_by for each in alternatives(study, little()) if each.kept_by}
    assert kept == {"after_year_three": ("cft",), "fidelity": ("cft",)}
    assert not [each for each in alternatives(small(), little()) if each.kept_by]


@pytest.mark.gate
def test_base_rows_are_the_plain_run(table: pd.DataFrame) -> None:
    plain = run_study(small(), workers=1).incremental
    mine = plain[(plain["scenario"] == "cft") & plain["discounted"]].set_index("outcome")
    base = table[table["base"]]
    assert len(base) == 4 * table["option"].nunique()
    assert base["qalys"].to_numpy() == pytest.approx(mine.loc["qalys", "difference"], rel=1e-9)
    assert base["qalys_mcse"].to_numpy() == pytest.approx(mine.loc["qalys", "mcse"], rel=1e-9)
    assert base["dalys_averted"].to_numpy() == pytest.approx(-mine.loc["dalys", "difference"], rel=1e-9)
    for perspective in ("health_system", "societal"):
        rows = base[base["perspective"] == perspective]
        assert rows["cost"].to_numpy() == pytest.approx(mine.loc[f"cost_{perspective}", "difference"], rel=1e-9)
    worth = base["threshold"] * base["qalys"] - base["cost"]
    assert base["net_benefit"].to_numpy() == pytest.approx(worth.to_numpy(), rel=1e-9)


def test_nothing_changes_in_the_base(table: pd.DataFrame) -> None:
    base = table[table["base"]]
    assert (base[["change", "change_mcse"]] == 0.0).all().all()
    assert not base["changes"].any() and not base["clear"].any()


def test_without_discounting_figures_are_those_undiscounted(table: pd.DataFrame) -> None:
    plain = run_study(small(), workers=1).incremental
    mine = plain[(plain["scenario"] == "cft") & ~plain["discounted"]].set_index("outcome")["difference"]
    rows = table[table["choice"] == "0% per year"]
    assert rows["qalys"].to_numpy() == pytest.approx(mine["qalys"], rel=1e-6)
    society = rows[rows["perspective"] == "societal"]["cost"]
    assert society.to_numpy() == pytest.approx(mine["cost_societal"], rel=1e-6)


def test_half_the_effect_gains_less_health(table: pd.DataFrame) -> None:
    half, base = (table[(table["option"] == "fidelity") & (table["base"] == own)] for own in (False, True))
    assert (half["qalys"].to_numpy() < base["qalys"].to_numpy()).all()


def test_friction_lets_society_save_less_or_more_but_health_care_the_same(table: pd.DataFrame) -> None:
    work = table[(table["option"] == "lost_work") & (table["choice"] == "friction")].set_index("perspective")
    assert (work.loc["health_system", "change"] == 0.0).all() and (work.loc["societal", "change"] != 0.0).all()


def test_the_best_has_the_highest_net_benefit_and_ties_go_to_the_first() -> None:
    each = np.zeros((3, len(OUTCOMES)))
    better = each.copy()
    better[:, ORDER["qalys"]] = [1.0, 2.0, 3.0]
    name, lead = leader({"usual": each, "mine": better, "twin": better}, View("societal", 10.0))
    assert (name, lead.value) == ("mine", 0.0)
    name, lead = leader({"usual": each, "mine": better}, View("societal", 10.0))
    assert (name, lead.value) == ("mine", 20.0) and lead.mcse > 0.0
    assert leader({"usual": each}, View("societal", 10.0))[1].value == 0.0


def test_columns_are_those_declared(table: pd.DataFrame) -> None:
    assert list(table.columns) == output_table("structural").names
    assert set(table["best"]) <= set(CHOICES)
