"""What is asked of the draws, before anything is simulated."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.psa import draw_request as module
from lbpsim.psa.draw_request import DrawRequest, draw_request, usual_people
from lbpsim.study import InputErrors, Study


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"draws": -1}, "draws"),
        ({"draws": 0, "precision": 0.02}, "no probabilities to be right"),
        ({"draws": 0, "people": 200}, "no draws in which to simulate people"),
        ({"draws": 10**9}, "draws"),
        ({"precision": 0.0}, "precision"),
        ({"precision": float("nan")}, "precision"),
        ({"draws": 5, "people": 0}, "draw_people"),
        ({"draws": 2.5}, "2.5 is not a whole number"),
        ({"draws": "3"}, "'3' is not a whole number"),
        ({"draws": True}, "True is not a whole number"),
        ({"precision": "2%"}, "'2%' is not a precision"),
        ({"people": 200}, "no draws in which to simulate people"),
    ],
)
def test_senseless_numbers_are_refused(asked: dict[str, Any], named: str) -> None:
    with pytest.raises(InputErrors, match=named):
        DrawRequest(**asked)


def test_a_run_draws_though_nobody_asked(small: Study) -> None:
    """A hundred draws, each of a part of the people: large studies take longer, and small ones are quick."""
    assert draw_request(small).terms == (200, module.DEFAULT_PRECISION, False, usual_people(small))
    sizes = {people: usual_people(replace(small, people=people)) for people in (60, 1000, 2000, 140_000, 700_000)}
    assert sizes == {60: 60, 1000: 1000, 2000: 1000, 140_000: 2000, 700_000: 10_000}
    assert draw_request(small, people=7).terms[3] == 7


def test_a_run_without_draws_is_asked_for_or_is_one_of_the_reference_engine(small: Study) -> None:
    assert not draw_request(small, 0).anything
    assert not draw_request(small, engine="simpy").anything
    assert draw_request(small, 3, engine="simpy").terms[0] == 3
    assert draw_request(small, precision=0.1).terms == (10_000, 0.1, True, None)


def test_draws_that_nobody_asked_for_are_made_from_python_too(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "USUAL_DRAWS", 2)
    results = small.run(people=30)
    assert isinstance(results, ProbabilisticResults)
    assert (len(results.draws.numbers), results.draws.plan.people) == (2, 30)


SLOW = ("pandas", "matplotlib", "pyarrow", "scipy.stats", "sklearn")


def test_nothing_slow_is_imported_before_the_first_lives() -> None:
    """What is needed only afterwards is imported only then."""
    asked = f"import sys, lbpsim.cli.simulating, lbpsim.commands.run; print(*sys.modules.keys() & set({SLOW}))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ""
