"""From replications to figures: means, Monte Carlo errors, paired differences, ratios; against brute force."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from lbpsim.outcomes.measures import OUTCOME_INDEX, OUTCOMES, RATIOS, SUMS
from lbpsim.outcomes.periods import FLOWS, linearised_ratio
from lbpsim.outcomes.results import Results, mean_and_error
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.simulation.run import run_study
from tests.pathways.small_country import BUSY, CFT, FREQUENT, USUAL_CARE, study


def by_replication(results: Results, policy: int, outcome: str, discounted: int = 0) -> list[float]:
    """An outcome of each replication for the country, with plain loops."""
    values = []
    for r, scale in enumerate(results.scales):
        names = SUMS[outcome][1] if outcome in SUMS else (outcome,)
        steps = sum(int(results.totals[policy, r, discounted, ..., OUTCOME_INDEX[name]].sum()) for name in names)
        known = sum(float(results.national[policy, discounted, :, OUTCOME_INDEX[name]].sum()) for name in names)
        values.append(steps / FIXED_POINT * float(scale) + known)
    return values


def row(results: Results, table: str, scenario: str, outcome: str, discounted: bool = False) -> tuple[float, float]:
    rows = getattr(results, table)
    mine = rows[(rows["scenario"] == scenario) & (rows["outcome"] == outcome) & (rows["discounted"] == discounted)]
    assert len(mine) == 1
    value = "difference" if table == "incremental" else "value"
    return float(mine.iloc[0][value]), float(mine.iloc[0]["mcse"])


@pytest.mark.parametrize("outcome", ["qalys", "cost_societal", "dalys", "life_years", "cft_courses", "cost_training"])
@pytest.mark.parametrize("discounted", [False, True])
def test_figures_are_means_over_replications_with_their_standard_error(
    eleven: Results, outcome: str, discounted: bool
) -> None:
    values = by_replication(eleven, 1, outcome, int(discounted))
    mean = math.fsum(values) / len(values)
    error = math.sqrt(math.fsum((x - mean) ** 2 for x in values) / (len(values) - 1) / len(values))
    assert row(eleven, "summary", eleven.scenarios[1], outcome, discounted) == pytest.approx(
        (mean, error), rel=1e-7, abs=1e-6
    )


@pytest.mark.parametrize("outcome", ["qalys", "cost_societal", "rmdq_years", "deaths"])
def test_a_difference_has_the_error_of_paired_differences(eleven: Results, outcome: str) -> None:
    each = [by_replication(eleven, policy, outcome, 1) for policy in (0, 1)]
    differences = np.subtract(each[1], each[0])
    expected = differences.mean(), differences.std(ddof=1) / math.sqrt(len(differences))
    assert row(eleven, "incremental", eleven.scenarios[1], outcome, True) == pytest.approx(expected, rel=1e-6)


def test_pairing_makes_differences_far_surer_than_values(eleven: Results) -> None:
    _, alone = row(eleven, "summary", "cft-rollout", "rmdq_years")
    _, paired = row(eleven, "incremental", "cft-rollout", "rmdq_years")
    assert paired < alone / 3.0


def test_one_replication_tells_no_error() -> None:
    assert np.isnan(mean_and_error(np.ones((2, 1, 3)))[1]).all()


def test_a_ratio_is_the_ratio_of_means_with_the_error_of_the_delta_method() -> None:
    """Against the jackknife, which agrees with the delta method to the order of 1 / replications."""
    n = 200
    steps = np.arange(n)
    bottom = 100.0 + 8.0 * np.sin(steps)
    top = 0.4 * bottom + 3.0 * np.cos(2.3 * steps)
    mean, error = mean_and_error(linearised_ratio(top[None], bottom[None]))
    left_out = [(top.sum() - top[i]) / (bottom.sum() - bottom[i]) for i in range(n)]
    jackknife = math.sqrt((n - 1) / n * sum((x - np.mean(left_out)) ** 2 for x in left_out))
    assert mean[0] == pytest.approx(top.sum() / bottom.sum(), rel=1e-12)
    assert error[0] == pytest.approx(jackknife, rel=0.02)


def test_a_ratio_to_nothing_is_not_a_number() -> None:
    assert np.isnan(linearised_ratio(np.ones((1, 3)), np.zeros((1, 3)))).all()


@pytest.mark.parametrize("name", RATIOS)
def test_ratios_are_those_of_their_sums(eleven: Results, name: str) -> None:
    _, top, bottom, unit = RATIOS[name]
    quotient = sum(by_replication(eleven, 1, top)) / sum(by_replication(eleven, 1, bottom))
    value, _ = row(eleven, "summary", eleven.scenarios[1], name)
    assert value == pytest.approx(quotient * (365.25 / 7.0 if unit == "weeks" else 1.0), rel=1e-9)


def test_sums_are_those_of_their_parts(eleven: Results) -> None:
    """TECH-VER, results."""
    values = eleven.summary.set_index(["scenario", "discounted", "outcome"])["value"]
    for name, (_, parts) in SUMS.items():
        for scenario in eleven.scenarios:
            expected = math.fsum(values[scenario, False, part] for part in parts)
            assert values[scenario, False, name] == pytest.approx(expected, rel=1e-12)


def test_tables_have_a_row_for_every_outcome(eleven: Results) -> None:
    stocks = sum(outcome.nature == "stock" for outcome in OUTCOMES.values())
    assert len(eleven.summary) == 11 * (2 * len(OUTCOMES) - stocks)
    assert len(eleven.incremental) == 10 * (2 * len(OUTCOMES) - stocks)
    assert len(eleven.yearly) == 11 * len(eleven.years) * len(OUTCOMES)
    assert set(eleven.per_person["outcome"]) == set(FLOWS)


def test_per_person_is_per_person_in_pain_at_the_start(eleven: Results) -> None:
    country, _ = row(eleven, "summary", "usual-care", "qalys")
    each, _ = row(eleven, "per_person", "usual-care", "qalys")
    assert each == pytest.approx(country / eleven.country_cases)


# --- policies side by side -------------------------------------------------------------------------------------------


def test_equal_policies_give_equal_results_to_the_bit() -> None:
    """TECH-VER, events and states: equal arms."""
    twin = dataclasses.replace(BUSY, name="twin", title="The same again")
    results = run_study(study(BUSY, twin, replications=3, assume=FREQUENT), workers=1)
    assert results.totals[0].tobytes() == results.totals[1].tobytes()
    assert (results.incremental["difference"].dropna() == 0.0).all()
    assert (results.incremental["mcse"].dropna() == 0.0).all()


def test_swapped_policies_give_swapped_results_to_the_bit() -> None:
    """TECH-VER, events and states: swapped inputs; differences change their sign."""
    forth, back = (
        run_study(study(*policies, replications=3, assume=FREQUENT), workers=1)
        for policies in ((USUAL_CARE, CFT), (CFT, USUAL_CARE))
    )
    assert forth.totals[::-1].tobytes() == back.totals.tobytes()
    assert forth.national[::-1].tobytes() == back.national.tobytes()
    there, home = forth.incremental["difference"].to_numpy(), back.incremental["difference"].to_numpy()
    np.testing.assert_array_equal(there, -home)


def test_other_policies_in_the_study_change_nothing() -> None:
    alone = run_study(study(USUAL_CARE, CFT, replications=2), workers=1)
    among = run_study(study(USUAL_CARE, BUSY, CFT, replications=2), workers=1)
    assert alone.totals[1].tobytes() == among.totals[2].tobytes()


# --- directions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "outcome", "sign"),
    [
        *(("cft-rollout", outcome, sign) for outcome, sign in (("qalys", 1), ("dalys", -1), ("rmdq_years", -1))),
        ("cft-rollout", "cost_training", 1),
        ("cft-unlimited", "qalys", 1),
        ("opioids-instead", "opioid_starts", 1),
        ("opioids-instead", "disorders", 1),
        ("opioid-expansion", "opioid_years", 1),
        ("opioid-stewardship", "opioid_years", -1),
        ("surgery-expansion", "surgeries", 1),
        ("surgery-instead", "surgeries", 1),
        ("surgery-restraint", "surgeries", -1),
        ("cft-first", "qalys", 1),
        ("cft-first", "opioid_years", -1),
    ],
)
def test_directions_agree_with_the_evidence(eleven: Results, scenario: str, outcome: str, sign: int) -> None:
    """TECH-VER, results."""
    difference, _ = row(eleven, "incremental", scenario, outcome)
    assert difference * sign > 0.0


def test_no_policy_gains_more_from_cft_than_the_ceiling(eleven: Results) -> None:
    gains = {name: row(eleven, "incremental", name, "rmdq_years")[0] for name in ("cft-rollout", "cft-unlimited")}
    assert gains["cft-unlimited"] < gains["cft-rollout"] < 0.0
