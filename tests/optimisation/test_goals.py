"""Goals: what they reckon is what the tables of a run reckon."""

from __future__ import annotations

import pytest

from lbpsim.cea.dcea import equity_table, health_table
from lbpsim.optimisation.goals import GOALS, goal_of, net_health_of_fifths
from lbpsim.optimisation.plan import Size
from lbpsim.optimisation.sample import Sample
from lbpsim.outcomes.results import Results
from lbpsim.simulation.run import run_study
from lbpsim.simulation.workers import Here
from lbpsim.study import InputErrors
from tests.optimisation.small_search import small_study

STUDY = small_study()
THRESHOLD = min(STUDY.thresholds)


class AtPointEstimates(Sample):
    """The sample whose only draw is the run at the point estimates."""

    def _of_draw(self, draw: int):  # type: ignore[no-untyped-def]
        from lbpsim.simulation.replication import PreparedStudy

        return PreparedStudy(self.study)


@pytest.fixture(scope="module")
def results() -> Results:
    return run_study(STUDY, workers=1)


@pytest.fixture(scope="module")
def figures():  # type: ignore[no-untyped-def]
    return AtPointEstimates(STUDY, Size(draws=2, people=600), Here()).of(STUDY.policies[:2])


def test_net_health_of_the_fifths_is_that_of_the_equity_tables(results: Results, figures) -> None:  # type: ignore[no-untyped-def]
    table = health_table(results, THRESHOLD).query("scenario == 'cft-rollout' and quintile != 'all'")
    usual, policy = figures
    net = net_health_of_fifths(STUDY, policy, usual).mean(axis=(0, 1))
    assert net == pytest.approx(table.sort_values("quintile")["net"].to_numpy(float), rel=1e-6)


def test_equity_weighted_health_is_what_the_averse_would_give(results: Results, figures) -> None:  # type: ignore[no-untyped-def]
    table = equity_table(results, THRESHOLD).query(
        "scenario == 'cft-rollout' and aversion == 'Atkinson' and registered"
    )
    usual, policy = figures
    gain = GOALS["equity-weighted-health"].gain(STUDY, policy, usual).mean()
    assert gain == pytest.approx(float(table["worth"].iloc[0]), rel=1e-3)


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("net-health-benefit", {"qalys": 1.0, "cost_societal": -1.0 / THRESHOLD}),
        ("dalys-averted", {"dalys": -1.0}),
        ("cost", {"cost_societal": -1.0}),
    ],
)
def test_a_goal_is_its_sum_of_outcomes(  # type: ignore[no-untyped-def]
    name: str, weights: dict[str, float], results: Results, figures
) -> None:
    rows = results.incremental.query("scenario == 'cft-rollout' and discounted").set_index("outcome")["difference"]
    usual, policy = figures
    expected = sum(weight * float(rows[outcome]) for outcome, weight in weights.items())
    assert GOALS[name].gain(STUDY, policy, usual).mean() == pytest.approx(expected, rel=1e-6)


def test_a_cost_is_told_as_a_cost() -> None:
    assert (goal_of("cost").told(5.0), goal_of("dalys-averted").told(5.0)) == (-5.0, 5.0)


def test_an_unknown_goal_is_told() -> None:
    with pytest.raises(InputErrors, match="is not a goal"):
        goal_of("happiness")
