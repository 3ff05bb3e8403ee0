"""Threshold analysis: prices agree with the formula, and where nothing changes it says so."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lbpsim.cea.net_benefit import View
from lbpsim.dsa.plan import Search
from lbpsim.dsa.threshold_analysis import (
    Probe,
    asked,
    base_of,
    changed,
    decisions,
    in_words,
    looks,
    replaced,
    thresholds,
)
from lbpsim.evidence.output_tables import output_table
from lbpsim.simulation.variants import Variant, VariantRunner
from lbpsim.simulation.workers import hired
from lbpsim.study import InputErrors
from tests.dsa.small_analysis import little, small, with_own

PAIR = ("usual-care", "cft")
ALL = (*PAIR, "stewardship")
SEARCHES = little().searches
WIDE = SEARCHES["price"].model_copy(update={"high": 40.0})


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    searches = {"price": WIDE, "strength_of_effect": SEARCHES["strength_of_effect"]}
    with hired(2) as pool:
        return thresholds(VariantRunner(pool, 2), small(), "cft", ALL, little(), searches)


def test_there_is_a_row_for_every_decision_and_view(table: pd.DataFrame) -> None:
    assert list(table.columns) == output_table("thresholds").names
    found = table.drop_duplicates(["search", "decision", "perspective", "threshold"])
    assert len(found) == 2 * 2 * 4
    assert (table["changes"] == (table["number"] > 0)).all()


def test_the_price_by_simulation_is_that_by_formula(table: pd.DataFrame) -> None:
    """Costs rise in proportion to fees, so a line between two looks meets the price of equal worth."""
    mine = table[(table["search"] == "price") & (table["decision"] == "cft or usual-care")]
    turned = mine[mine["changes"]]
    assert not turned.empty, "pick a wider range"
    assert turned["price"].to_numpy() == pytest.approx(turned["price_limit"].to_numpy(), rel=1e-6)
    assert (turned["before"] == "cft").all() and (turned["after"] == "usual-care").all()
    assert (turned["mcse"] > 0.0).all()


def test_where_nothing_changes_the_row_says_of_which_range(table: pd.DataFrame) -> None:
    still = table[~table["changes"]]
    assert still["value"].isna().all() and (still["before"] == still["after"]).all()
    assert set(table["range_text"]) == {"0 to 40", "0 to 1"}


def test_a_course_free_of_charge_is_worth_more_by_its_fees() -> None:
    with hired(1) as pool:
        probe = Probe(VariantRunner(pool, 1), small(), "price", WIDE, _base(VariantRunner(pool, 1)))
        view = View("societal", 50_000.0)
        free, once, twice = (probe.apart(ratio, view, "cft", "usual-care").value for ratio in (0.0, 1.0, 2.0))
    assert free - once == pytest.approx(once - twice, rel=1e-6) and free > once


def _base(runner: VariantRunner) -> dict[str, np.ndarray]:
    return runner.one(Variant("base case", small(), ALL))


def test_policies_that_feel_nothing_are_taken_from_the_base_case() -> None:
    with hired(1) as pool:
        runner = VariantRunner(pool, 1)
        base = _base(runner)
        probe = Probe(runner, small(), "strength", SEARCHES["strength_of_effect"], base)
        assert probe.touched == ("cft",)
        everybody = runner.one(Variant("half", changed(small(), probe.search, 0.5), ALL))
        found = probe.at(0.5)
    for name, each in everybody.items():
        assert np.array_equal(found[name], each, equal_nan=True)


@pytest.mark.parametrize("search", [Search(title="", sets="work.exit_rate", low=0.1, high=0.2), None])
def test_others_are_simulated_for_all(search: Search | None) -> None:
    linked = Search(title="", sets="cft.uptake", options={"lost_work": "friction"}, low=0.1, high=0.2)
    with hired(1) as pool:
        assert Probe(VariantRunner(pool), small(), "", search or linked, dict.fromkeys(ALL, np.empty(0))).touched == ALL


def test_training_scales_places_and_those_trained_at_the_start() -> None:
    twice = changed(small(), SEARCHES["physiotherapists"], 2.0).policy("cft").cft
    once = small().policy("cft").cft
    assert twice.trained_at_start == 2.0 * once.trained_at_start
    assert twice.training_places == {year: 2.0 * number for year, number in once.training_places.items()}


def test_effects_are_scaled_and_durations_set_with_their_option() -> None:
    scaled = changed(small(), SEARCHES["effect_at_year_three"], 0.5)
    assert scaled.assume["cft.rmdq_year3"] == 0.5 * small().values(small().policies[0])["cft.rmdq_year3"]
    lasting = changed(small(), SEARCHES["years_of_effect"], 6.0)
    assert lasting.assume["cft.gone_by"] == 6.0
    assert lasting.options["after_year_three"] == "gone_by_year_five"


def test_the_base_value_is_none_where_the_base_case_has_another_structure() -> None:
    lasting = SEARCHES["years_of_effect"]
    assert math.isnan(base_of(small(), lasting, "cft"))
    own = replace(small(), options={**small().options, **lasting.options})
    assert base_of(own, lasting, "cft") == 5.0
    assert {base_of(small(), SEARCHES[name], "cft") for name in ("price", "physiotherapists")} == {1.0}


def test_a_search_takes_the_place_of_what_a_policy_sets_itself() -> None:
    """Else nothing would change over its range, without a word."""
    study = with_own("cft", {"cft.fidelity": 0.5, "cft.session_cost": 100.0}, {"after_year_three": "sustained"})
    strong = changed(study, SEARCHES["strength_of_effect"], 0.9)
    assert strong.values(strong.policy("cft"))["cft.fidelity"] == 0.9
    lasting = changed(study, SEARCHES["years_of_effect"], 6.0).policy("cft")
    assert lasting.options == {"after_year_three": "gone_by_year_five"}
    dear, registered = changed(study, SEARCHES["price"], 2.0), study.values(study.policies[0])
    assert dear.values(dear.policy("cft"))["cft.session_cost"] == 200.0
    for name, where in (("cft.first_session_cost", dear.policy("cft")), ("cft.session_cost", dear.policies[0])):
        assert dear.values(where)[name] == 2.0 * registered[name]
    assert base_of(study, SEARCHES["strength_of_effect"], "cft") == 0.5
    assert math.isnan(base_of(study, SEARCHES["years_of_effect"], "cft"))


def test_policies_whose_own_values_give_way_are_named() -> None:
    search = SEARCHES["strength_of_effect"]
    (words,) = replaced(with_own("cft", {"cft.fidelity": 0.5}), search)
    assert words == "The search takes the place of what is set in the file of cft."
    assert not list(replaced(small(), search))


def test_a_study_of_two_policies_has_one_decision() -> None:
    assert list(decisions(small(), "cft", PAIR)) == ["cft or usual-care"]
    assert list(decisions(small(), "cft", ALL).values()) == [PAIR, ALL]


def test_looks_are_even_over_the_range() -> None:
    assert looks(WIDE, little()) == [0.0, 20.0, 40.0]


def test_any_registered_parameter_can_be_switched() -> None:
    found = asked(small(), ["cft.uptake", "work.exit_rate=0.01 per year:0.2 per year", "cft.fidelity=0:2"])
    assert (found["cft.uptake"].low, found["cft.uptake"].high) == (0.398, 0.786)
    assert (found["work.exit_rate"].low, found["work.exit_rate"].high) == (0.01, 0.2)
    assert in_words(found["cft.uptake"], 0.5123) == "51.2%" and found["cft.fidelity"].options == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cft.uptak", "Did you mean `cft.uptake`"),
        ("cft.latent_bend", "Give a range"),
        ("cft.uptake=1:0", "lower end first"),
        ("cft.uptake=0.5", "is not a range"),
        ("cft.uptake=10%:900%", "out of range"),
        ("restore.cft_rmdq_week13", "No input of the model"),
    ],
)
def test_what_cannot_be_switched_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputErrors) as caught:
        asked(small(), [text])
    assert words in " ".join(str(caught.value).split())
