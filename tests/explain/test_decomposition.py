"""A policy taken apart: variants are simulated once, and parts and interaction add up to the whole."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from lbpsim.explain.attribution import CONTRIBUTION, INTERACTION, LOST, WHOLE, Attribution, attribution, clear
from lbpsim.explain.binding_constraints import ALL
from lbpsim.explain.decomposition import (
    COMPARATOR,
    COUNTING,
    POLICY,
    DecompositionPlan,
    NothingToDecomposeError,
    decompose,
    plan_decomposition,
)
from lbpsim.explain.per_replication import by_payer, by_year, over_horizon
from lbpsim.explain.policy_components import same_changes
from lbpsim.outcomes.periods import FLOWS
from lbpsim.outcomes.results import Results
from lbpsim.study import InputErrors, Policy, Study, load

SHIPPED = load(Path(__file__).parents[2] / "scenarios")
SMALL = SHIPPED.with_changes(people=600, replications=4, years=4)


@pytest.fixture(scope="module")
def plan() -> DecompositionPlan:
    return plan_decomposition(SMALL, "cft-first")


@pytest.fixture(scope="module")
def results(plan: DecompositionPlan) -> Results:
    return decompose(plan, workers=1)


@pytest.fixture(scope="module")
def why(plan: DecompositionPlan, results: Results) -> Attribution:
    return attribution(plan, results)


def test_variants_are_simulated_once() -> None:
    plan = plan_decomposition(SHIPPED, "cft-rollout")
    policies = plan.study.policies
    assert policies[COMPARATOR] == SHIPPED.policies[0]
    assert policies[POLICY] == SHIPPED.policy("cft-rollout")
    assert not any(same_changes(one, other) for n, one in enumerate(policies) for other in policies[:n])
    # comparator, whole, three parts alone and the whole without each, six relaxed, all relaxed, who is eligible
    assert len(policies) == 2 + 2 * 3 + 6 + 1 + 1
    assert len({policy.name for policy in policies}) == len(policies)


def test_what_cannot_be_taken_apart() -> None:
    with pytest.raises(NothingToDecomposeError, match="it is the comparator"):
        plan_decomposition(SHIPPED, "usual-care")
    idle = dataclasses.replace(SHIPPED, policies=(SHIPPED.policies[0], Policy("idle", "Idle")))
    with pytest.raises(NothingToDecomposeError, match="changes nothing"):
        plan_decomposition(idle, "idle")


def test_assumptions_that_make_sense_only_together_are_one_part() -> None:
    moved = Policy("moved", "Moved", assume={"surgery.flat_until": 5.0, "surgery.late_from": 6.0})
    plan = plan_decomposition(dataclasses.replace(SHIPPED, policies=(SHIPPED.policies[0], moved)), "moved")
    assert [part.label for part in plan.levels["change"]] == ["its assumptions together"]


def test_assumptions_that_make_no_sense_at_all_are_refused() -> None:
    wrong = Policy("wrong", "Wrong", assume={"surgery.flat_until": 9.0, "surgery.late_from": 6.0})
    study: Study = dataclasses.replace(SHIPPED, policies=(SHIPPED.policies[0], wrong))
    with pytest.raises(InputErrors, match=r"surgery\.flat_until"):
        plan_decomposition(study, "wrong")


def test_parts_and_interaction_add_up_to_the_whole(why: Attribution) -> None:
    """TECH-VER, results: parts sum to totals."""
    rows = why.contributions[why.contributions["measure"] == CONTRIBUTION]
    keys = ["level", "outcome", "discounted"]
    whole = rows[rows["part"] == WHOLE].set_index(keys)["value"]
    parts = rows[rows["part"] != WHOLE].groupby(keys)["value"].sum()
    assert len(whole) == 2 * 2 * len(FLOWS)
    assert (whole != 0.0).sum() > len(whole) / 3
    np.testing.assert_allclose(parts[whole.index], whole, rtol=1e-6, atol=1e-2)  # of sums of 1e10


def test_parts_and_interaction_add_up_in_the_simulated_counts(plan: DecompositionPlan, results: Results) -> None:
    """As counted, in whole numbers, nothing is left over."""
    blocks = plan.levels["change"]
    whole = results.totals[POLICY] - results.totals[COMPARATOR]
    parts = [results.totals[plan.of_changes[part.keys]] - results.totals[COMPARATOR] for part in blocks]
    interaction = whole - sum(parts)
    assert np.array_equal(sum(parts) + interaction, whole)
    assert any(part.any() for part in parts)


def test_years_add_up_to_the_horizon(why: Attribution) -> None:
    keys = ["level", "part", "measure", "outcome"]
    whole = why.contributions[~why.contributions["discounted"]].set_index(keys)["value"]
    years = why.by_year.groupby(keys)["value"].sum()
    np.testing.assert_allclose(years[whole.index], whole, rtol=1e-6, atol=1e-2)  # of sums of 1e10


def test_payers_add_up_to_societal_cost(why: Attribution) -> None:
    keys = ["level", "part", "measure", "discounted"]
    cost = why.contributions[why.contributions["outcome"] == "cost_societal"].set_index(keys)["value"]
    paid = why.by_payer.groupby(keys)["value"].sum()
    np.testing.assert_allclose(paid[cost.index], cost, rtol=1e-6, atol=1.0)


def test_what_is_lost_without_a_part_is_the_whole_less_the_rest(
    plan: DecompositionPlan, results: Results, why: Attribution
) -> None:
    part = plan.levels["pathway"][0]
    rest = next(
        place for place, policy in enumerate(plan.study.policies) if not policy.cft.offered.times and place > POLICY
        and policy.opioids == plan.policy.opioids and policy.surgery == plan.policy.surgery
    )  # fmt: skip
    summary = results.summary[results.summary["discounted"] & (results.summary["outcome"] == "qalys")]
    values = summary.set_index("scenario")["value"]
    names = results.scenarios
    rows = why.contributions[(why.contributions["part"] == part.key) & (why.contributions["measure"] == LOST)]
    found = rows[(rows["outcome"] == "qalys") & rows["discounted"]]["value"].iloc[0]
    assert found == pytest.approx(values[names[POLICY]] - values[names[rest]], rel=1e-6)


def test_the_whole_is_what_the_results_say(results: Results, why: Attribution) -> None:
    rows = results.incremental[results.incremental["scenario"] == "cft-first"].set_index(["outcome", "discounted"])
    mine = why.contributions[(why.contributions["part"] == WHOLE) & (why.contributions["level"] == "change")]
    for row in mine.itertuples():
        expected = rows.loc[(row.outcome, row.discounted)]
        assert row.value == pytest.approx(expected["difference"], rel=1e-6, abs=1e-3)
        assert row.mcse == pytest.approx(expected["mcse"], rel=1e-4, abs=1e-3)


def test_one_change_has_no_interaction() -> None:
    plan = plan_decomposition(SMALL.with_changes(people=60, years=2, replications=2), "surgery-restraint")
    why = attribution(plan, decompose(plan, workers=1))
    rows = why.contributions
    assert (rows[rows["part"] == INTERACTION]["value"] == 0.0).all()
    assert why.held_back.empty
    assert why.reached.empty
    assert why.lead is None


def test_what_is_relaxed_is_compared_with_the_policy(
    plan: DecompositionPlan, results: Results, why: Attribution
) -> None:
    horizon = over_horizon(results)[:, :, 1, FLOWS.index("qalys")].mean(axis=1)
    rows = why.held_back[(why.held_back["outcome"] == "qalys") & why.held_back["discounted"]]
    for row in rows.itertuples():
        assert row.value == pytest.approx(horizon[plan.without[row.relaxation]] - horizon[POLICY], abs=1e-6)
    assert set(rows["relaxation"]) == {each.name for each in plan.relaxations} | {ALL}
    assert why.lead is not None
    gains = rows[rows["relaxation"] != ALL].set_index("relaxation")["value"]
    assert why.lead.first == gains.idxmax()
    assert why.lead.difference == pytest.approx(gains.nlargest(2).iloc[0] - gains.nlargest(2).iloc[1])


def test_the_offer_reaches_fewer_at_each_step(plan: DecompositionPlan, results: Results, why: Attribution) -> None:
    numbers = why.reached.set_index("step")["value"]
    assert numbers.iloc[0] == results.country_cases
    consultations, eligible, offered, people, accepting, joined = numbers.iloc[2:8]
    assert consultations > eligible > offered > joined > 0.0
    assert offered > people > accepting > 0.0
    turned_away, left, given_up, waiting, courses = numbers.iloc[8:13]
    assert joined == pytest.approx(turned_away + left + given_up + waiting + courses)
    assert why.reached["value"].isna().sum() == 1
    assert set(why.reached[why.reached["value"].isna()]["counted"]) == {"not counted"}
    run = results.summary[~results.summary["discounted"]].set_index(["scenario", "outcome"])["value"]
    counted = plan.study.policies[plan.without[COUNTING]].name
    assert eligible == pytest.approx(run[counted, "cft_offers"])
    assert run[counted, "cft_joined"] == 0.0


def test_clear_effects() -> None:
    assert clear(-5.0, 2.0)
    assert not clear(0.0, 0.0)
    assert not clear(5.0, float("nan"))


def test_replicates_agree_with_the_results(results: Results) -> None:
    horizon, yearly, (paid, columns) = over_horizon(results), by_year(results), by_payer(results)
    assert yearly.sum(axis=2) == pytest.approx(horizon[:, :, 0], rel=1e-9)
    assert paid.sum(axis=-1) == pytest.approx(horizon[..., FLOWS.index("cost_societal")], rel=1e-9)
    assert len(columns) == paid.shape[-1]
