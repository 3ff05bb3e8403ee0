from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.differences import discounted
from lbpsim.report.narrative.doubts import Doubt, amount, correlated, largest_doubts, measured, of_inputs, of_readings
from tests.report.narrative.made_up import PLAIN, made, with_draws
from tests.report.synthetic import switched

NAMES = ["cft.fidelity", "cft.uptake", "cft.rmdq_week13", "cft.rmdq_week52"]


def case(results: Results) -> Comparison:
    return Comparison(results, PLAIN)


def moved_by(**strengths: float) -> ProbabilisticResults:
    """Draws in which the gain of a policy follows inputs, by their places among NAMES, as strongly as asked."""
    results = with_draws(made((PLAIN, {"qalys": (1000.0, 10.0)})), {"qalys": (1000.0, 300.0)})
    generator = np.random.default_rng(7)
    change = results.draws.of("qalys")[:, 1]
    inputs = {
        name: strengths.get(f"at{place}", 0.0) * (change - 1000.0) / 300.0 + generator.standard_normal(len(change))
        for place, name in enumerate(NAMES)
    }
    drawn = pd.DataFrame(inputs, index=results.draws.parameters.index)
    return dataclasses.replace(results, draws=dataclasses.replace(results.draws, parameters=drawn))


def with_readings(results: Results) -> Results:
    return dataclasses.replace(results, switches=switched(results))


def test_without_draws_doubts_are_readings_of_the_model_largest_first() -> None:
    doubts = largest_doubts(case(with_readings(made((PLAIN, {"qalys": (1000.0, 1.0)})))))
    assert [doubt.subject for doubt in doubts] == ["CFT half as strong", "Effect lasts"]
    assert doubts[0].sentence == "“A policy” would gain 500 QALYs, where the base case has it gain 1,000 QALYs."
    assert doubts[0].size == 0.5


def test_a_change_within_monte_carlo_error_is_no_doubt() -> None:
    noisy = with_readings(made((PLAIN, {"qalys": (1000.0, 2000.0)})))
    assert list(of_readings(case(noisy))) == []


def test_an_input_is_a_doubt_where_it_goes_with_the_gain() -> None:
    results = moved_by(at0=1.0)
    assert correlated(results.draws.of("qalys")[:, 1], results.draws).tolist() == [True, False, False, False]
    (doubt,) = of_inputs(case(results))
    assert doubt.inputs == ("cft.fidelity",)
    assert "in the fifth in which it is highest, gain 1," in doubt.sentence
    assert "(graded assumption)" in doubt.sentence


def test_inputs_that_are_drawn_together_are_one_doubt() -> None:
    doubts = largest_doubts(case(moved_by(at1=0.5, at2=2.0, at3=2.0)))
    assert [doubt.inputs[0].split("_")[0] for doubt in doubts] == ["cft.rmdq", "cft.uptake"]


def test_a_reading_and_an_input_about_the_same_parameter_are_one_doubt() -> None:
    doubts = largest_doubts(case(with_readings(moved_by(at0=3.0, at1=0.5))))
    assert sum("cft.fidelity" in doubt.inputs for doubt in doubts) == 1
    assert len(doubts) == 2


def test_nothing_stored_is_no_doubt() -> None:
    assert largest_doubts(case(made((PLAIN, {"qalys": (1000.0, 1.0)})))) == ()


def test_doubts_are_told_in_costs_where_these_alone_are_clear() -> None:
    saving = made((PLAIN, {"qalys": (1.0, 50.0), "cost_lost_work": (-1e6, 1e3)}))
    assert measured(case(saving)) == "cost_societal"
    assert measured(case(made((PLAIN, {})))) == "qalys"
    assert amount(discounted(saving, "a-policy", "cost_societal"), "cost_societal").startswith("save AUD 1")
    assert amount(discounted(saving, "a-policy", "qalys"), "qalys") == "make no clear difference in QALYs"


def test_a_doubt_says_what_it_is_about() -> None:
    doubts = largest_doubts(case(with_readings(made((PLAIN, {"qalys": (1000.0, 1.0)})))))
    assert isinstance(doubts[0], Doubt) and doubts[0].inputs == ("cft.fidelity",)
