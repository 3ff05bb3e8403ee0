"""Samples: every policy of a draw meets the same people, and figures are those of the draws of a run."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.optimisation.plan import Size
from lbpsim.optimisation.sample import ORDER, Sample, by_draw, interval_of, mean_and_error
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.run import run_draws
from lbpsim.simulation.workers import Here
from tests.optimisation.small_search import small_study

SIZE = Size(draws=3, people=120)
STUDY = small_study()


@pytest.fixture(scope="module")
def sample() -> Sample:
    return Sample(STUDY, SIZE, Here())


def test_figures_are_those_of_the_draws_of_a_run(sample: Sample) -> None:
    draws = run_draws(STUDY, DrawRequest(draws=SIZE.draws, people=SIZE.people), workers=1)
    figures = sample.of(STUDY.policies)
    flows = [name for name, outcome in OUTCOMES.items() if outcome.nature == "flow"]
    for place, each in enumerate(figures):
        for name in flows:
            assert by_draw(each.of(name)) == pytest.approx(draws.of(name)[:, place], rel=1e-9, abs=1e-6), name
        paid = draws.paid[:, place, :, : len(STUDY.calendar_years)]
        assert by_draw(each.paid) == pytest.approx(paid, rel=1e-9, abs=1e-3)


def test_a_policy_comes_to_the_same_alone_and_beside_others(sample: Sample) -> None:
    together = sample.of(STUDY.policies)[1]
    alone = sample.of([STUDY.policies[1]])[0]
    assert np.array_equal(together.whole, alone.whole) and np.array_equal(together.paid, alone.paid)


def test_qalys_of_the_fifths_add_up_to_those_of_the_country(sample: Sample) -> None:
    (figures,) = sample.of([STUDY.policies[1]])
    assert figures.qalys.sum(axis=-1) == pytest.approx(figures.of("qalys"), rel=1e-9)


def test_nobody_waits_where_nobody_starts(sample: Sample) -> None:
    (figures,) = sample.of([STUDY.policies[0]])
    assert np.array_equal(figures.by_year("cft_wait_mean"), np.zeros((3, 2, 5)))
    assert ORDER["qalys"] >= 0


def test_errors_are_of_the_mean_over_draws() -> None:
    each = np.array([[1.0, 3.0], [3.0, 5.0], [5.0, 7.0]])
    mean, error = mean_and_error(each)
    assert (mean, error) == (pytest.approx(4.0), pytest.approx(2.0 / np.sqrt(3.0)))
    assert np.isnan(interval_of(each).low)  # so few draws leave no interval
