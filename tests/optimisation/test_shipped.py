"""The shipped rollout within a budget: what is found keeps it in a full run, and beats every policy that keeps it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lbpsim.cea.budget_impact import budget_impact
from lbpsim.cea.net_benefit import View, benefit
from lbpsim.optimisation.hunt import optimise
from lbpsim.optimisation.optimum import WITHIN_ERROR, Optimum
from lbpsim.optimisation.plan import Size, shipped
from lbpsim.optimisation.question import question
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.run import run_draws
from lbpsim.report.narrative.finding import view_of
from lbpsim.simulation.run import run_study
from tests.pathways import small_country

pytestmark = pytest.mark.slow
BUDGET, PAYER = 12e6, "government"
SIZE = Size(draws=60, people=2000)
SMALL = {"trial": Size(draws=8, people=1600), "check": SIZE, "report": SIZE, "population": 3, "generations": 3}


@pytest.fixture(scope="module")
def best() -> Optimum:
    plan = shipped().model_copy(update={**SMALL, "nearby": 8, "nearby_again": 4, "rounds": 1, "frontier": (0.5,)})
    within = (f"budget.{PAYER}: AUD 12 million per year", "physiotherapists: 600")
    study = small_country.shipped()
    return optimise(question(study, "net-health-benefit", within, policy="cft-rollout", plan=plan))


@pytest.fixture(scope="module")
def run(best: Optimum) -> ProbabilisticResults:
    """A run of the study with the policy found beside its own, at full size, with other draws than the search had."""
    study = best.question.study
    with_it = dataclasses.replace(study, policies=(*study.policies, best.policy), people=60_000, seed=study.seed + 1)
    draws = run_draws(with_it, DrawRequest(draws=100, people=2000))
    return ProbabilisticResults.join(run_study(with_it), draws)


def test_the_budget_holds_in_a_full_run(run: ProbabilisticResults) -> None:
    """In every year, on average over draws, beyond the error of that average."""
    place, payer = len(run.scenarios) - 1, run.draws.payers.index(PAYER)
    years = len(run.years)
    extra = (run.draws.paid[:, place] - run.draws.paid[:, 0])[:, payer, :years]
    error = extra.std(axis=0, ddof=1) / np.sqrt(len(extra))
    assert (extra.mean(axis=0) <= BUDGET + WITHIN_ERROR * error).all()
    rows = budget_impact(run).query("scenario == 'optimum' and payer == @PAYER")
    assert (rows[rows["period"].str.isdecimal()]["mean"] <= BUDGET + WITHIN_ERROR * error).all()


def test_it_beats_every_policy_of_the_study_that_keeps_the_limits(best: Optimum, run: ProbabilisticResults) -> None:
    worth = benefit(run.draws.values, view_of(run))
    for own in best.own:
        if own.kept:
            lead = worth[:, -1] - worth[:, run.scenarios.index(own.name)]
            assert lead.mean() > -WITHIN_ERROR * lead.std(ddof=1) / np.sqrt(len(lead)), own.name


def test_a_price_is_the_finite_difference_of_full_runs(best: Optimum) -> None:
    """Both policies run with draws that no part of the search has seen: the same within the errors of both."""
    assert best.prices
    for price in best.prices:
        more = best.question.space.policy(price.values, "more")
        study = dataclasses.replace(best.question.study, policies=(best.question.study.policies[0], best.policy, more))
        draws = run_draws(dataclasses.replace(study, seed=study.seed + 2), DrawRequest(draws=100, people=2000))
        view = View(study.perspective, min(study.thresholds))
        worth = benefit(draws.values, view) / view.threshold
        gained = worth[:, 2] - worth[:, 1]
        error = float(np.hypot(gained.std(ddof=1) / np.sqrt(len(gained)), price.error))
        assert abs(gained.mean() - price.gain) < 3.0 * error, price.limit.name


def test_smaller_budgets_bring_no_more(best: Optimum) -> None:
    for point in best.frontier:
        lead, error = best.score.over(point.score)
        assert lead > -WITHIN_ERROR * error
