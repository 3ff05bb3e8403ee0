from __future__ import annotations

import pytest

from lbpsim.report.narrative.cost_per_qaly import both, cost_per_qaly
from tests.report.narrative.made_up import PLAIN, made, with_draws


@pytest.mark.parametrize(
    ("qalys", "money", "words"),
    [
        ((1000.0, 10.0), (5e6, 1e5), "5,000"),
        ((1000.0, 10.0), (-5e6, 1e5), "dominates"),
        ((-1000.0, 10.0), (5e6, 1e5), "dominated"),
        ((-1000.0, 10.0), (-5e6, 1e5), "5,000 saved for a QALY lost"),
        ((1000.0, 10.0), (-1e5, 1e6), "cost not clear"),
        ((1000.0, 10.0), (1e5, 1e6), "100"),
        ((1000.0, 800.0), (5e6, 1e5), "QALYs not clear"),
        ((1000.0, 10.0), (1e5, 1e5), "100"),
    ],
)
def test_the_ratio_of_means_in_words(qalys: tuple[float, float], money: tuple[float, float], words: str) -> None:
    results = made((PLAIN, {"qalys": qalys, "cost_lost_work": money}))
    assert cost_per_qaly(results, PLAIN.name, "societal") == words


def test_the_probabilistic_ratio_stands_beside_that_at_central_inputs() -> None:
    results = made((PLAIN, {"qalys": (1000.0, 10.0), "cost_lost_work": (5e6, 1e5)}))
    drawn = with_draws(results, {"qalys": (500.0, 50.0), "cost_societal": (5e6, 1e5)})
    assert both(drawn, PLAIN.name, "societal") == ("10,000", "5,000")
    assert both(results, PLAIN.name, "societal") == ("", "5,000")
